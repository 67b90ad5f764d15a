"""A small city with the roles and rules of the national pack, a resident with an account, and whoever answers her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.utils import timezone

from linli.cases.casefile.tests.factories import City, _staff, citizen, resident, small_city
from linli.cases.casefile.tests.visitors import BACKEND, id_number
from linli.foundation.access.models import Role
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import Mandate, User
from linli.foundation.messages.actions import load_templates
from linli.foundation.privacy.actions.rules import load_rules
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.remembered import forget_all
from linli.registry.people.models import Person

JOB = system_actor("test.privacy", permissions=["admin.packs", "audit.view"])
STAFF = {
    "window clerk": ("home", "community_clerk"),
    "neighbour": ("other", "community_clerk"),
    "walker": ("home", "grid_worker"),
    "officer": ("city", "data_officer"),
    "officer2": ("city", "data_officer"),
}


@dataclass
class Town:
    """Handles: Wang with an account, her daughter whose guardian she is, Zhao to whom she gave a mandate of the family, Li of the other community."""

    city: City
    people: dict[str, Person]
    accounts: dict[str, User]

    def actor(self, name: str) -> Actor:
        return actor_of(self.accounts[name]) if name in self.accounts else self.city.actor(name)

    def client(self, name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.accounts.get(name) or self.city.users[name], backend=BACKEND)
        return client

    def person(self, name: str) -> Person:
        with scoped(JOB):
            return Person.objects.get(pk=self.people[name].pk)


def _mandate(grantor: Person, grantee: Person, kind: str) -> None:
    today = timezone.localdate()
    with scoped(JOB):
        Mandate(
            grantor_id=grantor.pk,
            grantor_name=grantor.name,
            grantee_id=grantee.pk,
            grantee_name=grantee.name,
            region_path=grantor.region_path,
            kind=kind,
            since=today,
            until=today + timedelta(days=100),
        ).save(force_insert=True)


@pytest.fixture
def town() -> Town:
    city, pack = small_city(), Path(settings.PACKS_DIR) / "national"
    for role in yaml.safe_load((pack / "roles.yaml").read_text(encoding="utf-8"))["roles"]:
        values = {"name": role["name"], "permissions": role["permissions"], "level": role["level"], "business": role.get("business", True)}
        Role.objects.update_or_create(code=role["code"], defaults=values)
    for name, (unit, role) in STAFF.items():
        city.users[name] = _staff(name, city.units[unit], role, everything=unit == "city")
    forget_all()
    load_rules(JOB, folder=pack)
    with scoped(JOB):
        load_templates(JOB, folder=pack / "messages")
    people = {
        "wang": resident(city, name="王秀兰", id_number=id_number("36059919600101002"), birth=date(1960, 1, 1), phone="13900000001"),
        "girl": resident(city, name="王小红", id_number=id_number("36059920150101004"), birth=date(2015, 1, 1), phone=""),
        "zhao": resident(city, name="赵强", id_number=id_number("36059919700101001"), birth=date(1970, 1, 1), phone="13900000003"),
        "li": resident(city, name="李外人", id_number=id_number("36059919650101002"), home="other", phone="13900000004"),
    }
    accounts = {name: citizen(people[name], name=people[name].name, phone=str(people[name].phone)) for name in ("wang", "zhao", "li")}
    _mandate(people["girl"], people["wang"], "guardian")
    _mandate(people["wang"], people["zhao"], "family")
    return Town(city, people, accounts)
