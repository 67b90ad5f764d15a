"""Pure parts of casefile: codes that go out with a case."""

from linli.cases.casefile.engine.codes import query_code, verify_code, verify_codes
from linli.cases.casefile.engine.printing import qr_svg

__all__ = ["qr_svg", "query_code", "verify_code", "verify_codes"]
