"""Phones: met, limited, revoked; what a revoked one is told, also when nobody is signed in."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.sync import engine
from linli.foundation.sync.engine import name_of, read_items
from linli.foundation.sync.models import Device, Item
from linli.foundation.types import system_actor
from linli.lib.errors import Invalid
from linli.registry.collection.tests.conftest import DEVICE, JOB, Street, street  # noqa: F401 - fixture

pytestmark = pytest.mark.django_db


def phones() -> list[Device]:
    with scoped(JOB):
        return list(Device.objects.order_by("id"))


def test_a_phone_is_entered_once_for_each_worker(street: Street) -> None:  # noqa: F811
    for who in ("worker", "worker", "colleague"):
        assert street.send(who=who).json() == {"device": "ok", "worker": str(street.users[who].pk), "answers": []}
    assert [(one.name, one.user.username) for one in phones()] == [("Android Chrome", "worker"), ("Android Chrome", "colleague")]


def test_a_revoked_phone_is_told_to_forget_and_its_session_ends(street: Street) -> None:  # noqa: F811
    visit = street.visit("zhang")
    street.send()
    street.send(who="colleague")
    (mine, _) = phones()
    page = street.browser("admin").get("/desk/admin/phones/").content.decode()
    assert "Android Chrome" in page
    assert street.browser("admin").post(f"/desk/admin/phones/{mine.pk}/revoke/").status_code == 303
    item = street.item("visit.done", visits=[str(visit.pk)], result="done")
    assert street.send(item).json()["device"] == "wipe"
    assert street.again(visit).state == "due", "nothing a lost phone sends is taken"
    assert street.send(item).status_code == 302, "signed out"
    assert street.send(who="colleague").json()["device"] == "wipe", "whoever holds it now"
    assert all(one.revoked_at and one.wiped_at for one in phones())
    street.browser("admin").post(f"/desk/admin/phones/{mine.pk}/revoke/")
    with scoped(system_actor("test.reader", permissions=["audit.view"])):
        assert AuditEntry.objects.filter(action="sync.phone_revoked", outcome="done").count() == 1


def test_a_revoked_phone_is_reached_without_anybody_signed_in(street: Street) -> None:  # noqa: F811
    street.send()
    address = f"/desk/field/phone/{DEVICE}/"
    assert Client().get(address).json() == {"device": "ok"}
    street.browser("admin").post(f"/desk/admin/phones/{phones()[0].pk}/revoke/")
    assert Client().get(address).json()["device"] == "wipe"
    assert phones()[0].wiped_at is not None
    assert Client().get(f"/desk/field/phone/{uuid4()}/").json() == {"device": "ok"}


def test_only_those_who_look_after_accounts_see_and_revoke_phones(street: Street) -> None:  # noqa: F811
    street.send()
    assert street.browser().get("/desk/admin/phones/").status_code == 403
    assert street.browser("clerk").post(f"/desk/admin/phones/{phones()[0].pk}/revoke/").status_code == 403
    assert street.send(who="clerk").status_code == 403, "who has nothing to send, sends nothing"
    assert phones()[0].revoked_at is None


def test_a_request_needs_its_csrf_token(street: Street) -> None:  # noqa: F811
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(street.users["worker"], backend="linli.foundation.accounts.queries.SessionBackend")
    headers = {"X-Device": str(DEVICE)}
    assert strict.post("/desk/field/sync/", "[]", content_type="application/json", headers=headers).status_code == 403
    token = strict.get("/desk/field/package/", headers=headers).json()["csrf"]
    sent = strict.post("/desk/field/sync/", "[]", content_type="application/json", headers={**headers, "X-CSRFToken": token})
    assert sent.status_code == 200


def test_too_much_and_too_fast_is_refused_and_nothing_lost(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    assert street.send(*[street.item("visit.done")] * 51).status_code == 422
    big = street.item("visit.done", photo="x" * (engine.MOST_BYTES + 1))
    assert street.send(big).status_code == 413
    monkeypatch.setattr("linli.foundation.sync.views.phone.A_MINUTE", 2)
    assert street.send(street.item("no.such"), street.item("no.such")).status_code == 200
    assert street.send(street.item("no.such")).status_code == 429
    with scoped(JOB):
        assert Item.objects.count() == 2


@pytest.mark.parametrize("body", [b"{", b"{}", b"[1]", b'[{"key": "x"}]', b'[{"key": 1, "payload": {}, "kind": "a", "worker": 1}]'])
def test_what_cannot_be_read_is_told(body: bytes) -> None:
    with pytest.raises(Invalid, match="SYNC_FORMAT"):
        read_items(body)


def test_items_with_other_words_have_another_digest() -> None:
    def digest(**changes: object) -> str:
        row = {"key": str(uuid4()), "kind": "a", "worker": str(uuid4()), "base": "", "payload": {"b": 1, "a": 2}, **changes}
        return read_items(json.dumps([row]).encode())[0].digest

    assert digest() == digest(payload={"a": 2, "b": 1}), "order and key do not matter"
    assert len({digest(), digest(kind="b"), digest(base="1"), digest(payload={"a": 2})}) == 4


def test_a_phone_without_a_name_is_refused(street: Street) -> None:  # noqa: F811
    response = street.browser().post("/desk/field/sync/", "[]", content_type="application/json", headers={"X-Device": "mine"})
    assert response.status_code == 422 and response.json()["code"] == "PHONE_UNNAMED"


def test_phones_are_called_by_what_their_browser_says() -> None:
    assert name_of("Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36") == "Android Chrome"
    assert name_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Safari/604.1") == "iPhone Safari"
    assert name_of("curl/8") == "curl/8" and name_of("") == "?"
