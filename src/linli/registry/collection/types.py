"""Plain values of visits and of what is noted at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from linli.ui.types import Text

DOOR = ("phone", "live_address", "residence_status", "marital", "education", "employment")
"""What may be corrected at the door. Who somebody is, is corrected with the office that keeps it."""

CONFIRMED = ("phone", "live_address")
"""What a visit confirms where the worker says so: checked on the spot, self-collected values win here (community.md 15.5)."""

VERIFY = "verify"
"""Cycle of visits another mechanism asked for."""

RESULTS: Mapping[str, Text] = {
    "done": gettext_lazy("Visited"),
    "nobody": gettext_lazy("Nobody home"),
    "refused": gettext_lazy("Visit refused"),
}
"""How a visit may end."""

REASONS: Mapping[str, Text] = {
    "": "",
    "claim": gettext_lazy("Somebody says otherwise: check on the spot"),
    "outweighed": gettext_lazy("What we collected gave way to another office's word: check on the spot"),
    "nobody": gettext_lazy("Nobody was home last time"),
}
"""Why a visit is due apart from its cycle."""

HELD: Mapping[str, Text] = {
    "value": gettext_lazy("A value that changed meanwhile"),
    "person": gettext_lazy("Somebody who may be in the register already"),
    "gone": gettext_lazy("Somebody who is no longer in the register here"),
}
"""Why something noted at the door waits."""

PHOTO_BYTES = 2 * 1024 * 1024
NOTE_LENGTH = 500
PACKAGE_HOURS = 72
"""How long a phone may hold the visits of a day."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where the phone was: CGCS2000 degrees, accuracy in metres."""

    longitude: float
    latitude: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Report:
    """How a visit ended. ``at``: the time the worker noted it. ``confirmed``: (person, attribute, version the phone showed)."""

    result: str
    at: datetime
    note: str = ""
    photo: bytes = b""
    position: Position | None = None
    confirmed: tuple[tuple[UUID, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody met at a home and not in the register. ``place``: the home, or somebody who lives where the newcomer lives."""

    place: UUID
    name: str
    id_number: str = ""
    birth_date: str = ""
    sex: str = ""
    phone: str = ""

    def as_dict(self) -> dict[str, str]:
        return {
            "place": str(self.place),
            "name": self.name,
            "id_number": self.id_number,
            "birth_date": self.birth_date,
            "sex": self.sex,
            "phone": self.phone,
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """One attribute as a phone shows it: masked, with the version that a correction names."""

    attribute: str
    label: str
    value: str
    version: str


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who lives at a place, as the worker sees her."""

    id: UUID
    name: str
    age: int | None
    values: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """One visit that is due, as the worker sees it."""

    id: UUID
    person_id: UUID
    name: str
    cycle: str
    reason: str
    due_on: date
    late: bool
    days_late: int


@dataclass(frozen=True, slots=True)
class Place:
    """A home (or somebody without one) with its visits and its people. ``building`` and ``order`` put neighbours beside each other."""

    key: UUID
    address: str
    building: str
    order: tuple[Any, ...]
    at: tuple[float, float] | None
    visits: tuple[Due, ...]
    residents: tuple[Resident, ...]

    @property
    def late(self) -> bool:
        return any(visit.late for visit in self.visits)
