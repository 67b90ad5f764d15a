"""Pure parts of casefile: codes that go out with a case, papers as PDF."""
from linli.cases.casefile.engine.codes import query_code, verify_code
from linli.cases.casefile.engine.printing import qr_svg, to_pdf

__all__ = ["qr_svg", "query_code", "to_pdf", "verify_code"]
