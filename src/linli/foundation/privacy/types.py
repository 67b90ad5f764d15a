"""What a list says of itself so that it can be exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from linli.foundation.types import Actor, Level
from linli.ui.types import Text

Row: TypeAlias = tuple[UUID | None, Mapping[str, str]]
"""The person a row is about, where it is about one, and column -> value in full."""
Filters: TypeAlias = Mapping[str, str]
HIDDEN = "***"


def hidden(value: str) -> str:
    """Of a value whose very presence says something, nothing is shown."""
    return HIDDEN if value else ""


@dataclass(frozen=True, slots=True)
class Column:
    """``level``: community.md §13.2. ``mask``: how the value looks in a masked export; only what everybody here may read has none."""

    code: str
    title: Text
    level: Level
    mask: Callable[[str], str] | None = None

    def __post_init__(self) -> None:
        if self.level >= Level.SPECIAL:
            raise ValueError(f"{self.code}: what is level 5 is never exported")
        if self.level >= Level.PERSONAL and self.mask is None:
            raise ValueError(f"{self.code}: a column of level 3 or 4 says how it is masked")


@dataclass(frozen=True, slots=True)
class Exportable:
    """A list. ``count`` and ``rows`` answer under the actor's own rights; ``filters`` always holds "region", a path in the actor's sight.

    ``permission``: who may see the list on its page. ``choices``: further filters, code -> (label, [(value, label)]).
    """

    title: Text
    permission: str
    columns: tuple[Column, ...]
    count: Callable[[Actor, Filters], int]
    rows: Callable[[Actor, Filters], Iterator[Row]]
    choices: Callable[[], dict[str, tuple[Text, list[tuple[str, Text]]]]] = dict


@dataclass(frozen=True, slots=True)
class Held:
    """One value that the city has of a person, as she reads it in her copy: whose word it is and the day it is of, where that is known."""

    what: str
    value: str
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A part of what the city has of somebody. ``lines`` is asked under the rights of the person herself: a copy holds what she may see, no more."""

    title: Text
    lines: Callable[[Actor, UUID], Iterator[Held]]


@dataclass(frozen=True, slots=True)
class Correctable:
    """A value that a resident may ask to have corrected here.

    ``check``: raises `Invalid` beside "value" for what cannot be. ``now``: what stands, masked. ``apply`` (actor, person, value, reason): it stands from now
    on, as the resident's word. ``choices``: of a value that is a code; the resident says it in her own words, whoever decides chooses.
    """

    title: Text
    check: Callable[[str], object]
    now: Callable[[Actor, UUID], str]
    apply: Callable[[Actor, UUID, str, str], object]
    choices: Callable[[], list[tuple[str, str]]] = list


@dataclass(frozen=True, slots=True)
class Eraser:
    """What can be erased at somebody's wish. ``kept``: why it cannot be erased of this person today, or "". ``erase``: how many values went; again 0.

    Both are called inside the decision, under a job's rights. Whether it may be erased at all says the pack (`models.Rule`).
    """

    kept: Callable[[UUID], str]
    erase: Callable[[UUID], int]


@dataclass(frozen=True, slots=True)
class Keeping:
    """A kind of record that ends. ``event``: from when its days count. ``does``: what becomes of it.

    ``due`` (before, most): how many had their event before that moment, counting to ``most``. ``sweep`` (before, limit): end at most so many; how many.
    A record that was swept is not due any more. Both are called under a job's rights, inside a portion's transaction.
    """

    title: Text
    event: Text
    does: Text
    due: Callable[[datetime, int], int]
    sweep: Callable[[datetime, int], int]
