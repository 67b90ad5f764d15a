"""The guide text of a matter (a small part of Markdown) as blocks that a template draws; nothing of it is ever trusted as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list or a table (its first row is the head)."""

    kind: Literal["heading", "paragraph", "list", "table"]
    lines: list[SafeString] = field(default_factory=list)
    rows: list[list[SafeString]] = field(default_factory=list)


def _inline(text: str) -> SafeString:
    """Bold is the only mark inside a line; the text is escaped first."""
    return mark_safe(_BOLD.sub(r"<strong>\1</strong>", escape(text.strip())))  # noqa: S308 - escaped before the one tag we add


def _table(lines: list[str]) -> Block:
    rows = [[_inline(cell) for cell in line.strip().strip("|").split("|")] for line in lines if not re.fullmatch(r"[\s|:-]+", line)]
    return Block("table", rows=rows)


def blocks(text: str) -> list[Block]:
    """Blocks between empty lines. The first heading repeats the matter's name and is left out."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line for line in part.splitlines() if line.strip()]
        if not lines:
            continue
        if lines[0].startswith("# "):
            lines = lines[1:]
        if not lines:
            continue
        if lines[0].startswith("#"):
            found.append(Block("heading", [_inline(lines[0].lstrip("#"))]))
            lines = lines[1:]
        if not lines:
            continue
        if all(line.lstrip().startswith("|") for line in lines):
            found.append(_table(lines))
        elif all(line.lstrip().startswith(("- ", "* ")) for line in lines):
            found.append(Block("list", [_inline(line.lstrip()[2:]) for line in lines]))
        else:
            found.append(Block("paragraph", [_inline(line) for line in lines]))
    return found
