"""Client credentials: who gets a token, what it is worth, and when it ends."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from linli.cases.casefile.tests.factories import City
from linli.channels.api.actions import create_client, revoke_client, rotate_secret
from linli.channels.api.models import ApiClient, ApiToken
from linli.channels.api.tests.conftest import OPERATOR, Partner, ask_token, new_partner
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def test_a_token_opens_the_catalogue_for_an_hour(partner: Partner) -> None:
    answer = ask_token(partner.made, scope="matters:read")
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"], body["scope"]) == (200, "Bearer", 3600, "matters:read")
    assert answer["Cache-Control"] == "no-store"
    assert Partner(partner.made, body["access_token"]).get("matters").status_code == 200


def test_http_basic_names_the_client_too(partner: Partner) -> None:
    pair = base64.b64encode(f"{partner.made.client.client_id}:{partner.made.secret}".encode()).decode()
    answer = Client().post("/api/v1/token", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 200


def test_neither_secret_nor_token_is_kept(partner: Partner) -> None:
    with scoped(system_actor("test")):
        client, token = ApiClient.objects.get(), ApiToken.objects.get()
        trail = str(list(AuditEntry.objects.values_list("changes", "notes")))
    assert client.secret.startswith("argon2") and partner.made.secret not in client.secret
    assert partner.token.encode() not in bytes(token.digest) and len(bytes(token.digest)) == 32
    assert partner.token not in trail and partner.made.secret not in trail and client.secret not in trail


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "p-unknown"}, 401, "invalid_client"),
        ({"scope": "matters:read everything"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_refused_token_says_why_in_both_languages(partner: Partner, fields: dict[str, str], status: int, error: str) -> None:
    answer = ask_token(partner.made, **fields)
    assert (answer.status_code, answer["Content-Type"], answer.json()["error"]) == (status, PROBLEM, error)
    assert ("WWW-Authenticate" in answer) == (status == 401)


def test_a_wrong_secret_is_on_the_trail(partner: Partner) -> None:
    ask_token(partner.made, client_secret="wrong")
    with scoped(system_actor("test")):
        entry = AuditEntry.objects.get(action="api.token_issued", outcome="refused")
    assert entry.reason == "INVALID_CLIENT" and entry.notes["client_id"] == partner.made.client.client_id


@pytest.mark.parametrize("how", ["expired", "revoked", "client closed", "secret rotated", "unknown", "missing"])
def test_a_token_that_is_not_in_force_opens_nothing(partner: Partner, how: str) -> None:
    with scoped(OPERATOR):
        rows = ApiToken.objects.all()
        if how == "expired":
            rows.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif how == "client closed":
            revoke_client(OPERATOR, client_pk=partner.made.client.pk)
        elif how == "secret rotated":
            rotate_secret(OPERATOR, client_pk=partner.made.client.pk)
    if how == "revoked":
        form = {"client_id": partner.made.client.client_id, "client_secret": partner.made.secret, "token": partner.token}
        assert Client().post("/api/v1/revoke", form).status_code == 200
    token = {"unknown": "x" * 43, "missing": " "}.get(how, partner.token)
    answer = Partner(partner.made, token).get("matters")
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_partner_cannot_revoke_anothers_token(partner: Partner) -> None:
    other = new_partner(name="Another")
    form = {"client_id": other.made.client.client_id, "client_secret": other.made.secret, "token": partner.token}
    assert Client().post("/api/v1/revoke", form).status_code == 200
    assert partner.get("matters").status_code == 200


def test_the_old_secret_dies_with_the_rotation(partner: Partner) -> None:
    with scoped(OPERATOR):
        fresh = rotate_secret(OPERATOR, client_pk=partner.made.client.pk)
    assert ask_token(partner.made).status_code == 401
    assert ask_token(fresh).status_code == 200


def test_a_scope_taken_away_counts_at_once(partner: Partner) -> None:
    with scoped(OPERATOR):
        ApiClient.objects.update(scopes=["cases:read"])
    answer = partner.get("matters")
    assert (answer.status_code, answer.json()["code"]) == (403, "INSUFFICIENT_SCOPE")


def test_guessing_secrets_is_slowed_down(partner: Partner) -> None:
    answers = [ask_token(partner.made, client_secret="wrong") for _ in range(10)]
    assert answers[0].status_code == 401 and answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1 and answers[-1]["Content-Type"] == PROBLEM


def test_only_the_administrator_of_accounts_registers_partners(city: City) -> None:
    clerk = city.actor("clerk")
    with pytest.raises(Refused, match="NO_PERMISSION"):
        create_client(clerk, name="Bank", scopes=["matters:read"])
    partner = new_partner()
    with scoped(Actor(ActorKind.STAFF, permissions=frozenset({"cases.view"}))):
        assert not ApiClient.objects.filter(pk=partner.made.client.pk).exists()
    with pytest.raises(Invalid, match="INVALID_SCOPE"), scoped(OPERATOR):
        create_client(OPERATOR, name="Bank", scopes=["everything"])


def test_the_command_line_prints_the_secret_once(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_client", "create", "Bank", "--scopes", "matters:read")
    made = capsys.readouterr().out
    call_command("api_client", "list")
    assert "client_secret" in made and "client_secret" not in capsys.readouterr().out
