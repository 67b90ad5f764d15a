"""Number plates of vehicles (GA 36, services.md 1.6): ordinary, new energy, diplomatic and emergency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from linli.lib.errors import Invalid
from linli.lib.tables import csv_rows, json_table
from linli.lib.width import half_width


class PlateKind(StrEnum):
    """Kind of plate; the electric kinds matter for charging and parking rules."""

    ORDINARY = "ordinary"
    ELECTRIC = "electric"
    HYBRID = "hybrid"
    EMBASSY = "embassy"
    CONSULATE = "consulate"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Plate:
    """A valid plate; `number` has no separator."""

    number: str
    kind: PlateKind


_SEPARATORS = re.compile("[\\s.\u00b7\u2022\u2027\u30fb-]+")
_ELECTRIC_LETTERS = "DABCE"


def parse_plate(text: str, *, field: str | None = "plate") -> Plate:
    """Check and read a plate; `Invalid` PLATE_FORMAT."""
    number = _SEPARATORS.sub("", half_width(text)).upper()
    for pattern, kind in _patterns():
        if match := pattern.fullmatch(number):
            if kind is PlateKind.ELECTRIC and match["energy"] not in _ELECTRIC_LETTERS:
                return Plate(number, PlateKind.HYBRID)
            return Plate(number, kind)
    raise Invalid(
        "PLATE_FORMAT",
        "This is not a number plate.",
        field=field,
        hint="Type the province character, a letter and five characters (six on green plates).",
    )


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], PlateKind], ...]:
    """Forms of plates; the provinces and the characters that end special plates are data."""
    words = json_table("plates")
    office = f"[{''.join(row['plate'] for row in csv_rows('provinces'))}][A-HJ-NP-Z]"
    place = office[: office.index("]") + 1]
    serial = "[A-HJ-NP-Z0-9]"
    forms = (
        (f"{office}{serial}{{4}}[A-HJ-NP-Z0-9{words['tails']}]", PlateKind.ORDINARY),
        (f"{office}(?P<energy>[A-HJK]){serial}[0-9]{{4}}", PlateKind.ELECTRIC),
        (f"{office}[0-9]{{5}}(?P<energy>[A-HJK])", PlateKind.ELECTRIC),
        (f"[0-9]{{6}}{words['embassy']}|{words['embassy']}[0-9]{{6}}", PlateKind.EMBASSY),
        (f"{office}[0-9]{{4}}{words['consulate']}", PlateKind.CONSULATE),
        # X fire and rescue, S forest fire service.
        (f"{place}[XS]{serial}[0-9]{{3}}{words['emergency']}", PlateKind.EMERGENCY),
    )
    return tuple((re.compile(form), kind) for form, kind in forms)
