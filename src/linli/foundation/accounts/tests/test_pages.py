"""The sign-in and account pages over HTTP: without scripts, hostile addresses, forced change, idle end, sign-out."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as conf
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from linli.foundation.accounts import actions
from linli.foundation.accounts.actions.codes import new_citizen
from linli.foundation.accounts.engine.onetime import code_at
from linli.foundation.accounts.models import Mandate, SecondFactor, SignInCode, User
from linli.foundation.accounts.tests.conftest import PASSWORD, PHONE, Outbox, actor_for, id_number, make_staff
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.foundation.accounts.tests.site"), pytest.mark.usefixtures("bare_doors")]


def by_phone(client: Client, outbox: Outbox, goal: str = "", phone: str = PHONE) -> Any:
    SignInCode.objects.all().delete()
    page = client.post("/accounts/sign-in/", {"phone": phone, "next": goal})
    assert page.status_code == 200 and b'name="code"' in page.content
    return client.post("/accounts/sign-in/code/", {"phone": phone, "code": outbox.code(), "next": goal})


def test_a_resident_signs_in_with_two_plain_forms(client: Client, outbox: Outbox) -> None:
    assert client.get("/accounts/").headers["Location"] == "/accounts/sign-in/?next=%2Faccounts%2F"
    answer = by_phone(client, outbox, "/accounts/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/")
    page = client.get("/accounts/")
    assert b"138****0001" in page.content and PHONE.encode() not in page.content
    assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\x00//evil.example",
        "https:evil.example",
    ],
)
def test_no_address_of_another_site_is_followed(client: Client, outbox: Outbox, goal: str) -> None:
    assert by_phone(client, outbox, goal).headers["Location"] == conf.LOGIN_REDIRECT_URL
    assert client.get("/accounts/sign-in/", {"next": goal}).headers["Location"] == conf.LOGIN_REDIRECT_URL
    make_staff("chen")
    desk = Client().post("/desk/sign-in/", {"username": "chen", "password": PASSWORD, "next": goal})
    assert desk.headers["Location"] == "/desk/"


def test_a_demo_says_where_its_text_messages_are(client: Client, outbox: Outbox, settings: Settings) -> None:
    assert b"/local-gateway/" not in client.post("/accounts/sign-in/", {"phone": PHONE}).content
    settings.DEMO = True
    assert b"/local-gateway/" in client.post("/accounts/sign-in/", {"phone": "13800000002"}).content


def test_wrong_input_stays_on_the_page_and_is_said_beside_the_field(client: Client, outbox: Outbox) -> None:
    page = client.post("/accounts/sign-in/", {"phone": "12345"})
    assert page.status_code == 422 and b'aria-invalid="true"' in page.content
    client.post("/accounts/sign-in/", {"phone": PHONE})
    page = client.post("/accounts/sign-in/code/", {"phone": PHONE, "code": "000000x"})
    assert page.status_code == 422 and b'id="id_code_error"' in page.content
    assert client.post("/accounts/sign-in/code/", {"phone": "<script>", "code": "1"}).status_code == 422
    assert b"<script>" not in client.post("/accounts/sign-in/code/", {"phone": "<script>", "code": "1"}).content.replace(
        b"<script type", b""
    )
    assert client.get("/accounts/sign-in/code/").status_code == 302
    assert SignInCode.objects.get(phone_index__isnull=False).tries == 1, "a try outlives the page that refused it"


def test_the_session_key_changes_with_the_person(client: Client, outbox: Outbox) -> None:
    client.get("/accounts/sign-in/")
    by_phone(client, outbox)
    first = client.session.session_key
    client.post("/desk/sign-in/", {"username": make_staff("chen").username, "password": PASSWORD})
    assert client.session.session_key not in (None, first)
    assert str(client.session["_auth_user_id"]) == str(User.objects.get(username="chen").pk)


def test_signing_out_needs_a_post_and_clears_the_browser(client: Client, outbox: Outbox) -> None:
    by_phone(client, outbox)
    assert client.get("/accounts/sign-out/").status_code == 405
    answer = client.post("/accounts/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/accounts/").status_code == 302


def test_half_an_hour_without_a_request_ends_a_session_and_work_renews_it(client: Client, outbox: Outbox) -> None:
    by_phone(client, outbox)
    session = client.session
    session["seen"] = int(time.time()) - 1700
    session.save()
    assert client.get("/accounts/").status_code == 200
    assert client.session["seen"] > time.time() - 60
    session = client.session
    session["seen"] = int(time.time()) - 1801
    session.save()
    assert client.get("/accounts/").status_code == 302


def test_forged_posts_are_refused(outbox: Outbox) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/sign-in/", {"phone": PHONE}).status_code == 403
    assert strict.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD}).status_code == 403
    assert outbox == []


@pytest.mark.usefixtures("register")
def test_a_phone_with_a_new_holder_shows_nothing_of_the_old_one(client: Client, outbox: Outbox) -> None:
    old = new_citizen(PHONE)
    actions.verify_person(actor_for(old), name="王小明", id_number=id_number(1))
    long_ago = timezone.now() - timedelta(days=200)
    User.objects.update(last_seen=long_ago, last_login=long_ago, created_at=long_ago)
    page = by_phone(client, outbox)
    assert page.status_code == 200 and "王" not in page.content.decode()
    token = re.search(rb'name="token" value="([^"]+)"', page.content)
    assert token is not None
    assert client.post("/accounts/sign-in/holder/", {"token": token[1].decode(), "id_tail": "0000"}).status_code == 422
    assert (
        client.post("/accounts/sign-in/holder/", {"token": "forged", "id_tail": id_number(1)[-4:]}).headers["Location"]
        == "/accounts/sign-in/"
    )
    assert client.post("/accounts/sign-in/holder/", {"token": token[1].decode(), "new": "1"}).status_code == 302
    assert client.session["_auth_user_id"] != str(old.pk)


@pytest.mark.usefixtures("register")
def test_a_resident_confirms_who_she_is_and_gives_and_revokes_a_mandate(client: Client, outbox: Outbox) -> None:
    by_phone(client, outbox)
    assert client.post("/accounts/verify/", {"name": "王小明", "id_number": id_number(2)}).status_code == 422
    assert client.post("/accounts/verify/", {"name": "王小明", "id_number": id_number(1)}).status_code == 302
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    fields = {"grantee_name": "李大山", "grantee_id_number": id_number(2), "kind": "family", "until": until}
    assert client.post("/accounts/mandates/", fields).status_code == 302
    with scoped(system_actor("test")):
        mandate = Mandate.objects.get()
    page = client.get("/accounts/mandates/").content.decode()
    assert "李大山" in page and str(mandate.pk) in page
    stranger = Client()
    by_phone(stranger, outbox, phone="13900000009")
    assert stranger.post(f"/accounts/mandates/{mandate.pk}/revoke/").status_code == 404
    assert client.post(f"/accounts/mandates/{mandate.pk}/revoke/").status_code == 302
    with scoped(system_actor("test")):
        assert Mandate.objects.get().revoked_at is not None


def test_a_resident_changes_the_phone_and_stays_signed_in_here_only(client: Client, outbox: Outbox) -> None:
    elsewhere = Client()
    by_phone(client, outbox)
    by_phone(elsewhere, outbox)
    SignInCode.objects.all().delete()
    assert b'name="code"' in client.post("/accounts/phone/", {"phone": "13900000002"}).content
    assert client.post("/accounts/phone/", {"phone": "13900000002", "code": "bad"}).status_code == 422
    assert client.post("/accounts/phone/", {"phone": "13900000002", "code": outbox.code()}).status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302


def test_a_first_password_is_changed_before_anything_else(client: Client) -> None:
    make_staff("chen", must_change=True)
    page = client.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD})
    assert page.headers["Location"] == "/desk/account/password/"
    assert client.get("/desk/account/").headers["Location"] == "/desk/account/password/"
    assert client.get("/desk/account/password/").status_code == 200
    fields = {"old": PASSWORD, "new": "Another-9-horse", "again": "Another-9-horse"}
    assert client.post("/desk/account/password/", {**fields, "again": "x"}).status_code == 422
    assert client.post("/desk/account/password/", {**fields, "new": "weak", "again": "weak"}).status_code == 422
    assert client.post("/desk/account/password/", fields).headers["Location"] == "/desk/"
    assert client.get("/desk/account/").status_code == 200


def test_a_password_older_than_ninety_days_is_changed_first(client: Client) -> None:
    make_staff("chen")
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    assert client.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD}).headers["Location"] == "/desk/account/password/"


def test_staff_set_up_a_second_factor_and_need_it_from_then_on(client: Client) -> None:
    make_staff("chen")
    client.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD})
    page = client.post("/desk/account/second-factor/")
    secret = SecondFactor.objects.get().secret
    assert secret.encode() in page.content and b"data:image/svg+xml" in page.content
    assert client.post("/desk/account/second-factor/", {"code": "1"}).status_code == 422
    codes = client.post("/desk/account/second-factor/", {"code": code_at(secret, time.time())})
    assert len(re.findall(rb"<code>[2-9a-z]{5}-[2-9a-z]{5}</code>", codes.content)) == 10
    other = Client()
    page = other.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD, "next": "/desk/account/"})
    assert other.get("/desk/account/").status_code == 302, "the password alone opens no session"
    token = re.search(rb'name="token" value="([^"]+)"', page.content)
    assert token is not None
    SecondFactor.objects.update(last_step=0)
    answer = {"token": token[1].decode(), "next": "/desk/account/"}
    assert other.post("/desk/sign-in/second-factor/", {**answer, "code": "123"}).status_code == 422
    entered = other.post("/desk/sign-in/second-factor/", {**answer, "code": code_at(secret, time.time())})
    assert entered.headers["Location"] == "/desk/account/"
    assert other.get("/desk/account/").status_code == 200


def test_failures_over_http_are_counted_though_the_page_answers(client: Client) -> None:
    user = make_staff("chen")
    for _ in range(5):
        assert client.post("/desk/sign-in/", {"username": "chen", "password": "wrong"}).status_code == 422
    user.refresh_from_db()
    assert user.locked_until is not None
    assert client.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD}).status_code == 422
