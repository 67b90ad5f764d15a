"""A small city with a clerk who keeps the register, homes and families."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from linli.cases.casefile.tests.factories import City, _staff, small_city
from linli.cases.casefile.tests.visitors import BACKEND, id_number
from linli.foundation.access.models import Role
from linli.foundation.access.queries import actor_of
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.remembered import forget_all
from linli.registry.households.actions import create_household, join
from linli.registry.households.models import Household
from linli.registry.people.actions import create_person, load_groups
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises

JOB = system_actor("test.register", permissions=["audit.view", "admin.packs"])
KEEPER = ["people.view", "people.daily", "people.edit", "people.groups", "people.reveal", "cases.view"]


def number(birth: str, serial: int) -> str:
    """``birth`` YYYYMMDD; odd serials are men's."""
    return id_number(f"360599{birth}{serial:03d}")


@dataclass
class Register:
    """Handles: the clerk of the home community, of the other one, of the street; a head of department with the whole city."""

    city: City
    people: dict[str, Person] = field(default_factory=dict)
    homes: dict[str, Premises] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return actor_of(self.city.users[name])

    def client(self, name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.city.users[name], backend=BACKEND)
        return client

    def person(self, name: str) -> Person:
        with scoped(JOB):
            return Person.objects.get(pk=self.people[name].pk)


@pytest.fixture
def register() -> Register:
    """Wang (1950, head), his wife Li (1952) and their son Qiang (1978) in one home; Zhao (1980, a woman) by herself in the other community."""
    city = small_city()
    for code, level in (("keeper", 3), ("street_keeper", 4)):
        Role(code=code, name=code, permissions=KEEPER, level=level).save()
    Role(code="head", name="head", permissions=["people.view", "people.reveal", "cases.view"], level=4).save()
    for name, unit, role, everything in (
        ("keeper", "home", "keeper", False),
        ("keeper2", "home", "keeper", False),
        ("other keeper", "other", "keeper", False),
        ("street keeper", "street", "street_keeper", False),
        ("head", "city", "head", True),
    ):
        city.users[name] = _staff(name, city.units[unit], role, everything=everything)
    forget_all()
    load_groups(JOB, folder=Path(settings.PACKS_DIR) / "national")
    made = Register(city)
    _homes(made)
    _families(made)
    return made


def _home(made: Register, name: str, region: Region, n: int, **parts: str) -> None:
    with scoped(JOB):
        text = f"新余市渝水区{region.name}劳动路18号{parts['estate']}{parts['building']}幢{parts['unit']}单元{parts['room']}室"
        home = Premises(addr_code=f"{region.code}001{n:04d}01{n:04d}", region=region, region_path=region.path, address=text, **parts)
        home.save(force_insert=True)
        made.homes[name] = home


def _homes(made: Register) -> None:
    here, there = made.city.regions["home"], made.city.regions["other"]
    _home(made, "old", here, 1, estate="幸福苑", building="3", unit="2", room="1203")
    _home(made, "near", here, 2, estate="幸福苑", building="3", unit="2", room="1204")
    _home(made, "next building", here, 3, estate="幸福苑", building="5", unit="1", room="101")
    _home(made, "far", there, 4, estate="桃园小区", building="1", unit="1", room="302")


def _families(made: Register) -> None:
    keeper, there = made.actor("keeper"), made.actor("other keeper")
    home, other = made.city.regions["home"], made.city.regions["other"]
    since = date(2010, 1, 1)
    for key, name, born, serial, marital in (
        ("wang", "王建国", "19500105", 11, "21"),
        ("li", "李秀英", "19520208", 12, "21"),
        ("son", "王志强", "19780312", 13, "10"),
    ):
        made.people[key] = create_person(
            keeper, region_id=home.pk, name=name, id_number=number(born, serial), values={"phone": f"154000010{serial}", "marital": marital}
        )
    made.people["zhao"] = create_person(
        there, region_id=other.pk, name="赵丽华", id_number=number("19800416", 14), values={"marital": "10"}
    )
    for key, place in (("wang", "old"), ("li", "old"), ("son", "old"), ("zhao", "far")):
        with scoped(JOB):
            person, at = made.people[key], made.homes[place]
            person.premises, person.live_address, person.region_id, person.region_path = at, at.address, at.region_id, at.region_path
            person.hukou_region_id = at.region_id
            person.save()
    made.households["wang"] = create_household(keeper, head_id=made.people["wang"].pk, premises_id=made.homes["old"].pk, since=since)
    join(keeper, household_id=made.households["wang"].pk, person_id=made.people["li"].pk, relation="12", since=since)
    join(keeper, household_id=made.households["wang"].pk, person_id=made.people["son"].pk, relation="21", since=since)
    made.households["zhao"] = create_household(there, head_id=made.people["zhao"].pk, premises_id=made.homes["far"].pk, since=since)
