"""Why two records may be one person, in words: what was compared, what was found, what speaks against linking them silently."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from linli.lib.uuid7 import uuid7_ms

WHY: dict[str, Any] = {
    "": gettext_lazy("Much agrees, but not enough to link the row without asking."),
    "two_numbers": gettext_lazy("Two different identity numbers: twins, or one person registered twice."),
    "shared_number": gettext_lazy("One identity number, but the name, the birth date or the sex differs: two people may share it."),
    "other_name": gettext_lazy("The names differ, and no identity number says that it is one person."),
    "too_little": gettext_lazy("There is little to compare."),
}
COMPARISONS: dict[str, Any] = {
    "name": gettext_lazy("Full name"),
    "rarity": gettext_lazy("How rare the name is"),
    "birth": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "id_number": gettext_lazy("ID number"),
    "phone": gettext_lazy("Telephone number"),
    "address": gettext_lazy("Address"),
}

LEVELS: dict[str, Any] = {
    "equal": gettext_lazy("the same"),
    "reordered": gettext_lazy("surname and given name swapped"),
    "homophone": gettext_lazy("sounds the same"),
    "alike": gettext_lazy("looks alike"),
    "shortened": gettext_lazy("shortened"),
    "typo": gettext_lazy("a slip of the pen"),
    "one_character": gettext_lazy("one character differs"),
    "surname": gettext_lazy("only the surname agrees"),
    "transposed": gettext_lazy("month and day swapped"),
    "one_digit": gettext_lazy("one digit differs"),
    "same_year": gettext_lazy("only the year agrees"),
    "conflict": gettext_lazy("two different valid numbers"),
    "same_home": gettext_lazy("the same home"),
    "same_house": gettext_lazy("the same building"),
    "same_place": gettext_lazy("the same road or estate"),
    "different": gettext_lazy("differs"),
}


def bars(parts: Sequence[tuple[str, str, float]]) -> list[tuple[str, str, float, int]]:
    """The waterfall: what was compared, what was found, its weight in bits, and the length of its bar."""
    longest = max((abs(weight) for _, _, weight in parts), default=1.0) or 1.0
    return [
        (str(COMPARISONS.get(name, name)), str(LEVELS.get(level, level)), weight, round(abs(weight) / longest * 100))
        for name, level, weight in parts
    ]


ROWS: dict[str, Any] = {
    "sources.Entry": gettext_lazy("What an office said"),
    "sources.Claim": gettext_lazy("A difference to check"),
    "sources.Fact": gettext_lazy("A benefit or fact"),
    "sources.Correction": gettext_lazy("A correction note"),
    "households.Membership": gettext_lazy("Belonging to a household"),
    "households.Occupancy": gettext_lazy("A tie to a home"),
    "accounts.User": gettext_lazy("The account"),
    "accounts.Mandate": gettext_lazy("A mandate"),
    "files.StoredFile": gettext_lazy("A file"),
    "messages.Message": gettext_lazy("A message"),
    "casefile.Case": gettext_lazy("A case"),
    "casefile.Draft": gettext_lazy("A form begun"),
    "supervision.Clock": gettext_lazy("A time limit"),
    "supervision.Suspension": gettext_lazy("A suspension"),
    "imports.Doubt": gettext_lazy("A doubtful row"),
    "people.Identity": gettext_lazy("A document"),
    "people.KeyGroup": gettext_lazy("Belonging to a group"),
    "people.DeathReport": gettext_lazy("A report of a death"),
    "people.LifeEvent": gettext_lazy("Something that happened"),
    "people.Reminder": gettext_lazy("A reminder"),
    "bodies.BodyRole": gettext_lazy("A part in an organisation"),
    "collection.Visit": gettext_lazy("A visit"),
    "collection.Held": gettext_lazy("Something noted at the door"),
}


def row_words(label: str, key: str = "") -> str:
    """What a row is that changed hands ("app.Model.column"), with when it was written."""
    words = str(ROWS.get(label.rpartition(".")[0], label))
    if not key:
        return words
    written = datetime.fromtimestamp(uuid7_ms(UUID(key)) / 1000, UTC).astimezone(timezone.get_current_timezone())
    return f"{words}, {written:%Y-%m-%d %H:%M}"
