"""A city with two communities, a data officer who sees both, and a clerk of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post, Unit
from linli.lib.remembered import forget_all
from linli.registry.households.models import Household, Membership
from linli.registry.imports.tests.conftest import Office, office
from linli.registry.imports.tests.known import number
from linli.registry.people.models import Person
from linli.registry.people.types import ID_INDEX
from linli.registry.quality.actions.running import examine_community
from linli.registry.quality.models import Issue

__all__ = ["office"]
JOB = system_actor("test.quality")


@dataclass
class Register:
    """People of the register, as a test wants them."""

    office: Office
    clerk: User
    serial: int = 0

    @property
    def officer(self) -> Actor:
        return self.office.actor

    @property
    def clerk_actor(self) -> Actor:
        return actor_of(self.clerk)

    def region(self, name: str) -> Region:
        return self.office.regions[name]

    def person(self, place: str = "北湖社区", **values: Any) -> Person:
        """Somebody with nothing wrong, but for what is said."""
        self.serial += 1
        born = values.get("birth_date") or date(1980, 5, 6)
        given: dict[str, Any] = {
            "name": "王" + "甲乙丙丁戊己庚辛壬癸"[self.serial % 10],
            "sex": "1",
            "birth_date": born,
            "live_address": "北湖路1号",
            "phone": f"1380000{self.serial:04d}",
        }
        given |= {"id_number": number(born.isoformat(), 2 * self.serial + 1), **values}
        region = self.region(place)
        given["id_index"] = blind_index(given["id_number"], ID_INDEX) if given["id_number"] else None
        given["phone_index"] = blind_index(given["phone"], "phone") if given["phone"] else None
        with scoped(JOB):
            made = Person(region=region, region_path=region.path, **given)
            made.save(force_insert=True)
        return made

    def household(self, *members: tuple[Person, str], place: str = "北湖社区") -> Household:
        self.serial += 1
        region = self.region(place)
        with scoped(JOB):
            home = Household(number=f"H{self.serial:06d}", region=region, region_path=region.path)
            home.save(force_insert=True)
            for person, relation in members:
                Membership(household=home, person=person, relation=relation, region_path=region.path).save(force_insert=True)
        return home

    def examine(self, place: str = "北湖社区") -> int:
        with scoped(JOB):
            return examine_community(JOB, path=self.region(place).path)

    def issues(self, rule: str = "", state: str = "open") -> list[Issue]:
        with scoped(JOB):
            rows = Issue.objects.filter(state=state).select_related("rule").order_by("rule__order", "id")
            return list(rows.filter(rule__code=rule) if rule else rows)


@pytest.fixture
def register(office: Office) -> Register:
    unit = Unit(
        code="BH",
        name="北湖社区居委会",
        level="community",
        line="",
        region=office.regions["北湖社区"],
        region_path=office.regions["北湖社区"].path,
    )
    unit.save()
    clerk = User(username="clerk", name="窗口", kind="staff", password="!")
    clerk.save()
    post = Post(unit=unit, title="综合受理岗", role_code="community_clerk")
    post.save()
    PostHolding(user=clerk, post=post, since=date(2020, 1, 1)).save()
    forget_all()
    return Register(office, clerk)
