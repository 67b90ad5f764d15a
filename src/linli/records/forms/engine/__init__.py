"""The engine of declarative forms: what other apps call.

`load_form` a definition, `bind` it to what came in, ask the `BoundForm` for `errors`, `clean()`, `claims()`, `draft()`; `render_form` it,
`plain` a stored answer set, `diff` two versions. `CODE_TABLES` takes further code tables.
"""

from __future__ import annotations

from .binding import bind
from .bound import BoundField, BoundForm, BoundRow, BoundSection, FormErrors
from .codes import CODE_TABLES, Code
from .diff import diff
from .fitting import fit
from .loading import load_form
from .plain import plain
from .rendering import render_form
from .steps import REVIEW, step_keys, steps, turn
from .uploads import check_upload, upload_fields

__all__ = [
    "CODE_TABLES",
    "REVIEW",
    "BoundField",
    "BoundForm",
    "BoundRow",
    "BoundSection",
    "Code",
    "FormErrors",
    "bind",
    "check_upload",
    "diff",
    "fit",
    "load_form",
    "plain",
    "render_form",
    "step_keys",
    "steps",
    "turn",
    "upload_fields",
]
