"""My messages, the delivery log, and the local gateway: nobody reads what was written to somebody else."""

from __future__ import annotations

import json
import time
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from linli.foundation.messages import actions, queries
from linli.foundation.messages.engine import sign
from linli.foundation.messages.models import Message, ReceivedSms
from linli.foundation.messages.tests.conftest import actor_of, make_user
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, RegionRange, system_actor
from linli.lib.errors import NotFound, Refused

BACKEND = "linli.foundation.accounts.queries.SessionBackend"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("linli.foundation.messages.tests.site"),
    pytest.mark.usefixtures("bare_doors", "templates"),
]
JOB = system_actor("test")
PARAMS = {"name": "<b>王小明</b>", "number": "A-1"}


def test_each_sees_the_own_messages_and_those_of_whom_one_acts_for() -> None:
    mine, other, person = make_user(), make_user("13900000002"), uuid4()
    actions.send(JOB, "cases.accepted", to_user=mine.id, params=PARAMS)
    about = actions.send(JOB, "cases.accepted", to_party=person, params=PARAMS)[0]
    clerk = Actor(ActorKind.STAFF, user_id=uuid4(), ranges=(RegionRange.below("0"),), permissions=frozenset({"admin.messages"}))
    acting = actor_of(other).but(mandators=(person,))
    for actor, count in ((actor_of(mine), 1), (actor_of(other), 0), (acting, 1), (clerk, 0), (ANONYMOUS, 0)):
        with scoped(actor):
            assert queries.inbox_of(actor).count() == queries.unread_count(actor) == count
            assert Message.objects.filter(channel="inapp").count() == count, "row-level security says the same"
    with scoped(acting):
        assert actions.mark_read(acting, message_id=about.pk).read_at
        assert queries.unread_count(acting) == 0
    with scoped(actor_of(other)), pytest.raises(NotFound):
        actions.mark_read(actor_of(other), message_id=about.pk)


def test_the_page_shows_opens_and_escapes(client: Client) -> None:
    user, other = make_user(), make_user("13900000002")
    message = actions.send(JOB, "cases.accepted", to_user=user.id, params=PARAMS)[0]
    assert client.get("/messages/").status_code == 302
    client.force_login(other, backend=BACKEND)
    assert "A-1" not in client.get("/messages/").content.decode()
    assert client.post(f"/messages/{message.pk}/").status_code == 404
    client.force_login(user, backend=BACKEND)
    page = client.get("/messages/").content.decode()
    assert "A-1" in page and "&lt;b&gt;" in page and "<b>王" not in page
    assert client.post(f"/messages/{message.pk}/").headers["Location"] == "/cases/A-1/"
    with scoped(actor_of(user)):
        assert queries.unread_count(actor_of(user)) == 0


def test_the_delivery_log_masks_and_needs_its_permission() -> None:
    actions.send(JOB, "cases.accepted", to_user=make_user().id, params=PARAMS)
    viewer = Actor(ActorKind.STAFF, user_id=uuid4(), permissions=frozenset({"admin.messages"}))
    with scoped(viewer):
        (line,) = queries.delivery_log(viewer)
        assert (line.channel, line.address, line.state) == ("sms", "138****0001", "queued")
        assert queries.delivery_log(viewer, state="dead") == []
    blind = viewer.but(permissions=frozenset())
    with scoped(blind), pytest.raises(Refused):
        queries.delivery_log(blind)


def post(client: Client, settings: Settings, body: bytes, *, stamp: str = "", key: str = "") -> int:
    stamp = stamp or str(int(time.time()))
    headers = {"X-Linli-Timestamp": stamp, "X-Linli-Signature": sign(key or settings.SMS_GATEWAY_KEY, stamp, body)}
    return client.post("/local-gateway/messages/", data=body, content_type="application/json", headers=headers).status_code


def test_outside_a_demo_there_is_no_local_gateway(client: Client, settings: Settings) -> None:
    assert settings.DEMO is False
    assert client.get("/local-gateway/").status_code == 404
    assert post(client, settings, b"{}") == 404
    with pytest.raises(NotFound):
        queries.received_sms()


def test_the_local_gateway_takes_only_signed_fresh_and_whole_messages(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    body = json.dumps({"id": str(uuid4()), "to": "13800000001", "text": "验证码123456<i>"}).encode()
    assert post(client, settings, body, key="wrong") == 401
    assert post(client, settings, body, stamp=str(int(time.time()) - 301)) == 401
    assert post(client, settings, body, stamp="soon") == 401
    assert client.post("/local-gateway/messages/", data=body, content_type="application/json").status_code == 401
    for broken in (b"", b"[]", b"{}", b'{"id": 1, "to": "", "text": ""}', b"\xff\xfe"):
        assert post(client, settings, broken) == 422
    assert post(client, settings, body) == post(client, settings, body) == 201
    with scoped(JOB):
        assert ReceivedSms.objects.count() == 1
    with scoped(ANONYMOUS):
        assert ReceivedSms.objects.count() == 0
    page = client.get("/local-gateway/").content.decode()
    assert "验证码123456&lt;i&gt;" in page and "13800000001" in page
