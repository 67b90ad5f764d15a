"""Loading matters from packs, judging whether they are complete, and asking a decision table who may have what."""

from __future__ import annotations

from linli.foundation.rules.engine import EligibilityError, Reason, Verdict, check_table, evaluate, value_labels

from .completeness import Gap, check_complete
from .difference import Difference, differences
from .drafting import PARTS, DraftError, blank_spec, checked_spec, merged, parse_yaml, part_values, stamp, to_yaml
from .loader import PackError, load_matter, read_yaml
from .packing import folder_name, from_zip, to_files, to_zip

__all__ = [
    "PARTS",
    "Difference",
    "DraftError",
    "EligibilityError",
    "Gap",
    "PackError",
    "Reason",
    "Verdict",
    "blank_spec",
    "check_complete",
    "check_table",
    "checked_spec",
    "differences",
    "evaluate",
    "folder_name",
    "from_zip",
    "load_matter",
    "merged",
    "parse_yaml",
    "part_values",
    "read_yaml",
    "stamp",
    "to_files",
    "to_yaml",
    "to_zip",
    "value_labels",
]
