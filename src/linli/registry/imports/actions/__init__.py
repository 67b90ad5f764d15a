"""Writes: a file is brought, checked, loaded, taken back; doubtful rows are decided."""

from linli.registry.imports.actions.batches import broke_off, drop, order_load, order_undo, resume, upload
from linli.registry.imports.actions.checking import check_on
from linli.registry.imports.actions.consequences import follow_on
from linli.registry.imports.actions.doubts import decide_doubt
from linli.registry.imports.actions.loading import load_on
from linli.registry.imports.actions.turns import fail
from linli.registry.imports.actions.undoing import undo_on

__all__ = [
    "broke_off",
    "check_on",
    "decide_doubt",
    "drop",
    "fail",
    "follow_on",
    "load_on",
    "order_load",
    "order_undo",
    "resume",
    "undo_on",
    "upload",
]
