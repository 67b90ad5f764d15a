"""Two rows of the register that are one person: who has something to do when they become one, or two again.

`people.actions.merging` calls these inside its transaction, under a job's rights. ``stayed`` is the person the row of ``gone`` leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from linli.lib.registry import Registry
from linli.ui.types import Text

Moved: TypeAlias = Mapping[str, Sequence[str]]
"""Column ("files.StoredFile.party_id") -> keys of the rows that changed hands."""

Told: TypeAlias = Callable[[UUID, UUID, str], None]
"""(stayed, gone, region path of the one that stayed); of a split: (stayed, given back, region path of the one given back)."""

MERGES: Registry[Told] = Registry("told of merged people")
SPLITS: Registry[Told] = Registry("told of split people")

STAYS, GOES = "stays", "goes"
"""Answers to a `Question`: as it is with the one who stays, or with the one who goes."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to say before two people become one: whose word counts. ``stays`` and ``goes`` tell both answers in words."""

    key: str
    text: Text
    stays: str
    goes: str


@dataclass(frozen=True, slots=True)
class Handover:
    """Rows go ``from_`` one person ``to`` another, who lives at ``path``; ``choices``: the answers to the questions."""

    from_: UUID
    to: UUID
    path: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follower:
    """What one app keeps about people by their key.

    ``columns``: "app_label.Model.field" of every model that has the key of a person in it.
    ``follow``: gives the rows of the one who goes to the one who stays and says which.
    ``give_back``: those rows return (the handover names both the other way round); what is not there any more, or somebody else's meanwhile, stays.
    ``later``: rows of a person written after a time, by column: they are asked about when two people are split.
    ``against``: (gone, stayed): why these cannot be one person as far as this app knows; raises a `LinliError` that says what to do first.
    ``asks``: (gone, stayed): what has to be decided before.
    """

    columns: tuple[str, ...]
    follow: Callable[[Handover], Moved]
    give_back: Callable[[Handover, Moved], None]
    later: Callable[[UUID, UUID], Moved]
    against: Callable[[UUID, UUID], None] | None = None
    asks: Callable[[UUID, UUID], Sequence[Question]] | None = None


FOLLOWERS: Registry[Follower] = Registry("follower of merged people")
"""Most apps register `people.actions.following.following(...)`: columns whose rows change hands and nothing else."""
