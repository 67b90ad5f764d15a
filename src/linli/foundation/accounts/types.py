"""Results of signing in, verifying and importing. No database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from django.core.files.base import File

from linli.foundation.types import Actor
from linli.lib.errors import LinliError

ENTERED = "entered"
"""Session key: when somebody last proved who they are (seconds since 1970)."""


def entered_at(session: Mapping[str, Any]) -> datetime | None:
    """When the person at this session last proved who they are."""
    moment = session.get(ENTERED)
    return datetime.fromtimestamp(moment, tz=UTC) if isinstance(moment, int) else None


class Step(StrEnum):
    """What is still to be asked before an account is open."""

    DONE = "done"
    ID_TAIL = "id_tail"  # the phone was long unused: last four of the ID number
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a try ended. ``problem`` is returned, not raised, because the count of failures must survive it."""

    user_id: UUID | None = None
    step: Step = Step.DONE
    problem: LinliError | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """The person somebody was matched to, or why not. ``tries_left`` today."""

    person_id: UUID | None = None
    problem: LinliError | None = None
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class AddedPasskey:
    """How adding a passkey ended. ``recovery``: codes for whoever had none yet, shown once. A problem is returned: the challenge stays used."""

    recovery: tuple[str, ...] = field(default=(), repr=False)
    problem: LinliError | None = None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What a mandate says of a person."""

    person_id: UUID
    name: str
    region_path: str


Verifier: TypeAlias = Callable[[str, str], UUID | None]
"""(name, ID number) -> the one person they belong to."""
PersonSource: TypeAlias = Callable[[UUID], KnownPerson | None]
CodeSender: TypeAlias = Callable[[Actor, str, str, str], None]
"""(actor, phone, code, purpose)"""
TaskMover: TypeAlias = Callable[[Actor, UUID, UUID | None], int]
"""(actor, from user, to user; None: back to the office) -> how many tasks changed hands."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell one person: by account, by person of the register, or to a telephone. ``dedupe`` tells it once."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    to_user: UUID | None = None
    to_party: UUID | None = None
    phone: str = ""
    region_path: str = ""
    dedupe: str = ""


Notifier: TypeAlias = Callable[[Actor, Notice], None]
PaperKeeper: TypeAlias = Callable[[Actor, "File[Any]", UUID, str, int], UUID]
"""(actor, upload, party it is about, region path, sensitivity level) -> the stored file; raises what is wrong with it, `field` "file"."""
Appointer: TypeAlias = Callable[[Actor, UUID, UUID, date], bool]
"""(actor, account, post, since) -> whether the post waits for somebody else's grant instead of being given at once."""
RoleSource: TypeAlias = Callable[[], Mapping[str, bool]]
"""Role codes that exist -> whether it is a business role (false: one of the three administrators)."""


class Verdict(StrEnum):
    """What becomes of one row of a staff list."""

    CREATED = "created"
    ADDED_POST = "added_post"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row of the workbook as read; ``number`` is the row in the sheet, the heading being 1."""

    number: int
    username: str = ""
    name: str = ""
    phone: str = ""
    unit_code: str = ""
    post: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class RowResult:
    """The verdict on a row, with every reason, and the first password of a new account (shown once, kept nowhere)."""

    row: StaffRow
    verdict: Verdict
    reasons: tuple[LinliError, ...] = ()
    first_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """``imported`` is false when any row is wrong: then nothing at all was written."""

    rows: tuple[RowResult, ...]
    imported: bool

    @property
    def wrong(self) -> Collection[RowResult]:
        return [row for row in self.rows if row.verdict is Verdict.WRONG]
