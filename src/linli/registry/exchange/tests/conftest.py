"""A committed city in a database of its own, offices whose programs read it through the real door, and officers who decide."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from linli.channels.api.actions import create_client
from linli.foundation.access.models import Role
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post, Unit
from linli.lib.remembered import forget_all
from linli.registry.exchange.actions.subscriptions import approve, ask
from linli.registry.exchange.models import Resource, Subscription
from linli.registry.people.models import Person

JOB = system_actor("test.exchange", permissions=["admin.accounts"])


@dataclass
class Office:
    """Regions, officers (by user name) and what they do."""

    regions: dict[str, Region]
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return actor_of(self.users[name])

    def person(self, name: str = "王秀兰", place: str = "Beihu", **values: Any) -> Person:
        region = self.regions[place]
        given = {"sex": "2", "birth_date": date(1945, 3, 7), "live_address": "北湖路1号", "id_number": "360599194503070027", **values}
        given["id_index"] = blind_index(given["id_number"], "id_number")
        with scoped(JOB):
            made = Person(name=name, region=region, region_path=region.path, **given)
            made.save()
        return made

    def asked(self, program: Program, entity: str = "person", **values: Any) -> Subscription:
        with scoped(JOB):
            resource = Resource.objects.get(entity=entity)
        given: dict[str, Any] = {
            "resource_id": resource.pk,
            "recipient_id": program.user_id,
            "office": "新余市医疗保障局",
            "purpose": "medical-insurance",
            "reason": "核对参保人员是否在本市居住",
            "legal_basis": "《社会保险法》第七十五条",
            "fields": ["name", "birth_date", "live_address", "id_number"] if entity == "person" else ["status"],
            "region": "360502001001",
            "until": timezone.localdate() + timedelta(days=90),
            **values,
        }
        return ask(self.actor("officer"), **given)

    def subscribed(self, program: Program, entity: str = "person", **values: Any) -> Subscription:
        row = self.asked(program, entity, **values)
        for name in ("head", "other head"):
            row = approve(self.actor(name), subscription_id=row.pk)
            if row.state == "approved":
                return row
        raise AssertionError(row.state)


@dataclass
class Program:
    """A program of another office at the API's door."""

    user_id: UUID
    token: str
    purpose: str = "medical-insurance"

    def get(self, path: str, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Purpose": self.purpose}
        return Client().get(f"/api/v1/exchange{path}", query, headers=headers)


def program(name: str = "Medical insurance") -> Program:
    with scoped(JOB):
        made = create_client(JOB, name=name, scopes=["exchange:read"], per_minute=30000, burst=10000)
    asked = {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret}
    return Program(made.client.user_id, Client().post("/api/v1/token", asked).json()["access_token"])


def _city() -> Office:
    call_command("packs", "load", "--pack", "national", stdout=StringIO())
    regions: dict[str, Region] = {}
    for code, name, level, path in (
        ("360500000000", "City", "city", "00001"),
        ("360502000000", "Yushui", "county", "0000100001"),
        ("360502001000", "Chengbei", "street", "000010000100001"),
        ("360502001001", "Beihu", "community", "00001000010000100001"),
        ("360502001002", "Donghu", "community", "00001000010000100002"),
    ):
        parent = next((r for r in regions.values() if r.path == path[:-5]), None)
        regions[name] = Region(code=code, name=name, level=level, path=path, parent=parent)
        regions[name].save()
    office = Office(regions)
    unit = Unit(code="ZS", name="政务办", level="city", line="ZS", region=regions["City"], region_path="00001")
    unit.save()
    Role(code="both", name="both", permissions=["exchange.view", "exchange.manage", "exchange.approve"], level=4).save()
    for name, role in (("officer", "data_officer"), ("head", "dept_head"), ("other head", "dept_head"), ("both", "both")):
        user = User(username=name, name=name, kind="staff", password="!")
        user.save()
        post = Post(unit=unit, title=name, role_code=role, everything=role != "dept_head")
        post.save()
        PostHolding(user=user, post=post, since=date(2020, 1, 1)).save()
        office.users[name] = user
    forget_all()
    return office


@pytest.fixture(scope="session")
def built(clone: Any) -> tuple[str, Office]:
    with clone(f"linli_exchange_{os.getpid()}", of="linli_template", keep=True) as name:
        return name, _city()


@pytest.fixture(scope="session")
def database_template(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("built")[0])


@pytest.fixture
def office(fresh_database: str, built: tuple[str, Office]) -> Office:
    """Everything really commits: what is not committed is not in the feed."""
    forget_all()
    return built[1]
