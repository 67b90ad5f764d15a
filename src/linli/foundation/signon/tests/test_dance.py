"""The whole dance through the real middleware, and every step of it done wrongly."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from linli.foundation.accounts.actions.codes import new_citizen
from linli.foundation.accounts.models import User
from linli.foundation.accounts.tests.conftest import PASSWORD, PHONE, give_post, make_staff, make_unit
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.signon import actions
from linli.foundation.signon.actions.dance import PER_ADDRESS
from linli.foundation.signon.models import SignOnCode, SignOnToken
from linli.foundation.signon.tests.conftest import BACK, OPERATOR, Relying, at_home, query_of, relying, userinfo
from linli.foundation.types import system_actor

pytestmark = pytest.mark.django_db
TEST = system_actor("test")


@pytest.fixture
def chen() -> User:
    user = make_staff("chen")
    give_post(user, make_unit())
    return user


def refused(action: str = "signon.token_refused") -> list[str]:
    with scoped(TEST):
        return list(AuditEntry.objects.filter(action=action, outcome="refused").order_by("seq").values_list("reason", flat=True))


def test_staff_sign_in_here_and_arrive_there_known(chen: User) -> None:
    system, client = relying(), Client()
    to_sign_in = system.ask(client).headers["Location"]
    assert to_sign_in.startswith("/desk/sign-in/?next=%2Fsign-on%2Fauthorize%2F")
    page = client.get(to_sign_in)
    goal = page.context["next"]
    back = client.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD, "next": goal})
    between = client.get(back.headers["Location"])
    assert between.status_code == 200 and "协同办公系统" in between.content.decode()
    assert "form-action 'self' https://oa.city.example" in between.headers["Content-Security-Policy"]
    answer = client.post(back.headers["Location"])
    target = answer.headers["Location"]
    assert answer.status_code == 302 and target.startswith(BACK) and query_of(target)["state"] == "st-1"
    replied = system.redeem(query_of(target)["code"])
    said = replied.json()
    assert replied.status_code == 200 and said["token_type"] == "Bearer" and "refresh_token" not in said
    assert replied.headers["Cache-Control"].startswith("no-store") or "no-store" in replied.headers["Cache-Control"]
    who = system.read(said["id_token"])
    assert who["nonce"] == "n-1" and abs(who["auth_time"] - time.time()) < 60 and who["acr"] == "L0"
    about = userinfo(said["access_token"]).json()
    assert about == {
        "sub": who["sub"],
        "name": "陈工",
        "preferred_username": "chen",
        "unit": "便民服务中心",
        "posts": [{"unit_code": "CS-001", "unit": "便民服务中心", "post": "窗口"}],
    }
    assert str(chen.pk) not in str(about) + str(who)
    assert urlsplit(system.ask(client).headers["Location"]).netloc == "oa.city.example", "signed in already: straight on"


def test_a_system_learns_what_it_was_given_and_asked_for(chen: User) -> None:
    narrow, client = relying(scopes=()), at_home(chen)
    refused_scope = query_of(narrow.ask(client, scope="openid profile").headers["Location"])
    assert (refused_scope["error"], refused_scope["state"]) == ("invalid_scope", "st-1")
    token = narrow.redeem(narrow.code(client, scope="openid")).json()["access_token"]
    assert set(userinfo(token).json()) == {"sub"}
    wide = relying(name="另一个系统")
    modest = wide.redeem(wide.code(client, scope="openid profile")).json()["access_token"]
    assert set(userinfo(modest).json()) == {"sub", "name", "preferred_username"}
    assert userinfo(modest).json()["sub"] != userinfo(token).json()["sub"], "two systems know an account by two names"


def test_what_is_said_is_true_at_the_moment(chen: User) -> None:
    system, client = relying(), at_home(chen)
    token = system.redeem(system.code(client)).json()["access_token"]
    User.objects.filter(pk=chen.pk).update(name="陈主任")
    assert userinfo(token).json()["name"] == "陈主任"
    User.objects.filter(pk=chen.pk).update(is_active=False)
    assert userinfo(token).status_code == 401


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unauthorized_client"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid id_number"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_a_request_that_is_not_in_order_goes_back_with_the_reason(chen: User, changes: dict[str, str | None], error: str) -> None:
    answer = relying().ask(at_home(chen), **changes)
    target = answer.headers["Location"]
    assert answer.status_code == 302 and target.startswith(BACK.partition("?")[0]) and query_of(target)["error"] == error
    with scoped(TEST):
        assert not SignOnCode.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "s-unknown"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": BACK + "&more=1"},
        {"redirect_uri": "https://oa.city.example/back"},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
def test_nothing_is_passed_on_to_where_it_was_not_registered(chen: User, changes: dict[str, str | None]) -> None:
    for client in (at_home(chen), Client()):
        answer = relying(name="系统").ask(client, **changes)
        assert answer.status_code == 400 and "Location" not in answer.headers


def test_a_code_is_good_once_and_using_it_twice_takes_back_what_it_gave(chen: User) -> None:
    system, client = relying(), at_home(chen)
    code = system.code(client)
    token = system.redeem(code).json()["access_token"]
    assert userinfo(token).status_code == 200
    again = system.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert userinfo(token).status_code == 401
    assert refused() == ["invalid_grant"]


@pytest.mark.parametrize("how", ["verifier", "no verifier", "address", "late", "closed account", "other system", "unknown", "grant"])
def test_a_code_without_all_that_belongs_to_it_gives_nothing_ever(chen: User, how: str) -> None:
    system, client = relying(), at_home(chen)
    code, asks = system.code(client), system
    changes: dict[str, str] = {}
    if how == "verifier":
        changes["code_verifier"] = "x" * 50
    elif how == "no verifier":
        changes["code_verifier"] = ""
    elif how == "address":
        changes["redirect_uri"] = "https://oa.city.example/"
    elif how == "late":
        with scoped(TEST):
            SignOnCode.objects.update(expires_at=timezone.now())
    elif how == "closed account":
        User.objects.update(is_active=False)
    elif how == "other system":
        asks = relying(name="另一个系统")
        asks.verifier = system.verifier
    elif how == "unknown":
        code = "nothing"
    else:
        changes["grant_type"] = "client_credentials"
    answer = asks.redeem(code, True, **changes)
    assert answer.status_code == 400 and "access_token" not in answer.json()
    with scoped(TEST):
        assert not SignOnToken.objects.exists()
    if how in ("verifier", "no verifier", "address"):
        assert system.redeem(code).status_code == 400, "the first attempt used it up"
    assert len(refused()) >= 1


@pytest.mark.parametrize("basic", [True, False])
def test_a_system_proves_itself_with_its_secret(chen: User, basic: bool) -> None:
    system, client = relying(), at_home(chen)
    code = system.code(client)
    wrong = system.redeem(code, basic=basic, client_secret="wrong")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert system.redeem(code, basic=basic, client_id="s-unknown").status_code == 401
    assert system.redeem(code, basic=basic).status_code == 200, "somebody without the secret does not use up the code"
    fresh = actions.renew_secret(OPERATOR, system_id=system.system.pk)
    code = system.code(client)
    assert system.redeem(code).status_code == 401
    system.secret = fresh.secret
    assert system.redeem(code).status_code == 200


def test_guessing_from_one_address_comes_to_an_end() -> None:
    system = relying()
    answers = [system.redeem("x").status_code for _ in range(PER_ADDRESS + 1)]
    assert answers[0] == 400 and answers[-1] == 429


def test_a_resident_sees_each_time_what_is_passed_on_and_may_say_no() -> None:
    user = new_citizen(PHONE)
    User.objects.filter(pk=user.pk).update(assurance=1, name="王小明")
    system, client = relying("citizen", "市图书馆"), at_home(user)
    for _ in range(2):
        page = system.ask(client)
        assert page.status_code == 200 and "市图书馆" in page.content.decode()
    with scoped(TEST):
        assert not SignOnCode.objects.exists()
    cancel = query_of(page.context["asked"].cancel)
    assert (cancel["error"], cancel["state"]) == ("access_denied", "st-1")
    said = system.redeem(system.code(client)).json()
    assert system.read(said["id_token"])["acr"] == "L1"
    about = userinfo(said["access_token"]).json()
    assert about["name"] == "王小明" and set(about) == {"sub", "name"}


def test_of_a_resident_known_by_telephone_only_a_system_learns_no_name() -> None:
    system, client = relying("citizen", "市图书馆"), at_home(new_citizen(PHONE))
    token = system.redeem(system.code(client)).json()["access_token"]
    assert set(userinfo(token).json()) == {"sub"}


def test_the_other_kind_of_account_is_refused_with_the_way_forward(chen: User) -> None:
    for_residents, for_staff = relying("citizen", "市图书馆"), relying()
    for system, client in ((for_residents, at_home(chen)), (for_staff, at_home(new_citizen(PHONE)))):
        answer = system.ask(client)
        assert answer.status_code == 403 and system.system.name in answer.content.decode()
        assert query_of(system.ask(client, prompt="none").headers["Location"])["error"] == "login_required"
    with scoped(TEST):
        assert AuditEntry.objects.filter(action="signon.code_issued", reason="SIGN_ON_AUDIENCE").count() == 2


def test_silence_is_kept_when_asked_for(chen: User) -> None:
    system = relying()
    assert query_of(system.ask(Client(), prompt="none").headers["Location"])["error"] == "login_required"
    assert "code" in query_of(system.ask(at_home(chen), prompt="none").headers["Location"])
    library = relying("citizen", "市图书馆")
    assert query_of(library.ask(at_home(new_citizen(PHONE)), prompt="none").headers["Location"])["error"] == "consent_required"


def entered(client: Client, seconds_ago: int) -> None:
    session = client.session
    session["entered"] = int(time.time()) - seconds_ago
    session.save()


@pytest.mark.parametrize(("changes", "again"), [({"max_age": "60"}, True), ({"max_age": "3600"}, False), ({"prompt": "login"}, True)])
def test_whoever_must_prove_it_again_signs_in_again(chen: User, changes: dict[str, str | None], again: bool) -> None:
    system, client = relying(), at_home(chen)
    entered(client, 600)
    answer = system.ask(client, **changes)
    assert answer.headers["Location"].startswith("/desk/sign-in/") is again
    if again:
        assert "_auth_user_id" not in client.session
        goal = client.get(answer.headers["Location"]).context["next"]
        back = client.post("/desk/sign-in/", {"username": "chen", "password": PASSWORD, "next": goal})
        assert client.get(back.headers["Location"]).status_code == 200, "once is enough"


def test_too_old_a_sign_in_and_silence_do_not_go_together(chen: User) -> None:
    system, client = relying(), at_home(chen)
    entered(client, 600)
    assert query_of(system.ask(client, prompt="none", max_age="60").headers["Location"])["error"] == "login_required"


def test_a_disabled_system_is_unknown_and_what_it_was_given_is_void(chen: User) -> None:
    system, client = relying(), at_home(chen)
    token, code = system.redeem(system.code(client)).json()["access_token"], system.code(client)
    actions.disable_system(OPERATOR, system_id=system.system.pk)
    assert userinfo(token).status_code == 401
    assert system.redeem(code).status_code == 401
    assert system.ask(client).status_code == 400


def test_the_step_in_between_cannot_be_pressed_by_another_site() -> None:
    system, user = relying("citizen", "市图书馆"), new_citizen(PHONE)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user, backend="linli.foundation.accounts.queries.SessionBackend")
    address = system.ask(strict).wsgi_request.get_full_path()
    assert strict.post(address).status_code == 403


def test_neither_code_nor_token_nor_secret_is_kept_or_on_the_trail(chen: User) -> None:
    system, client = relying(), at_home(chen)
    code = system.code(client)
    token = system.redeem(code).json()["access_token"]
    with scoped(TEST):
        kept: list[Any] = [*SignOnCode.objects.values_list("digest", flat=True), *SignOnToken.objects.values_list("digest", flat=True)]
        trail = str(list(AuditEntry.objects.values_list("action", "changes", "notes")))
    assert all(code.encode() not in bytes(row) and token.encode() not in bytes(row) for row in kept)
    assert not any(word in trail for word in (code, token, system.secret))
    assert "signon.code_issued" in trail and "signon.token_issued" in trail and str(chen.pk) in trail


def test_old_codes_and_their_tokens_are_thrown_away(chen: User) -> None:
    system, client = relying(), at_home(chen)
    system.redeem(system.code(client))
    tidier = system_actor("test.tidy")
    assert actions.tidy(tidier, now=timezone.now()) == 0
    assert actions.tidy(tidier, now=timezone.now() + timedelta(days=2)) == 2


def test_what_is_offered_is_what_answers() -> None:
    offered = Client().get("/.well-known/openid-configuration").json()
    assert offered["issuer"] == "http://testserver" and offered["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert Client().get(urlsplit(offered[name]).path).status_code in (200, 400, 401, 405), name
    (key,) = Client().get("/sign-on/keys/").json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
    assert userinfo("nothing").headers["WWW-Authenticate"].endswith('error="invalid_token"')
    assert Client().post("/sign-on/token/", "{}", content_type="application/json").status_code == 400


def test_redeeming_is_typed_as_the_protocol_says() -> None:
    made: Relying = relying()
    answer = made.redeem("x")
    assert answer.headers["Content-Type"] == "application/json" and "no-store" in answer.headers["Cache-Control"]
