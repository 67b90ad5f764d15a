"""Writes happen in `actions`: nowhere else does code change a row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.source import SRC, is_test, product, room, short, told, tree

ALLOWED_ROOMS = {"actions"}
EXCEPTIONS = {
    "foundation/access/management/commands/grants.py": "runs as the owner after migrate: grants and policies",
    "foundation/audit/models.py": "AuditedModel.save and .delete, which record what an action changes",
    "foundation/scope/models/writes.py": "how a row is saved (PlainWrites) and many are inserted; calling `insert_rows` is a write",
    "foundation/scope/models/protection.py": "composes policies; runs nothing",
    "channels/desk/management/policies.py": "makes the program's policies on a temporary table, reads them back and rolls back",
    "registry/imports/engine/fetching.py": "asks another office's database, in a transaction that can only read",
    "registry/matching/engine/stores.py": "asks tables in DuckDB's own memory, which no row of ours lies in",
    "config/events.py": "LISTEN on the one connection of the events process",
}
ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "executemany", "acreate", "aupdate", "adelete", "asave"}
ROWS = re.compile(r"\.(objects|_base_manager|_default_manager|filter|exclude|all|select_for_update|using)\b")
READING = re.compile(r"\s*(SELECT|SHOW|EXPLAIN)\b", re.I)


def test_rows_are_written_in_actions_only() -> None:
    wrong = []
    for path in product():
        name = str(path.relative_to(SRC / "linli"))
        if is_test(path) or room(path) in ALLOWED_ROOMS or name in EXCEPTIONS:
            continue
        wrong += [f"{short(path)}:{line} {call}" for line, call in writes(path)]
    assert not wrong, told(wrong, "Move the write into the app's actions (an @action), and call that; reads by SQL begin with SELECT.")


def test_the_exceptions_still_exist() -> None:
    gone = [name for name in EXCEPTIONS if not (SRC / "linli" / name).exists()]
    assert not gone, told(gone, "Take it off the list of exceptions.")


def writes(path: Path) -> list[tuple[int, str]]:
    """Calls that write, as (line, source)."""
    found = []
    constants = {
        target.id: node.value
        for node in tree(path).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "insert_rows":
            found.append((node.lineno, node.func.id))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node, node.func, constants):
            found.append((node.lineno, ast.unparse(node.func)[-60:]))
    return found


def _writes(call: ast.Call, target: ast.Attribute, constants: dict[str, ast.expr]) -> bool:
    method, on = target.attr, ast.unparse(target.value)
    if method in ALWAYS:
        return True
    if method == "save":
        return not call.args  # with a file to write to it is a picture or a workbook; rows are saved by keyword
    if method == "execute":
        first = call.args[0] if call.args else ast.Constant("")
        if isinstance(first, ast.Name):
            first = constants.get(first.id, first)
        return not READING.match(_text(first))
    if method in {"create", "update", "delete"}:
        return bool(ROWS.search(f".{on}")) or (method == "delete" and not call.args and "session" not in on)
    return False


def _text(node: ast.expr) -> str:
    """The beginning of a string that is written down here: plain, formatted, or put together by +."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr) and node.values:
        return _text(node.values[0])
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    return ""
