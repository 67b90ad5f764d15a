"""What the people of a synthetic city were told of late, as the builder `messages`.

The words, the people told and the keys of the messages are those of `notify` and `deadlines`; only the time is that of the story. Nothing is
queued: what was told has arrived. Equal arguments give equal messages, whatever their keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from linli.cases.casefile.models import Case, Task, TimelineEntry
from linli.cases.casefile.queries.deadlines import correction_until
from linli.cases.casefile.queries.people import staff_of, supervisors
from linli.cases.casefile.tasks.deadlines import REMIND_DAYS, REMINDER, reminder
from linli.cases.casefile.tasks.notify import RESIDENT, Around, common, notes_to_applicant, tellings_of
from linli.cases.casefile.types import State
from linli.cases.supervision.models import Card
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.actions.engine import CityContext
from linli.foundation.calendar.queries import current
from linli.foundation.calendar.types import day_start, local_day
from linli.foundation.messages.actions import write_told
from linli.foundation.messages.types import Note, Told
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

BUILDER = system_actor("city.messages")
DAYS = 30  # for residents: a case or two; what is older stands in the story of the case
OFFICE_DAYS = 365  # for offices: most hear of a card every few months
UNREAD_DAYS = 3  # a weekend and the day after it
MOST = 5_000  # cases, and cards: all of a demo's, the newest ones of a large city's, whose build must not wait for them
AT_ONCE = 1000  # cases or notes that are worked on together
SWEEP_S = 10  # what rang in one sweep (supervision.tasks) is told in one message
STORIES = ("cases", "tasks", "supervision", "evaluation")
"""Beginnings of the keys of messages that a story brings. Others (somebody asked about her data) are of the day a city is made."""
TOPICS = {
    "submitted": "cases.case_submitted",
    "accepted": "cases.case_accepted",
    "correction": "cases.correction_asked",
    "refused": "cases.case_refused",
    "decided": "cases.case_decided",
    "delivered": "cases.case_closed",
    "withdrawn": "cases.case_closed",
    "lapsed": "cases.case_closed",
    "terminated": "cases.case_closed",
    "extended": "cases.case_extended",
}
"""Line of a case's story -> what was emitted with it."""
T = TypeVar("T")


def tell_city(city: CityContext) -> None:
    """Tell residents and offices what the cases that were stamped in this build would have told them; a city that lives tells by itself."""
    if not city.notes.get("cases"):
        city.say("  none added")
        return
    city.say(f"  {tell_past(day_start(city.as_of)):,} messages")


def tell_past(now: datetime) -> int:
    """Write what was told of late before ``now``; how many messages. Repeating it writes nothing."""
    written = 0
    with scoped(BUILDER), override(settings.LANGUAGE_CODE):
        for told in (told_residents(now - timedelta(days=DAYS), now), told_offices(now - timedelta(days=OFFICE_DAYS), now)):
            written += sum(write_told(BUILDER, some) for some in in_batches(told))
    return written


def in_batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


# -- residents ----------------------------------------------------------------------------------------------------------------


def told_residents(since: datetime, now: datetime) -> Iterator[Told]:
    """What the applicants of cases that changed since then heard of each step, and of days that come near; who is featured, from the beginning."""
    changed = Q(closed_at=None) | Q(closed_at__gte=since) | Q(delivered_at__gte=since)
    newest = Case.objects.filter(changed).order_by("-submitted_at", "number").values_list("pk", flat=True)[:MOST]
    whole = _featured()
    for some in in_batches(dict.fromkeys([*newest, *whole])):
        cases = {case.pk: case for case in Case.objects.filter(pk__in=some).select_related("unit", "region")}
        accounts = User.objects.filter(pk__in={case.created_by for case in cases.values()}, kind=UserKind.CITIZEN)
        creators: dict[UUID | None, User] = {user.pk: user for user in accounts}
        entries = TimelineEntry.objects.filter(Q(at__gte=since) | Q(case_id__in=whole), case_id__in=some, kind__in=TOPICS, at__lt=now)
        for entry in entries.order_by("at", "id").only("id", "case_id", "kind", "at"):
            case = cases[entry.case_id]
            yield from _heard(entry, case, creators.get(case.created_by), now)
        for case in cases.values():
            yield from _reminded(case, creators.get(case.created_by), since, now)


def _featured() -> list[UUID]:
    """Cases of the residents a demo names (residents.open_accounts), by their L2 accounts: in a new city nobody else has one."""
    people = User.objects.filter(kind=UserKind.CITIZEN, assurance__gte=2).exclude(person_id=None).values("person_id")
    return list(Case.objects.filter(party_id__in=people).order_by("-submitted_at", "number").values_list("pk", flat=True)[:MOST])


