"""What a synthetic city was told: word for word what the consumers write, at the time of the story, read when old, and in no queue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.actions.intake import accept_by_silence
from linli.cases.casefile.actions.stamping import stamp_cases
from linli.cases.casefile.models import Case, TimelineEntry
from linli.cases.casefile.tasks.deadlines import follow_up
from linli.cases.casefile.tasks.past import DAYS, OFFICE_DAYS, STORIES, UNREAD_DAYS, tell_city, tell_past
from linli.cases.casefile.tests.factories import City, card_for, citizen, small_city
from linli.cases.casefile.tests.test_notices import DAUGHTER, submit, task_of, work
from linli.cases.casefile.tests.test_stamping import settle
from linli.cases.supervision.models import Card
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import User
from linli.foundation.actions.engine import CityContext
from linli.foundation.calendar.types import day_start, local_day
from linli.foundation.messages import queries
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message
from linli.foundation.messages.tasks import send_one
from linli.foundation.messages.types import Outgoing
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.topics.models import EventRow
from linli.foundation.types import system_actor
from linli.registry.people.models import Person

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
Play = Callable[[City], object]


@pytest.fixture
def city() -> City:
    built = small_city()
    with scoped(SYSTEM):
        load_templates(SYSTEM, folder=Path(settings.PACKS_DIR) / "national" / "messages")
    return built


def written() -> list[Message]:
    with scoped(SYSTEM):
        return list(Message.objects.order_by("created_at", "id"))


def jobs() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = 'messages'")
        return list(cursor.fetchall())


def said(rows: list[Message]) -> list[tuple[Any, ...]]:
    """Everything of a message but its own key, what it was made from, and when."""
    names = ("channel", "key", "region_path", "address", "subject", "body", "link")
    return sorted((*(str(getattr(m, name)) for name in names), str(m.user_id), str(m.party_id), str(m.case_id)) for m in rows)


def granted(city: City) -> None:
    _, case = submit(city)
    actions.accept_case(city.actor("clerk"), case_id=case.id)
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree")
    actions.complete_task(city.actor("decider"), task_id=task_of(case).id, outcome="agree")
    actions.complete_task(city.actor("clerk"), task_id=task_of(case).id, outcome="delivered")


def turned_down(city: City) -> None:
    _, case = submit(city)
    actions.accept_case(city.actor("clerk"), case_id=case.id)
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree")
    actions.complete_task(city.actor("decider"), task_id=task_of(case).id, outcome="disagree", opinion="not yet old enough for it")


def corrected_and_refused(city: City) -> None:
    actor, case = submit(city)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["bank card", "photo"])
    actions.answer_correction(actor, case_id=case.id, answers={})
    actions.refuse_case(city.actor("clerk"), case_id=case.id, reason="another city is responsible")


def withdrawn(city: City) -> None:
    actor, case = submit(city)
    actions.withdraw_case(actor, case_id=case.id)


def silent(city: City) -> None:
    _, case = submit(city)
    with scoped(SYSTEM):
        accept_by_silence(case.id, SYSTEM, now=timezone.now())


def for_somebody_else(city: City) -> None:
    _, case = submit(city, phone="")
    with scoped(SYSTEM):
        Case.objects.filter(pk=case.pk).update(created_by=citizen(None, assurance=0, phone=DAUGHTER).id)


def unknown_to_the_register(city: City) -> None:
    submit(city, citizen(None, assurance=0, phone=DAUGHTER), phone=DAUGHTER)


def many_cards(city: City) -> None:
    with scoped(SYSTEM):
        cases = [submit(city, citizen(None, assurance=0, phone=f"1390000020{n}", name=f"c{n}"))[1] for n in range(5)]
        EventRow.objects.all().delete()
        TimelineEntry.objects.all().delete()
        colours = ("yellow", "red", "yellow", "blue", "red")
        cards = [card_for(case, colour=colour, unit_id=city.units["home"].id) for case, colour in zip(cases, colours, strict=True)]
        Card.objects.update(issued_at=timezone.now())
        emit("supervision.cards_raised", cards=",".join(str(card.pk) for card in cards))


@pytest.mark.parametrize(
    "play", [granted, turned_down, corrected_and_refused, withdrawn, silent, for_somebody_else, unknown_to_the_register, many_cards]
)
def test_it_is_what_the_consumers_would_have_written(city: City, play: Play) -> None:
    play(city)
    work()
    real = written()
    with scoped(SYSTEM):
        Message.objects.all().delete()
    waiting = jobs()
    assert tell_past(timezone.now() + timedelta(seconds=1)) == len(real) > 0
    past = written()
    assert said(past) == said(real)
    assert all(abs(p.created_at - r.created_at) < timedelta(minutes=1) for p, r in zip(past, real, strict=True))
    assert jobs() == waiting and {m.state for m in past} == {"sent"}


def test_a_reminder_of_a_correction_is_told_once_by_whoever_comes_first(city: City) -> None:
    _, case = submit(city)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["bank card"])
    now = day_start(local_day(timezone.now()) + timedelta(days=28))
    tell_past(now)
    before = written()
    assert {m.key for m in before} == {"cases.received", "cases.correction", "cases.correction_reminder"}
    (reminder,) = [m for m in before if m.key == "cases.correction_reminder" and m.channel == "inapp"]
    assert timezone.localtime(reminder.created_at).strftime("%H:%M") == "00:07"
    follow_up(now)
    assert said(written()) == said(before)


@pytest.fixture
def told(city: City) -> list[Message]:
    """A stamped city in which every other resident has an account."""
    settle(city)
    with scoped(SYSTEM):
        for person in Person.objects.order_by("name")[::2]:
            citizen(person, name=person.name, phone=str(person.phone))
    context = CityContext(160, 260, 7, timezone.localdate(), workers=1)
    stamp_cases(context)
    tell_city(context)
    return written()


def test_residents_and_offices_have_lists_that_read_like_a_city_s(told: list[Message]) -> None:
    residents = [m for m in told if m.key.startswith("cases.")]
    offices = [m for m in told if m.key.startswith("supervision.")]
    assert len(residents) > 50 and len(offices) > 10 and len(residents) + len(offices) == len(told)
    assert {m.channel for m in residents} == {"inapp", "sms"} and {m.channel for m in offices} == {"inapp"}
    for rows in (residents, offices):
        assert_own_list(told, User.objects.get(pk=next(m.user_id for m in rows if m.user_id)))
    assert_times(told, day_start(timezone.localdate()))
    assert_texts(told)


def assert_own_list(told: list[Message], account: User) -> None:
    """Somebody finds what was written to him on the page, and by the policies nothing else in the table."""
    actor = actor_of(account)
    with scoped(actor):
        mine = {m.pk for m in queries.inbox_of(actor)}
        assert mine == {m.pk for m in told if m.user_id == account.id and m.channel == "inapp"} and mine
        assert not Message.objects.exclude(user_id=account.id).exists()


def assert_times(told: list[Message], now: datetime) -> None:
    """Told right after the line of the story, read when old, new when of the last days."""
    fresh = now - timedelta(days=UNREAD_DAYS)
    moments: dict[UUID | None, list[datetime]] = defaultdict(list)
    with scoped(SYSTEM):
        for case_id, at in TimelineEntry.objects.values_list("case_id", "at"):
            moments[case_id].append(at)
    for m in told:
        assert now - timedelta(days=DAYS if m.key.startswith("cases.") else OFFICE_DAYS) <= m.created_at < now
        if m.key.startswith("cases.") and m.key != "cases.correction_reminder":
            assert any(timedelta() < m.created_at - at < timedelta(seconds=5) for at in moments[m.case_id])
        if m.read_at:
            assert m.channel == "inapp" and m.user_id and m.created_at < m.read_at < now and m.created_at < fresh
            assert 7 <= timezone.localtime(m.read_at).hour < 22
    accounts = [m for m in told if m.channel == "inapp" and m.user_id]
    assert all(m.read_at for m in accounts if m.created_at < fresh - timedelta(days=2)) and any(m.read_at for m in accounts)
    assert all(not m.read_at for m in accounts if m.created_at >= fresh) and any(not m.read_at for m in accounts)


def assert_texts(told: list[Message]) -> None:
    """No list repeats a text or a time, nobody is named, nothing is left open."""
    with scoped(SYSTEM):
        names = set(Case.objects.values_list("applicant", flat=True))
    lists: dict[Any, list[Message]] = defaultdict(list)
    for m in told:
        lists[m.channel, m.user_id or m.party_id].append(m)
        text = f"{m.subject}\n{m.body}\n{m.link}"
        assert not [name for name in names if name in text]
        assert not [hole for hole in ("{{", "@", "None", "于到期", "于前", "在前", "因暂停", "原因：。") if hole in text], text
    for rows in lists.values():
        texts = Counter((m.subject, m.body, m.link) for m in rows)
        assert texts.most_common(1)[0][1] == 1, texts.most_common(2)
        assert len({m.created_at for m in rows}) == len(rows)
    assert "" not in {m.address for m in told if m.channel == "sms"}


def test_nothing_waits_to_be_sent_and_telling_again_tells_nothing(told: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    assert jobs() == [] and {m.state for m in told} == {"sent"}
    assert all(m.sent_at and m.created_at <= m.sent_at for m in told)
    sent: list[str] = []

    def deliver(channel: str, message: Outgoing) -> str:
        sent.append(message.body)
        return ""

    monkeypatch.setattr("linli.foundation.messages.tasks.deliver", deliver)
    for message in told[:20]:
        send_one(message_id=str(message.pk))
    assert not sent and jobs() == []
    now = day_start(timezone.localdate())
    assert tell_past(now) == 0
    with scoped(SYSTEM):
        first = sorted(queries.told_lines(*STORIES))
        Message.objects.all().delete()
    tell_city(CityContext(160, 260, 7, timezone.localdate(), workers=1))
    assert written() == [], "a city whose cases were there before this build tells by itself"
    assert tell_past(now) == len(first)
    with scoped(SYSTEM):
        assert sorted(queries.told_lines(*STORIES)) == first
