"""Codes of city components: county, class, kind, serial - 6 + 2 + 2 + 6 digits (CJ/T 214; community.md 2.6). A city may divide them otherwise.

A code is a number on paper only: rows are tied together by their keys, and a code is never given again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.lib.errors import Invalid
from linli.lib.width import half_width


@dataclass(frozen=True, slots=True)
class Layout:
    """How many digits each part has."""

    county: int = 6
    group: int = 2
    kind: int = 2
    serial: int = 6

    @property
    def length(self) -> int:
        return self.county + self.group + self.kind + self.serial

    @property
    def last(self) -> int:
        """The highest serial."""
        return int(10**self.serial) - 1


NATIONAL = Layout()


@dataclass(frozen=True, slots=True)
class ComponentCode:
    """A code taken apart; ``serial`` from 1."""

    county: str
    group: str
    kind: str
    serial: int

    def text(self, layout: Layout = NATIONAL) -> str:
        return f"{self.county}{self.group}{self.kind}{self.serial:0{layout.serial}d}"


def component_code(county: str, group: str, kind: str, serial: int, layout: Layout = NATIONAL) -> str:
    """A code of its parts; ValueError when one does not fit its place."""
    code = ComponentCode(county, group, kind, serial).text(layout)
    fits = (len(county), len(group), len(kind)) == (layout.county, layout.group, layout.kind)
    if not fits or not 1 <= serial <= layout.last or not re.fullmatch("[0-9]+", code):
        raise ValueError(f"no component code from {county!r}, {group!r}, {kind!r} and {serial}")
    return code


def parse_component(text: str, layout: Layout = NATIONAL, *, field: str | None = "code") -> ComponentCode:
    """Take a code apart; `Invalid` COMPONENT_FORMAT (not as many digits as the layout has) or COMPONENT_SERIAL (a serial of zeros)."""
    code = half_width(text).strip()
    if not re.fullmatch(rf"[0-9]{{{layout.length}}}", code):
        raise Invalid("COMPONENT_FORMAT", "A component code has %(digits)s digits.", field=field, data={"digits": layout.length})
    ends = (layout.county, layout.county + layout.group, layout.length - layout.serial)
    serial = int(code[ends[2] :])
    if not serial:
        raise Invalid("COMPONENT_SERIAL", "The serial of a component begins with 1.", field=field, hint="Copy the code from the plate.")
    return ComponentCode(code[: ends[0]], code[ends[0] : ends[1]], code[ends[1] : ends[2]], serial)
