"""Loading matters from packs, judging whether they are complete, and asking a decision table who may have what."""

from __future__ import annotations

from .completeness import Gap, check_complete
from .eligibility import EligibilityError, Reason, Verdict, check_table, evaluate
from .loader import PackError, load_matter, read_yaml

__all__ = [
    "EligibilityError",
    "Gap",
    "PackError",
    "Reason",
    "Verdict",
    "check_complete",
    "check_table",
    "evaluate",
    "load_matter",
    "read_yaml",
]
