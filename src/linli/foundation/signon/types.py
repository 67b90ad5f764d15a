"""What systems may ask, and answers of the protocol. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Whom a system is for; the values are those of `accounts.UserKind`."""

    STAFF = "staff"
    RESIDENTS = "citizen"


SCOPES = ("openid", "profile", "unit")
"""`openid`: a name of the account that only this system knows it by. `profile`: the full name, and the user name of staff.
`unit`: where a member of staff works. Nothing else leaves the house: no telephone, no ID number."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to a browser or a system, as the protocol says it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = field(default="", repr=False)

    @property
    def target(self) -> str:
        return self.headers.get("Location", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a system that is in order: who asks, for what, about whom, and where the answer goes."""

    system: str
    audience: Audience
    scopes: tuple[str, ...]
    origin: str
    cancel: str
    """Address that tells the system the person did not want to."""
    login_required: str
    """Address that tells the system the person would have to sign in."""
    prompt: frozenset[str]
    max_age: int | None

    def wants_fresh(self, signed_in_at: datetime | None, now: datetime) -> bool:
        """Whether the person must prove again who they are."""
        if "login" in self.prompt:
            return True
        if self.max_age is None:
            return False
        return signed_in_at is None or (now - signed_in_at).total_seconds() > self.max_age
