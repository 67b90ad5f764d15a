"""Passkeys over HTTP with a device in software: adding, signing in, the second step, and every way it must not work."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from linli.foundation.accounts import actions, queries
from linli.foundation.accounts.actions.codes import new_citizen, release_phone
from linli.foundation.accounts.actions.passkey_doors import CHALLENGES_PER_ADDRESS
from linli.foundation.accounts.actions.passwords import PER_ADDRESS
from linli.foundation.accounts.engine import site_of
from linli.foundation.accounts.engine.onetime import code_at
from linli.foundation.accounts.models import Passkey, PasskeyChallenge, SecondFactor, User
from linli.foundation.accounts.tests.authenticator import PRESENT, Device
from linli.foundation.accounts.tests.conftest import OUTSIDE, PASSWORD, PHONE, actor_for, make_staff
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import NotFound, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.foundation.accounts.tests.site"), pytest.mark.usefixtures("bare_doors")]
BACKEND = "linli.foundation.accounts.queries.SessionBackend"


@pytest.fixture(autouse=True)
def here(settings: Settings) -> None:
    settings.SITE_URL = "http://testserver"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["entered"] = int(time.time())
    session.save()
    return client


def place(user: User) -> str:
    return "/desk/account/passkeys/" if user.kind == "staff" else "/accounts/passkeys/"


def add(client: Client, user: User, device: Device | None = None, name: str = "我的手机") -> tuple[Device, Any]:
    device = device or Device()
    options = client.post(place(user) + "invite/").json()["publicKey"]
    return device, client.post(place(user), {"name": name, "answer": device.create(options)})


def with_passkey(user: User) -> Device:
    device, answer = add(signed_in(user), user)
    assert answer.status_code in (200, 303)
    return device


def enter(client: Client, device: Device, door: str = "portal", goal: str = "", **changes: Any) -> Any:
    options = client.post("/accounts/sign-in/passkey/ask/").json()["publicKey"]
    return client.post("/accounts/sign-in/passkey/", {"answer": device.get(options, **changes), "door": door, "next": goal})


def who(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def refusals(action: str = "accounts.sign_in_refused") -> list[tuple[str, str]]:
    with scoped(system_actor("test")):
        rows = AuditEntry.objects.filter(action=action, outcome="refused").order_by("seq")
        return [(row.reason, row.notes.get("detail", "")) for row in rows]


def test_a_resident_adds_a_passkey_and_signs_in_with_it_alone() -> None:
    user = new_citizen(PHONE)
    device, answer = add(signed_in(user), user)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/accounts/passkeys/")
    outside = Client()
    assert enter(outside, device, goal="/accounts/").headers["Location"] == "/accounts/"
    assert who(outside) == str(user.pk)
    page = outside.get("/accounts/passkeys/").content.decode()
    assert "我的手机" in page and timezone.localtime().strftime("%Y-%m-%d") in page
    with scoped(system_actor("test")):
        trail = list(AuditEntry.objects.filter(action__startswith="accounts.passkey").order_by("seq").values_list("action", flat=True))
        secrets = str(list(AuditEntry.objects.values_list("changes", "notes")))
    assert trail == [f"accounts.passkey_{word}" for word in ("asked", "added", "challenge_made", "checked")]
    assert bytes(Passkey.objects.get().public_key).hex() not in secrets


def test_staff_sign_in_with_a_passkey_alone_from_their_own_door() -> None:
    user = make_staff("chen")
    device = with_passkey(user)
    client = Client()
    assert b'data-passkey="get"' in client.get("/desk/sign-in/").content
    assert enter(client, device, door="desk").headers["Location"] == "/desk/"
    assert who(client) == str(user.pk)
    elsewhere = Client()
    assert enter(elsewhere, device, door="desk", goal="https://evil.example/").headers["Location"] == "/desk/"


def test_the_options_ask_for_a_discoverable_and_verified_passkey_and_name_no_more_than_needed() -> None:
    user = new_citizen(PHONE)
    client = signed_in(user)
    add(client, user)
    options = client.post("/accounts/passkeys/invite/").json()["publicKey"]
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["attestation"] == "none" and options["rp"]["id"] == "testserver"
    assert PHONE not in str(options) and len(options["excludeCredentials"]) == 1
    question = Client().post("/accounts/sign-in/passkey/ask/").json()["publicKey"]
    assert question["userVerification"] == "required" and not question.get("allowCredentials")


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_passkey_never_changes_how_surely_somebody_is_known(level: int) -> None:
    user = new_citizen(PHONE)
    User.objects.filter(pk=user.pk).update(assurance=level)
    device = with_passkey(user)
    client = Client()
    enter(client, device)
    user.refresh_from_db()
    assert user.assurance == level and who(client) == str(user.pk)


def spoil_origin(device: Device) -> None:
    device.origin = "http://testserver.evil.example"


def spoil_party(device: Device) -> None:
    device.rp_id = "evil.example"


def spoil_verification(device: Device) -> None:
    device.flags = PRESENT


def spoil_presence(device: Device) -> None:
    device.flags = 0


def spoil_key(device: Device) -> None:
    device.key = Device().key


def spoil_handle(device: Device) -> None:
    device.handle = UUID(int=7).bytes


def spoil_credential(device: Device) -> None:
    device.credential_id = b"x" * 32


SPOILS = [spoil_origin, spoil_party, spoil_verification, spoil_presence, spoil_key, spoil_handle, spoil_credential]


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_an_answer_that_does_not_fit_opens_nothing_and_is_on_the_trail(spoil: Callable[[Device], None]) -> None:
    user = make_staff("chen")
    device = with_passkey(user)
    spoil(device)
    client = Client()
    answer = enter(client, device, door="desk", goal="/desk/account/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/sign-in/?next=%2Fdesk%2Faccount%2F")
    assert not who(client)
    ((reason, detail),) = refusals()
    assert reason == "PASSKEY_WRONG" and detail
    assert queries.attempts("passkey", "127.0.0.1", since=timezone.now() - timedelta(minutes=1)) == 1


@pytest.mark.parametrize(
    "junk", ["", "[]", "{}", "x" * 20_000, '{"rawId": 5}', "[" * 9_000, '{"rawId": "AA", "response": {"userHandle": 3}}']
)
def test_junk_is_an_answer_that_does_not_fit(junk: str) -> None:
    client = Client()
    client.post("/accounts/sign-in/passkey/ask/")
    assert client.post("/accounts/sign-in/passkey/", {"answer": junk}).status_code == 303
    assert not who(client)


def test_a_challenge_is_good_once_in_its_session_for_five_minutes() -> None:
    user = make_staff("chen")
    device = with_passkey(user)
    first, second = Client(), Client()
    options = first.post("/accounts/sign-in/passkey/ask/").json()["publicKey"]
    answer = {"answer": device.get(options), "door": "desk"}
    second.post("/accounts/sign-in/passkey/ask/")
    second.post("/accounts/sign-in/passkey/", answer)
    assert not who(second), "the challenge of another session"
    first.post("/accounts/sign-in/passkey/", answer)
    assert who(first) == str(user.pk)
    first.post("/desk/sign-out/")
    first.post("/accounts/sign-in/passkey/", answer)
    assert not who(first), "replayed without a challenge"
    number = PasskeyChallenge.objects.exclude(used_at=None).filter(purpose="sign_in").order_by("-made_at").last()
    assert number is not None
    session = first.session
    session["passkey"] = str(number.pk)
    session.save()
    first.post("/accounts/sign-in/passkey/", answer)
    assert not who(first), "replayed with the number of the used challenge put back"
    options = first.post("/accounts/sign-in/passkey/ask/").json()["publicKey"]
    PasskeyChallenge.objects.update(expires_at=timezone.now())
    first.post("/accounts/sign-in/passkey/", {"answer": device.get(options)})
    assert not who(first), "too late"
    assert [reason for reason, _ in refusals()] == ["PASSKEY_WRONG", *["PASSKEY_EXPIRED"] * 3]


def test_a_challenge_for_one_thing_is_not_good_for_another() -> None:
    user = make_staff("chen")
    device, client = with_passkey(user), Client()
    client.force_login(user, backend=BACKEND)
    number, options = actions.invite_passkey(actor_for(user), signed_in_at=timezone.now())
    assert actions.sign_in_with_passkey(OUTSIDE, challenge_id=number, answer=device.get(options)).problem is not None
    number, options = actions.ask_for_passkey(OUTSIDE, user_id=user.pk)
    assert actions.sign_in_with_passkey(OUTSIDE, challenge_id=number, answer=device.get(options)).problem is not None
    other = make_staff("li")
    number, options = actions.ask_for_passkey(OUTSIDE, user_id=other.pk)
    with_passkey(other)
    wrong = actions.check_passkey_factor(OUTSIDE, user_id=user.pk, challenge_id=number, answer=device.get(options))
    assert wrong.problem is not None and wrong.problem.code == "PASSKEY_EXPIRED"


def test_a_device_that_counts_backwards_is_refused_and_noted() -> None:
    user = make_staff("chen")
    device = Device()
    device.count = 5
    add(signed_in(user), user, device)
    client = Client()
    enter(client, device)
    assert who(client) and Passkey.objects.get().sign_count == 6
    device.count = 3
    other = Client()
    enter(other, device)
    assert not who(other)
    assert refusals() == [("PASSKEY_COPIED", "sign count 4 after 6")]
    assert Passkey.objects.get().sign_count == 6


@pytest.mark.parametrize("how", ["locked", "left", "removed", "phone gone"])
def test_a_locked_closed_or_released_account_cannot_be_entered(how: str) -> None:
    user = new_citizen(PHONE) if how == "phone gone" else make_staff("chen")
    device = with_passkey(user)
    if how == "locked":
        User.objects.update(locked_until=timezone.now() + timedelta(minutes=5))
    elif how == "left":
        with scoped(system_actor("test")):
            actions.leave(system_actor("test", permissions=["admin.accounts"]), user_id=user.pk)
    elif how == "removed":
        actions.remove_passkey(actor_for(user), passkey_id=Passkey.objects.get().pk)
    else:
        with scoped(system_actor("test")):
            release_phone(user)
    client = Client()
    enter(client, device)
    assert not who(client)
    assert len(refusals()) == 1


def test_guesses_from_one_address_come_to_an_end() -> None:
    user = make_staff("chen")
    device = with_passkey(user)
    good = device.key
    spoil_key(device)
    for _ in range(PER_ADDRESS):
        number, options = actions.ask_for_passkey(OUTSIDE)
        actions.sign_in_with_passkey(OUTSIDE, challenge_id=number, answer=device.get(options))
    device.key = good
    number, options = actions.ask_for_passkey(OUTSIDE)
    late = actions.sign_in_with_passkey(OUTSIDE, challenge_id=number, answer=device.get(options))
    assert late.problem is not None and late.problem.code == "SIGN_IN_WAIT"
    now = timezone.now()
    rows = [PasskeyChallenge(purpose="sign_in", challenge=b"x", made_at=now, expires_at=now, address="127.0.0.1")] * CHALLENGES_PER_ADDRESS
    for row in rows:
        PasskeyChallenge(purpose="sign_in", challenge=b"x", made_at=now, expires_at=now, address=row.address).save(force_insert=True)
    assert Client().post("/accounts/sign-in/passkey/ask/").status_code == 429


def test_somebody_elses_passkey_is_no_second_step_and_counts_towards_the_lock() -> None:
    chen, li = make_staff("chen"), make_staff("li")
    with_passkey(chen)
    foreign = with_passkey(li)
    for _ in range(5):
        number, options = actions.ask_for_passkey(OUTSIDE, user_id=chen.pk)
        result = actions.check_passkey_factor(OUTSIDE, user_id=chen.pk, challenge_id=number, answer=foreign.get(options))
        assert result.problem is not None
    chen.refresh_from_db()
    li.refresh_from_db()
    assert chen.locked_until is not None and li.locked_until is None


def second_step(client: Client) -> str:
    page = client.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD, "next": "/desk/account/"})
    token = re.search(rb'name="token" value="([^"]+)"', page.content)
    assert page.status_code == 200 and token is not None and not who(client)
    return token[1].decode()


def test_with_a_passkey_the_password_alone_opens_nothing_and_the_passkey_is_the_second_step() -> None:
    user = make_staff("chen")
    device = with_passkey(user)
    client = Client()
    token = second_step(client)
    options = client.post("/desk/sign-in/second-factor/passkey/ask/", {"token": token}).json()["publicKey"]
    assert len(options["allowCredentials"]) == 1
    good = device.get(options)
    wrong = client.post("/desk/sign-in/second-factor/passkey/", {"token": token, "answer": "{}"})
    assert wrong.status_code == 422 and b'name="token"' in wrong.content
    assert client.post("/desk/sign-in/second-factor/passkey/", {"token": token, "answer": good}).status_code == 422, "its challenge is used"
    options = client.post("/desk/sign-in/second-factor/passkey/ask/", {"token": token}).json()["publicKey"]
    entered = client.post("/desk/sign-in/second-factor/passkey/", {"token": token, "answer": device.get(options), "next": "/desk/account/"})
    assert entered.headers["Location"] == "/desk/account/" and who(client) == str(user.pk)
    assert Client().post("/desk/sign-in/second-factor/passkey/ask/", {"token": "forged"}).status_code == 409
    assert Client().post("/desk/sign-in/second-factor/passkey/", {"token": "forged"}).headers["Location"] == "/desk/sign-in/"


def test_recovery_codes_come_with_the_first_passkey_and_go_with_the_last() -> None:
    user = make_staff("chen")
    client = signed_in(user)
    _, page = add(client, user)
    codes = re.findall(r"<code>([2-9a-z]{5}-[2-9a-z]{5})</code>", page.content.decode())
    assert len(codes) == 10
    assert add(client, user, name="办公电脑")[1].status_code == 303, "the codes are shown once"
    outside = Client()
    answer = {"token": second_step(outside), "code": codes[0], "next": "/desk/account/"}
    assert outside.post("/desk/sign-in/second-factor/", answer).headers["Location"] == "/desk/account/"
    again = Client()
    assert again.post("/desk/sign-in/second-factor/", {"token": second_step(again), "code": codes[0]}).status_code == 422
    secret = SecondFactor.objects.get().secret
    late = Client()
    assert late.post("/desk/sign-in/second-factor/", {"token": second_step(late), "code": code_at(secret, time.time())}).status_code == 422
    for passkey in Passkey.objects.all():
        assert client.post(f"/desk/account/passkeys/{passkey.pk}/remove/").status_code == 303
    assert not SecondFactor.objects.exists()
    assert Client().post("/desk/sign-in/", {"username": "chen", "password": PASSWORD}).headers["Location"] == "/desk/"


def test_the_administrator_takes_passkeys_off_with_the_second_factor() -> None:
    user = make_staff("chen")
    with_passkey(user)
    admin = actor_for(make_staff("admin"), "admin.accounts")
    with pytest.raises(Refused, match="OWN_ACCOUNT"):
        actions.remove_second_factor(admin.but(user_id=user.pk), user_id=user.pk)
    actions.remove_second_factor(admin, user_id=user.pk)
    assert not Passkey.objects.exists() and not queries.has_second_factor(user.pk)


def test_nobody_removes_or_sees_the_passkey_of_another() -> None:
    chen, li = make_staff("chen"), make_staff("li")
    with_passkey(chen)
    passkey = Passkey.objects.get()
    client = signed_in(li)
    assert client.post(f"/desk/account/passkeys/{passkey.pk}/remove/").status_code == 404
    assert str(passkey.pk) not in client.get("/desk/account/passkeys/").content.decode()
    with pytest.raises(NotFound, match="PASSKEY_UNKNOWN"):
        actions.remove_passkey(actor_for(li), passkey_id=passkey.pk)


def test_adding_needs_a_fresh_sign_in_a_name_and_an_unused_answer() -> None:
    user = new_citizen(PHONE)
    client = signed_in(user)
    session = client.session
    session["entered"] = int(time.time()) - 16 * 60
    session.save()
    stale = client.post("/accounts/passkeys/invite/")
    assert (stale.status_code, stale.json()["code"]) == (409, "PASSKEY_SIGN_IN_AGAIN")
    client = signed_in(user)
    assert add(client, user, name=" ")[1].status_code == 422
    device, good = add(client, user)
    assert good.status_code == 303
    assert add(client, user, device)[1].status_code == 422, "the same credential twice"
    wrong = Device(origin="https://testserver")
    assert add(client, user, wrong)[1].status_code == 422
    options = client.post("/accounts/passkeys/invite/").json()["publicKey"]
    other = signed_in(new_citizen("13800000002"))
    other.post("/accounts/passkeys/invite/")
    assert other.post("/accounts/passkeys/", {"name": "x", "answer": Device().create(options)}).status_code == 422, "another's challenge"
    assert Passkey.objects.count() == 1
    assert {reason for reason, _ in refusals("accounts.passkey_refused")} == {"PASSKEY_KNOWN", "PASSKEY_WRONG"}


def test_a_passkey_says_nothing_of_the_telephone() -> None:
    """Whoever signs in by passkey for years may have lost the number long ago; its new holder is still asked for the ID number."""
    user = new_citizen(PHONE)
    device = with_passkey(user)
    long_ago = timezone.now() - timedelta(days=200)
    User.objects.update(last_seen=long_ago, created_at=long_ago)
    enter(Client(), device)
    user.refresh_from_db()
    assert user.last_login is not None and user.last_login > long_ago and queries.long_unused(user)


def test_where_the_address_does_not_fit_the_pages_say_so_and_offer_no_button(settings: Settings) -> None:
    settings.SITE_URL = "https://city.example"
    assert b"data-passkey" not in Client().get("/accounts/sign-in/").content
    page = signed_in(new_citizen(PHONE)).get("/accounts/passkeys/").content
    assert b"data-passkey=" not in page and b"https://city.example/accounts/passkeys/" in page


@pytest.mark.parametrize(
    ("address", "rp_id", "origin"),
    [
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("https://Linli.Example.gov.cn/", "linli.example.gov.cn", "https://linli.example.gov.cn"),
        ("https://linli.example:8443", "linli.example", "https://linli.example:8443"),
        ("https://linli.example:443", "linli.example", "https://linli.example"),
    ],
)
def test_the_site_address_gives_party_and_origin(address: str, rp_id: str, origin: str) -> None:
    site = site_of(address)
    assert (site.rp_id, site.origin) == (rp_id, origin)


def test_forged_posts_are_refused_here_too() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/sign-in/passkey/ask/").status_code == 403
    assert strict.post("/accounts/sign-in/passkey/", {"answer": "{}"}).status_code == 403
