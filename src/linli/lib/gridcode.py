"""Codes of grids (15 digits) and micro-grids (18 digits): the platform's convention of services.md 1.4.

A grid is its community's twelve digits and a serial of three, whose first digit says what it is: 0 a basic grid, 8 a special one (a market, a park,
a campus), 9 a micro-grid. Only a 9 may be followed by three more digits, the micro-grid's own serial. National rules for grid codes
(CJ/T 349, GB/T 30428.1) differ, so a code is a number on paper only: rows are tied together by the region's id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.lib.divisions import GridKind, community_kind
from linli.lib.errors import Invalid
from linli.lib.width import half_width

_FORM = re.compile(r"[1-9][0-9]{14}(?:[0-9]{3})?")
_KINDS = {"0": GridKind.BASIC, "8": GridKind.SPECIAL, "9": GridKind.MICRO}
_DIGITS = {kind: digit for digit, kind in _KINDS.items()}
COMMUNITY, GRID, MICRO = 12, 15, 18
"""Digits of a community, a grid and a micro-grid."""


@dataclass(frozen=True, slots=True)
class GridCode:
    """A grid's code taken apart. ``serial`` is 1 to 99; ``micro`` 1 to 999, or None for a code of fifteen digits."""

    community: str
    kind: GridKind
    serial: int
    micro: int | None = None

    def __str__(self) -> str:
        return f"{self.community}{_DIGITS[self.kind]}{self.serial:02d}" + ("" if self.micro is None else f"{self.micro:03d}")

    @property
    def parent(self) -> str:
        """The fifteen digits above a micro-grid; the community above a grid."""
        return self.community if self.micro is None else str(self)[:GRID]

    def holds(self, other: GridCode) -> bool:
        """Whether ``other`` is this grid or a micro-grid of it."""
        return str(other).startswith(str(self))


def parse_grid(text: str, *, field: str | None = "grid_code") -> GridCode:
    """`Invalid` GRID_FORMAT (not 15 or 18 digits), GRID_COMMUNITY (no community), GRID_KIND (unknown first digit of the serial, or three more digits
    behind a grid that has no micro-grids), GRID_SERIAL (a serial of zeros: that is the area above, written longer)."""
    code = half_width(text).strip()
    if not _FORM.fullmatch(code):
        raise Invalid(
            "GRID_FORMAT", "A grid code has 15 digits, that of a micro-grid 18.", field=field, hint="Copy it from the list of grids."
        )
    community, digit = code[:COMMUNITY], code[COMMUNITY]
    if code[6:9] == "000" or community_kind(community) is None:
        raise Invalid(
            "GRID_COMMUNITY",
            "The first twelve digits are no community.",
            field=field,
            hint="A grid lies in a community or village; begin with its code.",
        )
    kind = _KINDS.get(digit)
    if kind is None or (len(code) == MICRO and kind is not GridKind.MICRO):
        raise Invalid(
            "GRID_KIND",
            "The thirteenth digit of a grid code is 0, 8 or 9; 18 digits need a 9.",
            field=field,
            hint="0 is a basic grid, 8 a special one, 9 a micro-grid.",
        )
    serial, micro = int(code[COMMUNITY + 1 : GRID]), int(code[GRID:]) if len(code) == MICRO else None
    if serial == 0 or micro == 0:
        raise Invalid("GRID_SERIAL", "The serial of a grid begins at 1.", field=field, hint="Zeros stand for the area above it.")
    return GridCode(community, kind, serial, micro)


def micro_grid(grid: str, number: int) -> str:
    """The 18 digits of the ``number``-th micro-grid (1 to 999) of a grid of kind 9; ValueError beyond."""
    parsed = parse_grid(grid)
    if parsed.kind is not GridKind.MICRO or parsed.micro is not None or not 1 <= number <= 999:
        raise ValueError(f"{grid} has no micro-grid {number}")
    return str(GridCode(parsed.community, parsed.kind, parsed.serial, number))
