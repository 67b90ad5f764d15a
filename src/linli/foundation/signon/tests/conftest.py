"""A system that signs people in through us: it knows its secret, remembers state and nonce, and makes its own verifier."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from linli.foundation.accounts.models import User
from linli.foundation.signon import actions
from linli.foundation.signon.models import System
from linli.foundation.types import system_actor

BACKEND = "linli.foundation.accounts.queries.SessionBackend"
OPERATOR = system_actor("test.operator", permissions=["admin.accounts"])
BACK = "https://oa.city.example/back?from=linli"


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(autouse=True)
def here(settings: Settings, key_folder: Path) -> None:
    settings.SITE_URL, settings.STATE_DIR = "http://testserver", key_folder


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@dataclass
class Relying:
    """The other side of the dance."""

    system: System
    secret: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = "st-1"
    nonce: str = "n-1"

    def request(self, **changes: str | None) -> dict[str, str]:
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.system.client_id,
            "redirect_uri": BACK,
            "scope": "openid profile unit" if self.system.audience == "staff" else "openid profile",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def ask(self, client: Client, **changes: str | None) -> Any:
        return client.get("/sign-on/authorize/", self.request(**changes))

    def code(self, client: Client, **changes: str | None) -> str:
        answer = self.ask(client, **changes)
        if answer.status_code == 200:
            answer = client.post(answer.wsgi_request.get_full_path())
        assert answer.status_code == 302, answer.content.decode()
        return query_of(answer.headers["Location"])["code"]

    def redeem(self, code: str, basic: bool = True, **changes: str) -> Any:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": self.verifier, **changes}
        pair = (form.pop("client_id", self.system.client_id), form.pop("client_secret", self.secret))
        headers = {"Authorization": f"Basic {base64.b64encode(':'.join(pair).encode()).decode()}"} if basic else {}
        if not basic:
            form |= {"client_id": pair[0], "client_secret": pair[1]}
        body = "&".join(f"{name}={value}" for name, value in form.items()).replace("?", "%3F").replace(":", "%3A").replace("/", "%2F")
        return Client().post("/sign-on/token/", body, content_type="application/x-www-form-urlencoded", headers=headers)

    def read(self, id_token: str) -> dict[str, Any]:
        """The ID token, checked as a system checks it: with the key fetched by its id."""
        keys = {key["kid"]: key for key in Client().get("/sign-on/keys/").json()["keys"]}
        key = jwt.PyJWK(keys[jwt.get_unverified_header(id_token)["kid"]])
        said: dict[str, Any] = jwt.decode(id_token, key, algorithms=["RS256"], audience=self.system.client_id, issuer="http://testserver")
        return said


def userinfo(token: str) -> Any:
    return Client().get("/sign-on/userinfo/", headers={"Authorization": f"Bearer {token}"})


def relying(audience: str = "staff", name: str = "协同办公系统", scopes: tuple[str, ...] | None = None) -> Relying:
    wanted = scopes if scopes is not None else (("profile", "unit") if audience == "staff" else ("profile",))
    made = actions.create_system(OPERATOR, name=name, audience=audience, redirect_uris=[BACK], scopes=list(wanted))
    return Relying(made.system, made.secret)


def at_home(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client
