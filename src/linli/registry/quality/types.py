"""What a rule of data quality says, and what an examination found, in plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

PERSON, HOUSEHOLD, PREMISES, BODY = "person", "household", "premises", "body"
SCORE_FLAGGED = 95.0
"""Per cent; a community below it is flagged (domain/community.md §15.3)."""

KINDS = {
    "completeness": gettext_lazy("Completeness"),
    "validity": gettext_lazy("Validity"),
    "freshness": gettext_lazy("Freshness"),
    "consistency": gettext_lazy("Consistency"),
    "uniqueness": gettext_lazy("Uniqueness"),
}
LEVELS = {"E": gettext_lazy("must be mended"), "W": gettext_lazy("warning"), "I": gettext_lazy("hint")}
TONES = {"E": "danger", "W": "warning", "I": "neutral"}
STATES = {"open": gettext_noop("to be mended"), "mended": gettext_noop("mended"), "waived": gettext_noop("stays as it is")}


class RuleSpec(BaseModel):
    """One rule of the file `quality.yaml` of a pack. Rules of level I are counted; those of E and W become tasks, ``days`` to do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    level: Literal["E", "W", "I"]
    about: Literal["person", "household", "premises", "body"]
    kind: Literal["completeness", "validity", "freshness", "consistency", "uniqueness"]
    check: str
    weight: Annotated[int, Field(ge=1, le=100)]
    owner: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    days: Annotated[int, Field(ge=1, le=366)] = 30
    what: dict[str, int | str | tuple[str, ...]] = {}
    """What the mechanism asks for: a column, a table of codes, a number."""


class Failing(NamedTuple):
    """A subject that breaks a rule, and the region it is in."""

    subject_id: UUID
    region_path: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule found in one community. ``counts``: source ("" for all) -> (how many it is about, how many break it)."""

    counts: dict[str, tuple[int, int]]
    failing: list[Failing] = field(default_factory=list)
