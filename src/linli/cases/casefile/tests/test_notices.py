"""Who is told what, once: the consumers of a case's events, run as the worker runs them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.tests.factories import OLD_AGE_ANSWERS, City, card_for, citizen, resident, small_city
from linli.cases.catalogue.queries import current_definition
from linli.cases.supervision.actions import sweep
from linli.cases.supervision.models import Card
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import User
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message
from linli.foundation.messages.tasks import send_one
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.topics.engine import TOPICS, consumers_of
from linli.foundation.topics.models import EventRow, Handled
from linli.foundation.topics.tasks import deliver
from linli.foundation.types import Actor, system_actor

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
MOTHER = "13800000001"
DAUGHTER = "13900000002"


@pytest.fixture
def city() -> City:
    built = small_city()
    with scoped(SYSTEM):
        load_templates(SYSTEM, folder=Path(settings.PACKS_DIR) / "national" / "messages")
    return built


def submit(city: City, user: User | None = None, *, phone: str = MOTHER) -> tuple[Actor, Case]:
    """An application about a person of the register, or (``user`` given, without a person) about nobody it knows."""
    person = resident(city) if user is None else None
    actor = actor_of(user or citizen(person))
    done = actions.submit_case(
        actor,
        version_id=current_definition("MZ06").version_id,
        answers=OLD_AGE_ANSWERS,
        submission_key=uuid4().hex,
        applicant=actions.Applicant(
            name="Wang Xiulan", region_id=city.regions["home"].id, party_id=person.id if person else None, phone=phone
        ),
    )
    return actor, done.case


def work() -> None:
    """Deliver every event to every consumer, as the queue would."""
    with scoped(SYSTEM):
        events = list(EventRow.objects.order_by("seq").values_list("id", "topic"))
    for event_id, topic in events:
        for name in consumers_of(topic):
            deliver(consumer=name, event_id=str(event_id))


def told(channel: str = "") -> list[str]:
    with scoped(SYSTEM):
        rows = Message.objects.order_by("created_at", "id")
        return [m.key for m in (rows.filter(channel=channel) if channel else rows)]


def messages(**filters: object) -> list[Message]:
    with scoped(SYSTEM):
        return list(Message.objects.filter(**filters))


def task_of(case: Case) -> Task:
    with scoped(SYSTEM):
        return Task.objects.get(case=case, state="open")


def test_the_applicant_is_told_at_each_step_in_the_account_and_by_sms(city: City) -> None:
    _, case = submit(city)
    actions.accept_case(city.actor("clerk"), case_id=case.id)
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree")
    actions.complete_task(city.actor("decider"), task_id=task_of(case).id, outcome="agree")
    actions.complete_task(city.actor("clerk"), task_id=task_of(case).id, outcome="delivered")
    work()
    expected = ["cases.received", "cases.accepted", "cases.decided_yes", "cases.delivered"]
    assert told("inapp") == expected and told("sms") == expected
    for message in messages():
        assert message.case_id == case.id and case.number in (message.body + message.link)
        assert message.address == (MOTHER if message.channel == "sms" else "")
        assert "{{" not in message.body and "Wang Xiulan" not in message.body


def test_a_job_that_runs_again_tells_nobody_twice(city: City) -> None:
    submit(city)
    work()
    before = told()
    work()
    with scoped(SYSTEM):
        Handled.objects.all().delete()  # a worker that died between the message and the receipt
    work()
    assert told() == before and before


def test_a_gateway_that_fails_never_makes_a_message_sent(city: City, settings: pytest.FixtureRequest) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/closed"  # type: ignore[attr-defined]
    submit(city)
    work()
    sms = messages(channel="sms")[0]
    send_one(message_id=str(sms.pk))
    after = messages(channel="sms")[0]
    assert (after.state, after.sent_at, after.tries) == ("failed", None, 1)


def test_nothing_is_told_of_what_was_rolled_back(city: City) -> None:
    with scoped(SYSTEM):
        submit(city)
        transaction.set_rollback(True)
    work()
    assert told() == []


def test_who_the_register_does_not_know_is_told_too(city: City) -> None:
    user = citizen(None, assurance=0, phone=DAUGHTER)
    submit(city, user, phone=DAUGHTER)
    work()
    assert {(m.channel, m.user_id) for m in messages()} == {("inapp", user.id), ("sms", user.id)}


def test_both_who_applied_and_whom_it_is_about_are_told(city: City) -> None:
    _, case = submit(city)
    daughter = citizen(None, assurance=0, phone=DAUGHTER)
    with scoped(SYSTEM):
        mother = User.objects.get(person_id=case.party_id)
        Case.objects.filter(pk=case.pk).update(created_by=daughter.id)
    work()
    assert {(m.channel, m.user_id, m.address) for m in messages()} == {
        ("inapp", mother.id, ""),
        ("sms", mother.id, MOTHER),
        ("inapp", daughter.id, ""),
    }


def test_correction_refusal_and_withdrawal_have_their_own_words(city: City) -> None:
    actor, case = submit(city)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["bank card", "photo"])
    work()
    asked = messages(key="cases.correction", channel="sms")[0]
    assert "2" in asked.body and asked.region_path == case.region_path
    actions.answer_correction(actor, case_id=case.id, answers={})
    actions.refuse_case(city.actor("clerk"), case_id=case.id, reason="another city is responsible")
    work()
    assert told("inapp") == ["cases.received", "cases.correction", "cases.refused"]
    assert "another city" in messages(key="cases.refused", channel="inapp")[0].body
    assert "another city" not in messages(key="cases.refused", channel="sms")[0].body


def test_withdrawing_is_confirmed(city: City) -> None:
    actor, case = submit(city)
    actions.withdraw_case(actor, case_id=case.id)
    work()
    assert told("sms") == ["cases.received", "cases.withdrawn"]


def test_urging_reaches_the_office_that_holds_the_case_and_nobody_else(city: City) -> None:
    _, case = submit(city)
    actions.urge_case(city.actor("supervisor"), case_id=case.id, note="the bus leaves")
    work()
    urged = messages(key="cases.urge")
    assert {m.user_id for m in urged} == {city.users["clerk"].id, city.users["clerk2"].id}
    assert {m.channel for m in urged} == {"inapp"} and all("the bus leaves" in m.body for m in urged)


def test_a_card_reaches_the_office_and_the_supervisors_a_reminder_only_the_office(city: City) -> None:
    submit(city)
    sweep(now=timezone.now() + timedelta(days=30))
    work()
    with scoped(SYSTEM):
        cards = list(Card.objects.filter(unit_id=city.units["home"].id))
    office, supervisor = {city.users["clerk"].id, city.users["clerk2"].id}, city.users["supervisor"].id
    assert cards and any(c.colour == "red" for c in cards)
    assert {m.user_id for m in messages(key__startswith="supervision.card")} >= office | {supervisor}
    assert supervisor not in {m.user_id for m in messages(key__startswith="supervision.reminder")}
    assert {m.channel for m in messages(key__startswith="supervision.")} == {"inapp"}


def raised(city: City, *colours: str) -> list[Card]:
    """Cards of as many cases for the office of the clerks, told as one sweep tells them."""
    with scoped(SYSTEM):
        cases = [submit(city, citizen(None, assurance=0, phone=f"1390000020{n}", name=f"c{n}"))[1] for n in range(len(colours))]
        cards = [card_for(case, colour=colour, unit_id=city.units["home"].id) for case, colour in zip(cases, colours, strict=True)]
        EventRow.objects.all().delete()
        emit("supervision.cards_raised", cards=",".join(str(card.pk) for card in cards))
    work()
    return cards


def test_one_card_is_told_in_full(city: City) -> None:
    (card,) = raised(city, "yellow")
    told = messages(key="supervision.card_issued", user_id=city.users["clerk"].id)
    assert [m.case_id for m in told] == [card.subject_id] and card.subject_number in told[0].body


def test_many_cards_of_a_sweep_are_one_message_to_each(city: City) -> None:
    cards = raised(city, "yellow", "red", "yellow", "red", "blue")
    clerk, supervisor = city.users["clerk"].id, city.users["supervisor"].id
    (one,) = messages(key="supervision.cards_issued", user_id=clerk)
    assert "4" in one.body and all(card.subject_number in one.body for card in cards[:3]) and cards[3].subject_number not in one.body
    assert one.link == "/desk/supervision/cards/"
    assert len(messages(key="supervision.cards_issued", user_id=supervisor)) == 1
    assert len(messages(key="supervision.reminder", user_id=clerk)) == 1, "the reminder is alone"
    assert not messages(key="supervision.reminder", user_id=supervisor)


def test_a_reminder_of_a_step_names_its_day_also_before_the_case_has_a_promise(city: City) -> None:
    """Not the promise of the case, which an application nobody has accepted does not have."""
    _, case = submit(city)
    late: dict[str, Any] = {"colour": "blue", "rule": "R06", "unit_id": city.units["home"].id}
    with scoped(SYSTEM):
        cards = [card_for(case, **late, period=f"step:{n}", params={"step": "survey", "date": f"2026-03-0{n}"}) for n in (2, 3)]
        EventRow.objects.all().delete()
        emit("supervision.cards_raised", cards=str(cards[0].pk))
        emit("supervision.cards_raised", cards=",".join(str(card.pk) for card in cards))
    work()
    (one,) = messages(key="supervision.step_passed", user_id=city.users["clerk"].id)
    (both,) = messages(key="supervision.reminders", user_id=city.users["clerk"].id)
    assert "survey" in one.body and case.number in one.body
    assert "2026年3月2日" in one.body and "2026年3月2日" in both.body


def test_a_sweep_leaves_one_job_for_all_its_cards(city: City) -> None:
    for number in range(3):
        submit(city, citizen(None, assurance=0, phone=f"1390000010{number}", name=f"c{number}"))
    with scoped(SYSTEM):
        EventRow.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    sweep(now=timezone.now() + timedelta(days=30))
    with scoped(SYSTEM):
        cards, batches = Card.objects.count(), EventRow.objects.filter(topic="supervision.cards_raised").count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'consumer' = 'casefile.tell_cards'")
        jobs = cursor.fetchone()[0]
    assert cards > 8 and 1 <= batches == jobs <= 3


def test_every_topic_of_a_case_that_says_so_is_listened_to() -> None:
    for name, topic in TOPICS.items():
        if name.startswith(("cases.", "supervision.")):
            assert topic.public or consumers_of(name), name
