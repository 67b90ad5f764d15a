"""Writing and sending: once each, over what a person is reached by, honest about failures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from linli.foundation.audit.models import AuditEntry
from linli.foundation.messages import actions
from linli.foundation.messages.engine import CONTACTS, backoff_s, read_pack
from linli.foundation.messages.models import Message, MessageTemplate
from linli.foundation.messages.tasks import send_one
from linli.foundation.messages.tests.conftest import Gateway, make_user
from linli.foundation.messages.types import Contact, DeliveryError, Telling
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Invalid

pytestmark = pytest.mark.django_db
PARAMS = {"name": "王小明", "number": "A-1"}
JOB = system_actor("test")


def send(**more: object) -> list[Message]:
    return actions.send(JOB, "cases.accepted", **{"params": PARAMS, **more})  # type: ignore[arg-type]


def state(message: Message) -> tuple[str, int, str]:
    with scoped(JOB):
        row = Message.objects.get(pk=message.pk)
        return row.state, row.tries, row.error


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="messages.send_one").order_by("id"))


@pytest.mark.usefixtures("templates")
def test_in_app_is_there_at_once_and_sms_waits_for_its_job(gateway: Gateway) -> None:
    written = send(to_user=make_user().id)
    assert [(m.channel, m.state) for m in written] == [("inapp", "sent"), ("sms", "queued")]
    assert (written[0].subject, written[0].link) == ("已受理 A-1", "/cases/A-1/")
    assert len(jobs()) == 1 and gateway == []
    send_one(message_id=str(written[1].pk))
    assert gateway[0].address == "13800000001" and gateway[0].body == "您的申请A-1已受理，咨询12345。"
    assert state(written[1]) == ("sent", 1, "")


@pytest.mark.usefixtures("templates")
def test_the_same_message_is_written_and_sent_once(gateway: Gateway) -> None:
    user = make_user()
    first = send(to_user=user.id, dedupe="case-1-accepted")
    assert send(to_user=user.id, dedupe="case-1-accepted") == []
    assert len(jobs()) == 1
    for _ in range(3):
        send_one(message_id=str(first[1].pk))
    assert len(gateway) == 1


@pytest.mark.usefixtures("templates")
def test_a_message_in_another_workers_hands_is_left_there_until_that_one_is_dead(gateway: Gateway) -> None:
    message = send(to_user=make_user().id)[1]
    with scoped(JOB):
        assert actions.claim(message.pk)
    send_one(message_id=str(message.pk))
    assert gateway == [] and len(jobs()) == 2, "a later job looks again"
    with scoped(JOB):
        Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now() - timedelta(minutes=6))
    send_one(message_id=str(message.pk))
    assert state(message)[:2] == ("sent", 2)


@pytest.mark.usefixtures("templates")
def test_a_failing_gateway_is_tried_eight_times_and_the_message_is_never_called_sent(gateway: Gateway) -> None:
    message = send(to_user=make_user().id)[1]
    gateway.fails = lambda: DeliveryError("HTTP 503")
    for n in range(1, 9):
        send_one(message_id=str(message.pk))
        assert state(message) == ("dead" if n == 8 else "failed", n, "HTTP 503")
    send_one(message_id=str(message.pk))
    assert len(gateway) == 8 and len({m.message_id for m in gateway}) == 1
    with scoped(JOB):
        assert Message.objects.get(pk=message.pk).sent_at is None
    later = [job.scheduled_at for job in jobs() if job.scheduled_at]
    assert len(later) == 7 and later == sorted(later)
    assert [backoff_s(n) for n in (1, 2, 3)] == [15, 30, 60]


@pytest.mark.usefixtures("templates")
def test_a_number_that_does_not_exist_is_not_tried_again(gateway: Gateway) -> None:
    message = send(to_user=make_user().id)[1]
    gateway.fails = lambda: DeliveryError("HTTP 422", final=True)
    send_one(message_id=str(message.pk))
    assert state(message) == ("dead", 1, "HTTP 422")


@pytest.mark.usefixtures("templates")
def test_an_adapter_that_breaks_leaves_no_message_in_limbo(gateway: Gateway) -> None:
    message = send(to_user=make_user().id)[1]
    gateway.fails = lambda: ZeroDivisionError()  # type: ignore[assignment]
    send_one(message_id=str(message.pk))
    assert state(message) == ("failed", 1, "ZeroDivisionError")


def send_and_fail(user_id: UUID) -> None:
    send(to_user=user_id)
    raise Invalid("LATER", "Something after the message went wrong.")


@pytest.mark.usefixtures("templates")
def test_nothing_is_sent_when_the_callers_transaction_rolls_back() -> None:
    user = make_user()
    with pytest.raises(Invalid), scoped(JOB):
        send_and_fail(user.id)
    assert jobs() == []
    with scoped(JOB):
        assert not Message.objects.exists()


@pytest.mark.usefixtures("templates")
def test_a_party_is_reached_by_account_else_by_the_register(gateway: Gateway) -> None:
    person, stranger = uuid4(), uuid4()
    user = make_user(person_id=person)
    assert [(m.channel, m.user_id) for m in send(to_party=person)] == [("inapp", user.id), ("sms", user.id)]
    assert [m.channel for m in send(to_party=stranger)] == ["inapp"]
    CONTACTS._items["test"] = lambda pk: Contact(phone="13900000001") if pk == stranger else None
    try:
        assert [(m.channel, m.address) for m in send(to_party=stranger)] == [("inapp", ""), ("sms", "13900000001")]
    finally:
        del CONTACTS._items["test"]
    assert [m.channel for m in send(phone="13900000002")] == ["sms"]
    assert [m.channel for m in send(to_user=user.id, channels=("inapp",))] == ["inapp"]


@pytest.mark.usefixtures("templates")
def test_mail_goes_where_a_server_is_set(settings: Settings) -> None:
    user = make_user(phone="", email="wang@example.org")
    assert [m.channel for m in send(to_user=user.id)] == ["inapp"]
    settings.EMAIL_HOST = "127.0.0.1"
    message = send(to_user=user.id)[1]
    send_one(message_id=str(message.pk))
    assert state(message)[0] == "sent"
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["wang@example.org"], "已受理 A-1")
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    late = send(to_user=user.id)[1]
    send_one(message_id=str(late.pk))
    assert state(late) == ("failed", 1, "ConnectionRefusedError")


@pytest.mark.usefixtures("templates")
def test_values_are_text_and_a_hole_is_an_error() -> None:
    user = make_user()
    hostile = {"name": "{{ hotline }}<script>", "number": "A\r\nBcc: x@example.org"}
    inapp, sms = send(to_user=user.id, params=hostile)
    assert inapp.body.startswith("{{ hotline }}<script>") and "\n" not in inapp.subject + inapp.link + sms.body
    with pytest.raises(Invalid) as caught:
        send(to_user=user.id, params={"name": "x"})
    assert caught.value.code == "MESSAGE_PARAM"
    with pytest.raises(Invalid):
        actions.send(JOB, "no.such", to_user=user.id, params={})


@pytest.mark.usefixtures("templates")
def test_neither_text_nor_phone_is_in_the_trail_or_plain_in_the_table(gateway: Gateway) -> None:
    message = send(to_user=make_user().id)[1]
    send_one(message_id=str(message.pk))
    with scoped(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT address, body FROM notices_message WHERE id = %s", [message.pk])
        address, body = cursor.fetchone()
        assert b"13800000001" not in bytes(address) and "受理".encode() not in bytes(body)
        assert "13800000001" not in str(list(AuditEntry.objects.values_list("changes", "notes")))


def test_loading_a_pack_twice_changes_nothing_and_a_new_wording_replaces(folder: Path) -> None:
    assert actions.load_templates(JOB, folder=folder) == 4
    before = {t.pk: t.body for t in MessageTemplate.objects.all()}
    assert actions.load_templates(JOB, folder=folder) == 4
    assert {t.pk: t.body for t in MessageTemplate.objects.all()} == before
    path = folder / "messages.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("验证码{{ name }}", "码{{ name }}"), encoding="utf-8")
    actions.load_templates(JOB, folder=folder)
    assert MessageTemplate.objects.get(key="accounts.sms_code").body == "码{{ name }}"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("messages: [{key: a, sms: {body: '{{ secret }}'}}]", "secret"),
        ("messages: [{key: a}]", "no channel"),
        ("messages: [{sms: {body: x}}]", "no key"),
        ("messages: [{key: a, fax: {body: x}}]", "fax"),
        ("messages: [{key: a, sms: {body: x}}, {key: a, sms: {body: y}}]", "twice"),
        ("just text", "mapping"),
    ],
)
def test_a_pack_with_a_mistake_is_named(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        read_pack(tmp_path)
    assert "m.yaml" in caught.value.text() and what in caught.value.text()


def test_the_national_pack_is_readable() -> None:
    root = Path(__file__).resolve().parents[5]
    keys = {(w.key, w.channel) for w in read_pack(root / "packs" / "national" / "messages")}
    assert ("accounts.sms_code", "sms") in keys


@pytest.mark.usefixtures("templates")
def test_many_are_told_at_once_each_once_and_only_those_who_work_here() -> None:
    here, gone = make_user(), make_user("13800000009")
    gone.is_active = False
    gone.save()
    telling = Telling(frozenset({here.id, gone.id}), PARAMS, "card-1")
    actions.send_inapp(JOB, "cases.accepted", [telling, Telling(frozenset({here.id}), PARAMS, "card-2")])
    actions.send_inapp(JOB, "cases.accepted", [telling])
    with scoped(JOB):
        rows = list(Message.objects.order_by("dedupe"))
    assert [(m.user_id, m.dedupe, m.subject, m.state) for m in rows] == [
        (here.id, f"card-1:{here.id}:inapp", "已受理 A-1", "sent"),
        (here.id, f"card-2:{here.id}:inapp", "已受理 A-1", "sent"),
    ]
    with pytest.raises(Invalid, match="No pack has words"):
        actions.send_inapp(JOB, "unheard", [telling])
