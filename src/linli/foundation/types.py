"""Who acts, and how far: plain values shared by every floor above. No database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from uuid import UUID

PATH_END = "~"  # sorts after every character a region path may hold, under COLLATE "C"


class Level(IntEnum):
    """Sensitivity of a row or field (domain/community.md §13.2)."""

    PUBLIC = 1
    INTERNAL = 2
    PERSONAL = 3
    SENSITIVE = 4
    SPECIAL = 5


class ActorKind(StrEnum):
    ANONYMOUS = "anonymous"
    CITIZEN = "citizen"
    TRACKER = "tracker"  # somebody who opened one case by number and query code
    STAFF = "staff"
    PARTNER = "partner"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class RegionRange:
    """Everything below one region: ``lo <= path < hi``; narrowed to department lines when ``lines`` is not empty."""

    lo: str
    hi: str
    lines: tuple[str, ...] = ()
    level: Level = Level.SENSITIVE

    @classmethod
    def below(cls, path: str, *, lines: Iterable[str] = (), level: Level = Level.SENSITIVE) -> RegionRange:
        return cls(path, path + PATH_END, tuple(sorted(lines)), level)

    def holds(self, path: str, line: str = "", level: int = Level.PUBLIC) -> bool:
        return self.lo <= path < self.hi and (not self.lines or line in self.lines) and level <= self.level


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. ``ranges`` are at most four (one a post); more is refused, never cut off silently."""

    kind: ActorKind
    user_id: UUID | None = None
    label: str = ""
    ranges: tuple[RegionRange, ...] = ()
    party_id: UUID | None = None
    mandators: tuple[UUID, ...] = ()  # people who gave this citizen a mandate
    case_id: UUID | None = None
    unit_ids: tuple[UUID, ...] = ()
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    assurance: int = 0
    address: str = ""  # network address, for the trail
    request_id: str = ""

    def __post_init__(self) -> None:
        if len(self.ranges) > 4:
            raise ValueError("an actor has at most four region ranges")

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def sees(self, path: str, line: str = "", level: int = Level.PUBLIC) -> bool:
        return any(r.holds(path, line, level) for r in self.ranges)

    @property
    def account(self) -> UUID:
        """The account that acts; a job or a visitor has none, and asking for it is a mistake in our code."""
        if self.user_id is None:
            raise ValueError(f"{self.kind} acts without an account")
        return self.user_id

    @property
    def parties(self) -> tuple[UUID, ...]:
        """Oneself and those one acts for."""
        return ((self.party_id,) if self.party_id else ()) + self.mandators

    def but(self, **changes: object) -> Actor:
        return replace(self, **changes)  # type: ignore[arg-type]


ANONYMOUS = Actor(ActorKind.ANONYMOUS)


def system_actor(
    job: str, *, below: str = "0", lines: Iterable[str] = (), permissions: Iterable[str] = (), level: Level = Level.SENSITIVE
) -> Actor:
    """An actor for a background job. The range is explicit: ``below`` a region path, "0" being the whole city."""
    hi = PATH_END if below == "0" else below + PATH_END
    return Actor(
        ActorKind.SYSTEM,
        label=job,
        ranges=(RegionRange(below, hi, tuple(lines), level),),
        permissions=frozenset(permissions) | {"system"},
    )
