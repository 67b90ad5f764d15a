"""Opening one case without signing in, by its number and a secret of its receipt - and what guessing costs."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case, TrackAttempt
from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Invalid, LinliError, TooMany

WRONG_TRIES = 5
"""Wrong tries after which a number is locked."""
LOCK = timedelta(minutes=30)
ADDRESS_TRIES = 30
"""Wrong tries of one network address within the same time, over all numbers: an office behind one address still gets through."""
KEEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened case, or why it stays shut. The problem is returned, not raised: the count must survive it."""

    case_id: UUID | None = None
    problem: LinliError | None = None


def open_by_number(actor: Actor, *, number: str, secret: str) -> Opened:
    """Check the six-digit query code, or the last four characters of the applicant's ID number, against one case.

    An unknown number and a wrong secret are answered alike, and both count. The case is looked up with the door's rights, not the
    visitor's.
    """
    door = system_actor("casefile.tracking", permissions=("cases.track",)).but(address=actor.address, request_id=actor.request_id)
    return _open(door, number=number, secret=secret.strip().upper())


@action("cases.track", audit="cases.case_tracked")
def _open(door: Actor, *, number: str, secret: str) -> Opened:
    now = timezone.now()
    _take_turns(number)
    if _locked(number, door.address, now):
        return _answer(
            "locked",
            problem=TooMany(
                "TRACK_LOCKED",
                gettext_noop("There were too many wrong tries. For safety this number is closed for 30 minutes."),
                hint=gettext_noop("Sign in to see your cases at once, or ask at any community service counter."),
            ),
        )
    case = Case.objects.filter(number=number).only("id", "number", "id_last4").first()
    if case is not None and _fits(case, secret):
        return _answer("opened", case_id=case.id)
    TrackAttempt.objects.filter(at__lt=now - KEEP).delete()
    TrackAttempt.objects.create(number=number, address=door.address, at=now)
    return _answer(
        "wrong",
        problem=Invalid(
            "TRACK_WRONG",
            gettext_noop("Number and code do not belong together."),
            hint=gettext_noop(
                "Both stand on the receipt and in the message we sent you. After five wrong tries a number is closed for 30 minutes."
            ),
        ),
    )


def _fits(case: Case, secret: str) -> bool:
    """Compared in constant time. The last four are asked of this one row only."""
    known = [query_code(case.number), *([case.id_last4.upper()] if case.id_last4 else [])]
    fits = [hmac.compare_digest(secret.encode(), one.encode()) for one in known]
    return any(fits)


def _locked(number: str, address: str, now: datetime) -> bool:
    recent = TrackAttempt.objects.filter(at__gt=now - LOCK)
    return recent.filter(number=number).count() >= WRONG_TRIES or (
        bool(address) and recent.filter(address=address).count() >= ADDRESS_TRIES
    )


def _take_turns(number: str) -> None:
    """One try at a time for a number, so that parallel guesses are counted one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"track:{number}"])


def _answer(result: str, *, case_id: UUID | None = None, problem: LinliError | None = None) -> Opened:
    record = recording.get()
    if record is not None:
        record.notes["result"] = result
        if case_id:
            record.notes["case"] = str(case_id)
    return Opened(case_id, problem)