def _heard(entry: TimelineEntry, case: Case, creator: User | None, now: datetime) -> Iterator[Told]:
    words = RESIDENT[TOPICS[entry.kind]](case)
    if words is not None:
        key, values = words
        at = shortly_after(entry.at, f"{case.number}:{key}")
        for note in notes_to_applicant(str(entry.pk), case, key, {**common(case), **values}, creator):
            yield Told(note, at, read_at_home(at, now, case.number))


def _reminded(case: Case, creator: User | None, since: datetime, now: datetime) -> Iterator[Told]:
    """The first look of the day on which a correction comes near its end (deadlines.follow_days, seven minutes past the hour)."""
    day = correction_until(case) if case.state == State.CORRECTING else None
    if day is None:
        return
    looked = day_start(day - timedelta(days=REMIND_DAYS)) + timedelta(minutes=7)
    if since <= looked < now and looked > (case.noticed_at or looked):
        at = shortly_after(looked, case.number)
        about, params = reminder(REMINDER, case, day)
        for note in notes_to_applicant(about, case, REMINDER, params, creator):
            yield Told(note, at, read_at_home(at, now, case.number))


# -- offices ------------------------------------------------------------------------------------------------------------------


def told_offices(since: datetime, now: datetime) -> Iterator[Told]:
    """Reminders and cards of each sweep, to whom the sweep itself would have told them."""
    rows = Card.objects.filter(subject_kind="case", issued_at__gte=since, issued_at__lt=now)
    cards = list(rows.order_by("-issued_at", "subject_number", "rule")[:MOST])
    subjects = {card.subject_id for card in cards}
    around = Around(
        staff_of({unit for card in cards if (unit := card.unit_id) is not None}),
        supervisors(),
        _steps(cards),
        dict(Case.objects.filter(pk__in=subjects).values_list("pk", "due_at")),
    )
    sweeps: dict[int, list[Card]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: (card.issued_at, card.subject_number, card.rule)):
        sweeps[int(card.issued_at.timestamp()) // SWEEP_S].append(card)
    for found in sweeps.values():
        for key, tellings in tellings_of(str(found[0].pk), found, around).items():
            for telling in tellings:
                at = shortly_after(found[-1].issued_at, f"{key}:{found[0].subject_number}")
                for user_id in sorted(telling.to):
                    about = f"{telling.about}:{user_id}"
                    note = Note(key, telling.params, about, user_id, None, "", telling.case_id, telling.region_path, ("inapp",))
                    yield Told(note, at, read_at_work(at, now, found[0].subject_number))


def _steps(cards: Sequence[Card]) -> dict[UUID, str]:
    """Card -> the step its case was at when the card was issued."""
    tasks: dict[UUID, list[tuple[str, datetime, datetime | None]]] = defaultdict(list)
    rows = Task.objects.filter(case_id__in={card.subject_id for card in cards}).order_by("opened_at", "id")
    for case_id, name, opened, done in rows.values_list("case_id", "name", "opened_at", "done_at"):
        tasks[case_id].append((name, opened, done))
    found: dict[UUID, str] = {}
    for card in cards:
        for name, opened, done in tasks[card.subject_id]:
            if opened <= card.issued_at and (done is None or done > card.issued_at):
                found[card.pk] = name
    return found


# -- when ---------------------------------------------------------------------------------------------------------------------


def shortly_after(moment: datetime, chance: str) -> datetime:
    """When the job wrote the message: one to four seconds later. ``chance`` decides, so that an equal city has equal times."""
    return moment + timedelta(seconds=1, microseconds=crc32(chance.encode()) % 3_000_000)


def read_at_home(at: datetime, now: datetime, chance: str) -> datetime | None:
    """When a resident opened it: the same day or the next, at an hour when people are up; None while it is new."""
    dice = crc32(f"read:{chance}:{at.isoformat()}".encode())
    read = timezone.localtime(at + timedelta(minutes=6 + dice % 600, seconds=dice % 59))
    if read.hour >= 22 or read.hour < 7:
        read = day_start(local_day(read + timedelta(hours=2))) + timedelta(hours=7, minutes=20 + dice % 110, seconds=dice % 59)
    return _if_old(at, read, now)


def read_at_work(at: datetime, now: datetime, chance: str) -> datetime | None:
    """When somebody in an office opened it: the first morning with office hours; None while it is new."""
    dice = crc32(f"read:{chance}:{at.isoformat()}".encode())
    day = current().next_workday(local_day(at + timedelta(hours=16)) - timedelta(days=1))
    return _if_old(at, day_start(day) + timedelta(hours=8, minutes=30 + dice % 150, seconds=dice % 59), now)


def _if_old(at: datetime, read: datetime, now: datetime) -> datetime | None:
    return read if read < now and at < now - timedelta(days=UNREAD_DAYS) else None
