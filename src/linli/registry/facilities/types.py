"""Plain values about facilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PLANNED, IN_USE, DAMAGED, REPAIRED, REMOVED = "planned", "in_use", "damaged", "repaired", "removed"
STATUSES: Final = (PLANNED, IN_USE, DAMAGED, REPAIRED, REMOVED)
NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    PLANNED: (IN_USE, REMOVED),
    IN_USE: (DAMAGED, REMOVED),
    DAMAGED: (REPAIRED, REMOVED),
    REPAIRED: (IN_USE, DAMAGED, REMOVED),
    REMOVED: (),
}
"""The life of a component: registered, in use, damaged, repaired, struck off (domain/community.md 2.6)."""

OWNER, UPKEEP, COMPETENT = "owner", "upkeep", "competent"
DUTIES: Final = (OWNER, UPKEEP, COMPETENT)
"""The three units that are responsible for a facility; its ownership is confirmed when all three are."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of facility: ``code`` is class and kind together; ``component`` for the five classes of city components."""

    code: str
    label: str
    group: str
    component: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How many facilities of a place have their ownership confirmed. A place without facilities has no share, neither 0 nor 100 %."""

    place: str
    confirmed: int
    total: int
    path: str = ""

    @property
    def percent(self) -> str:
        """One decimal, halves up (domain/community.md 0.4); "\u2014" where there is nothing."""
        if not self.total:
            return "\u2014"
        tenths = (self.confirmed * 2000 + self.total) // (self.total * 2)
        return f"{tenths // 10}.{tenths % 10}"
