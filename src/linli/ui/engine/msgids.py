"""Which English sentences the product shows: collected from Python and templates, held against a catalogue. Touches no database.

Python is read as a syntax tree, because a refusal's message and hint are msgids without a gettext call around them
(`Invalid("CODE", "message", hint="what to do")`): the page that shows it translates.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

GETTEXT = {"gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 0, "ngettext_lazy": 0, "_": 0, "fault": 1}
REFUSALS = {"LinliError", "Invalid", "NotFound", "Refused", "Conflict", "TooMany", "Unavailable"}
SKIPPED = {"tests", "migrations"}
_WORD = re.compile(r"[A-Za-z]")
_LITERAL = r"""u?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_CALL = re.compile(rf"\b(?:n?p?gettext|_)\(\s*(?P<one>{_LITERAL})(?:\s*,\s*(?P<many>{_LITERAL}))?")

Found = tuple[str | tuple[str, str], str, int]  # msgid (with plural), file, line


def python_msgids(path: Path) -> Iterator[tuple[str | tuple[str, str], int]]:
    """Msgids of one module: gettext calls, and messages and hints of refusals, written there or in a constant of the module."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        position = GETTEXT.get(name, 1 if name in REFUSALS or name == "require" else None)
        if position is None:
            continue
        if name.startswith("ngettext") and len(node.args) > 1:
            one, many = _text(node.args[0]), _text(node.args[1])
            if one and many:
                yield (one, many), node.lineno
            continue
        candidates = [node.args[position]] if len(node.args) > position else []
        if name in REFUSALS or name == "require":
            candidates += [k.value for k in node.keywords if k.arg in ("message", "hint")]
        for candidate in candidates:
            text = _text(constants.get(candidate.id, candidate) if isinstance(candidate, ast.Name) else candidate)
            if text and _WORD.search(text):
                yield text, node.lineno


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def template_msgids(path: Path) -> Iterator[tuple[str | tuple[str, str], int]]:
    """Msgids of one template: `translate`, `blocktranslate` and `_()`; Django rewrites them as gettext calls in a text that is no Python."""
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in _CALL.finditer(source):
        texts = [ast.literal_eval(part) for part in (match["one"], match["many"]) if part]
        line = source.count("\n", 0, match.start()) + 1
        if texts and _WORD.search(texts[0]):
            yield (texts[0] if len(texts) == 1 else (texts[0], texts[1])), line


def msgids(root: Path) -> list[Found]:
    """Everything under ``src/`` that a person may read."""
    found: list[Found] = []
    for path in sorted((root / "src").rglob("*")):
        if SKIPPED & set(path.parts):
            continue
        read = (
            python_msgids
            if path.suffix == ".py"
            else template_msgids
            if path.suffix in (".html", ".txt") and "templates" in path.parts
            else None
        )
        if read is not None:
            found += [(message, str(path.relative_to(root)), line) for message, line in read(path)]
    return found


def load(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="zh_Hans", domain="django", charset="utf-8", project="Linli", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def missing(catalogue: Catalog, found: list[Found]) -> list[Found]:
    """Messages without a translation, or with one marked fuzzy."""
    out: dict[str, Found] = {}
    for message, place, line in found:
        key = message[0] if isinstance(message, tuple) else message
        entry = catalogue.get(key)
        if entry is None or entry.fuzzy or not (all(entry.string) if isinstance(entry.string, tuple) else entry.string):
            out.setdefault(key, (message, place, line))
    return list(out.values())


def update(path: Path, found: list[Found]) -> tuple[int, int]:
    """Bring a catalogue up to date: new msgids come in empty, unused ones go. Returns (added, removed)."""
    old, new = load(path), Catalog(locale="zh_Hans", domain="django", charset="utf-8", project="Linli", fuzzy=False)
    for message, _place, _ in found:
        key = message[0] if isinstance(message, tuple) else message
        known = old.get(key)
        string: Any = known.string if known is not None else ""
        if isinstance(message, tuple) and not isinstance(string, tuple):
            string = (string,) if string else ("",)
        flags = [f for f in (known.flags if known is not None else ()) if f != "fuzzy"]
        new.add(message, string, flags=flags)
    before, after = {m.id for m in old if m.id}, {m.id for m in new if m.id}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, sort_output=True, omit_header=False, width=0, no_location=True)
    return len(after - before), len(before - after)
