"""Applying, approving, refusing, suspending; and what a program is told when it may not read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused
from linli.registry.exchange.actions.subscriptions import approve, refuse, resume, suspend, withdraw
from linli.registry.exchange.engine.cursors import Cursor
from linli.registry.exchange.models import Item, Resource, Subscription
from linli.registry.exchange.queries import feed
from linli.registry.exchange.tests.conftest import JOB, Office, Program, program
from linli.registry.people import queries as people

WATCH = system_actor("test.watch", permissions=["audit.view"])


@pytest.fixture
def reader(office: Office) -> Program:
    return program()


def refused(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    return str(answer.json()["code"])


def test_the_catalogue_of_the_pack_is_complete_and_its_codes_are_unique(office: Office) -> None:
    rows = list(Resource.objects.order_by("code"))
    assert {"person", "household", "membership", "premises"} <= {row.entity for row in rows}
    assert len({row.code for row in rows}) == len(rows)
    assert all(Item.objects.filter(resource=row).exists() for row in rows)


def test_an_answer_is_due_after_ten_working_days(office: Office, reader: Program) -> None:
    row = office.asked(reader)
    assert row.state == "asked" and row.level == 3
    assert 13 <= (row.answer_due - timezone.now()).days <= 21


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"purpose": "curiosity"}, "purpose"),
        ({"fields": ["name", "bank_account"]}, "fields"),
        ({"fields": []}, "fields"),
        ({"region": "110000000000"}, "region"),
        ({"legal_basis": " "}, "legal_basis"),
        ({"until": timezone.localdate()}, "until"),
        ({"until": timezone.localdate() + timedelta(days=800)}, "until"),
    ],
)
def test_an_application_that_is_not_sound_is_refused_beside_its_field(
    values: dict[str, Any], field: str, office: Office, reader: Program
) -> None:
    with pytest.raises(Invalid) as wrong:
        office.asked(reader, **values)
    assert wrong.value.field == field


def test_nobody_decides_on_what_she_asked_for_and_who_only_asks_does_not_decide(office: Office, reader: Program) -> None:
    row = office.asked(reader)
    with scoped(JOB):
        Subscription.objects.filter(pk=row.pk).update(asked_by=office.users["both"].pk)
    with pytest.raises(Refused) as own:
        approve(office.actor("both"), subscription_id=row.pk)
    assert own.value.code == "NOT_YOURS"
    with pytest.raises(Refused):
        approve(office.actor("officer"), subscription_id=row.pk)
    assert approve(office.actor("head"), subscription_id=row.pk).state == "approved"


def test_items_of_level_4_need_two(office: Office, reader: Program) -> None:
    row = office.asked(reader, fields=["name", "disability"])
    assert row.level == 4
    assert approve(office.actor("head"), subscription_id=row.pk).state == "seconded"
    assert refused(reader.get(f"/{row.pk}/records"), 403) == "SUBSCRIPTION_NOT_IN_FORCE"
    with pytest.raises(Refused):
        approve(office.actor("head"), subscription_id=row.pk)
    assert approve(office.actor("other head"), subscription_id=row.pk).state == "approved"
    office.person(disability="43")
    assert reader.get(f"/{row.pk}/records").json()["records"][0]["disability"] == "43"


def test_items_about_special_groups_are_offered_to_nobody(office: Office, reader: Program) -> None:
    with scoped(JOB):
        item = Item.objects.get(resource__entity="person", name="disability")
        item.level = 5
        item.save()
    with pytest.raises(Invalid):
        office.asked(reader, fields=["name", "disability"])


def test_an_item_that_became_more_sensitive_is_left_out_of_what_was_approved(office: Office, reader: Program) -> None:
    office.person()
    row = office.subscribed(reader)
    with scoped(JOB):
        item = Item.objects.get(resource__entity="person", name="id_number")
        item.level = 4
        item.save()
    assert set(reader.get(f"/{row.pk}/records").json()["records"][0]) == {"id", "name", "birth_date", "live_address"}


def test_what_is_not_shared_cannot_be_applied_for(office: Office, reader: Program) -> None:
    with scoped(JOB):
        Resource.objects.filter(entity="person").update(sharing="none", basis="《个人信息保护法》")
    with pytest.raises(Invalid) as wrong:
        office.asked(reader)
    assert wrong.value.code == "SHARING_NONE"


def test_a_program_reads_only_its_own_in_force_for_its_purpose(office: Office, reader: Program) -> None:
    row, stranger = office.subscribed(reader), program("Somebody else")
    path = f"/{row.pk}/records"
    assert refused(stranger.get(path), 404) == "SUBSCRIPTION_UNKNOWN"
    reader.purpose = "school"
    assert refused(reader.get(path), 403) == "PURPOSE_DIFFERS"
    reader.purpose = ""
    assert refused(reader.get(path), 403) == "PURPOSE_MISSING"
    reader.purpose = "medical-insurance"
    assert reader.get(path).status_code == 200
    assert [one["id"] for one in reader.get("").json()] == [str(row.pk)] and stranger.get("").json() == []
    assert [i["name"] for i in reader.get(f"/{row.pk}").json()["items"]] == ["name", "birth_date", "id_number", "live_address"]
    officer, head = office.actor("officer"), office.actor("head")
    suspend(officer, subscription_id=row.pk, decision="未按用途使用")
    assert refused(reader.get(path), 403) == "SUBSCRIPTION_NOT_IN_FORCE"
    resume(head, subscription_id=row.pk, decision="已整改")
    assert reader.get(path).status_code == 200
    with scoped(JOB):
        Subscription.objects.filter(pk=row.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert refused(reader.get(path), 403) == "SUBSCRIPTION_OVER"


def test_a_decision_is_taken_once_and_a_refusal_has_a_reason(office: Office, reader: Program) -> None:
    row = office.asked(reader)
    with pytest.raises(Invalid):
        refuse(office.actor("head"), subscription_id=row.pk, decision="")
    refuse(office.actor("head"), subscription_id=row.pk, decision="用途与信息项不符")
    with pytest.raises(Conflict):
        approve(office.actor("other head"), subscription_id=row.pk)
    with pytest.raises(Conflict):
        withdraw(office.actor("officer"), subscription_id=row.pk)
    with pytest.raises(NotFound):
        approve(office.actor("head"), subscription_id=reader.user_id)


def test_positions_that_are_not_ours_or_of_another_time_are_refused(office: Office, reader: Program) -> None:
    row = office.subscribed(reader)
    for text in ("", "x", "AAAA", "é", str(Cursor(1, 2, 3))[:-3]):
        assert reader.get(f"/{row.pk}/changes", after=text).status_code == 422, text
    with scoped(JOB):
        now, top = feed.horizon()
    for cursor in (Cursor(now.epoch + 1, now.xid, 0), Cursor(now.epoch, top + 1000, 0)):
        answer = reader.get(f"/{row.pk}/changes", after=str(cursor))
        assert refused(answer, 410) == "CURSOR_OVER" and answer.json()["hint"]


def test_the_resident_reads_which_office_was_given_her_data(office: Office, reader: Program) -> None:
    person = office.person()
    row = office.subscribed(reader)
    for _ in range(3):
        assert reader.get(f"/{row.pk}/records").status_code == 200
    with scoped(JOB):
        looks = people.looks_at(JOB, person.pk)
    assert [(look.who, look.purpose) for look in looks] == [("新余市医疗保障局", "医疗保险参保核对")]
    assert looks[0].at.date() <= timezone.localdate()


def test_refused_attempts_are_on_the_trail(office: Office, reader: Program) -> None:
    row = office.asked(reader)
    with pytest.raises(LinliError):
        approve(office.actor("officer"), subscription_id=row.pk)
    with scoped(WATCH):
        assert AuditEntry.objects.filter(action="exchange.subscription_approved", outcome="refused").count() == 1
