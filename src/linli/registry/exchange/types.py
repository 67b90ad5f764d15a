"""The exchange part of a pack in plain values."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

CODE = r"^[123]-\d{2}-\d{3}(-\d{1,4})?/\d{1,8}$"
"""Class (1 basic, 2 thematic, 3 departmental), item, heading, detail / serial number (domain/community.md §15.2)."""
Level = Annotated[int, Field(ge=1, le=5)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemSpec(_Strict):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    type: Literal["string", "code", "date", "number", "uuid"]
    length: int | None = None
    level: Level


class ResourceSpec(_Strict):
    code: Annotated[str, StringConstraints(pattern=CODE, max_length=40)]
    name: Name
    summary: Annotated[str, StringConstraints(max_length=300)]
    entity: str
    provider: Name
    provider_code: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    format: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    cycle: Literal["realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "never"]
    sharing: Literal["unconditional", "conditional", "none"]
    basis: Annotated[str, StringConstraints(max_length=300)] = ""
    openness: Literal["open", "on_request", "closed"]
    level: Level
    published_on: date
    items: tuple[ItemSpec, ...]

    @model_validator(mode="after")
    def _whole(self) -> ResourceSpec:
        if self.sharing == "none" and not self.basis:
            raise ValueError("what is not shared names the law that forbids it (basis)")
        names = [item.name for item in self.items]
        if not names or len(names) != len(set(names)):
            raise ValueError("items: none, or one of them twice")
        if max(item.level for item in self.items) > self.level:
            raise ValueError("level: an item is more sensitive than its resource")
        return self


class Purpose(_Strict):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{1,39}$")]
    name: Name


class Terms(_Strict):
    """``answer_workdays`` to answer an application; ``retry_minutes`` between the tries of a message, after the last of which it is dead;
    ``file_days`` for which a file of a subscription can be fetched."""

    answer_workdays: Annotated[int, Field(ge=1, le=60)] = 10
    longest_months: Annotated[int, Field(ge=1, le=120)] = 24
    retry_minutes: tuple[int, ...] = (1, 5, 30)
    file_days: Annotated[int, Field(ge=1, le=90)] = 7


class ExchangeSpec(_Strict):
    """The file `exchange.yaml` of a pack."""

    terms: Terms = Terms()
    purposes: tuple[Purpose, ...] = ()
    resources: tuple[ResourceSpec, ...] = ()
