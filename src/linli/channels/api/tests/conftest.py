"""A small city, and partner systems that call its API through the real door."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from linli.cases.casefile.tests.factories import City, small_city
from linli.channels.api.actions import NewClient, create_client
from linli.foundation.messages.actions import load_templates
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

OPERATOR = system_actor("test.operator", permissions=["admin.accounts"])
NUMBER = "360599194503070027"
SUBMISSION: dict[str, Any] = {
    "matter": "MZ06",
    "applicant": {"name": "王秀兰", "id_number": NUMBER, "phone": "13800000001", "region": "360502001001"},
    "answers": {
        "sex": "2",
        "birth_date": "1945-03-07",
        "hukou_address": "江西省新余市渝水区城北街道北湖社区1号",
        "live_address": "江西省新余市渝水区城北街道北湖社区1号",
        "bank_account": "6222020000000000000",
        "bank_name": "工商银行",
        "other_place": False,
        "has_agent": False,
        "truth": True,
        "signature": {"name": "王秀兰", "agreed": True},
    },
}


@dataclass
class Partner:
    """A partner system with its token."""

    made: NewClient
    token: str = ""

    def __post_init__(self) -> None:
        if not self.token:
            self.token = ask_token(self.made).json()["access_token"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **query: str) -> Any:
        return Client().get(f"/api/v1/{path}", query, headers=self.headers)

    def submit(self, body: dict[str, Any] | None = None, *, key: str = "key-00000001", **headers: str) -> Any:
        return Client().post(
            "/api/v1/cases", json.dumps(body or SUBMISSION), "application/json", headers={**self.headers, "Idempotency-Key": key, **headers}
        )


def ask_token(made: NewClient, **fields: str) -> Any:
    form = {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret, **fields}
    return Client().post("/api/v1/token", form)


def new_partner(*scopes: str, name: str = "Bank of Xinyu", **limits: int) -> Partner:
    with scoped(OPERATOR):
        made = create_client(OPERATOR, name=name, scopes=list(scopes) or ["matters:read", "cases:submit", "cases:read"], **limits)
    return Partner(made)


@pytest.fixture
def city(db: None) -> City:
    built = small_city()
    loader = system_actor("test.loader")
    with scoped(loader):
        load_templates(loader, folder=Path(settings.PACKS_DIR) / "national" / "messages")
    return built


@pytest.fixture
def partner(city: City) -> Partner:
    return new_partner()
