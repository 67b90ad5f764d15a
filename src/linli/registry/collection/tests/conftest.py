"""A community of two grids with a grid worker, a colleague next door and a clerk; a home with three people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post, Unit
from linli.lib.idcard import check_digit
from linli.lib.remembered import forget_all
from linli.registry.collection.models import Held, Visit
from linli.registry.collection.queries import version_of
from linli.registry.people.actions import create_person
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises

JOB = system_actor("test.collection", permissions=["admin.accounts", "people.edit"])
BACKEND = "linli.foundation.accounts.queries.SessionBackend"
PLACES = (
    ("360500000000", "新余市", "city", "00001"),
    ("360502000000", "渝水区", "county", "0000100001"),
    ("360502001000", "城南街道", "street", "000010000100001"),
    ("360502001001", "北湖社区", "community", "00001000010000100001"),
    ("360502001002", "东湖社区", "community", "00001000010000100002"),
    ("360502001001001", "第一网格", "grid", "0000100001000010000100001"),
    ("360502001001002", "第二网格", "grid", "0000100001000010000100002"),
)


def number(birth: str, serial: int) -> str:
    body = f"360599{birth}{serial:03d}"
    return body + check_digit(body)


@dataclass
class Street:
    """Who works here, who lives here, and a browser for each."""

    regions: dict[str, Region]
    users: dict[str, User]
    home: Premises
    people: dict[str, Person]
    _browsers: dict[str, Client] = field(default_factory=dict)

    def actor(self, name: str = "worker") -> Actor:
        return actor_of(self.users[name])

    def browser(self, name: str = "worker") -> Client:
        if name not in self._browsers:
            self._browsers[name] = Client()
            self._browsers[name].force_login(self.users[name], backend=BACKEND)
        return self._browsers[name]

    def visit(self, who: str, *, due: int = 0, cycle: str = "registered", worker: str = "worker") -> Visit:
        """A visit that is due in so many days."""
        person, on = self.people[who], timezone.localdate() + timedelta(days=due)
        with scoped(JOB):
            made = Visit(
                person_id=person.pk,
                premises_id=person.premises_id,
                region_path=person.region_path,
                cycle=cycle,
                period=on.isoformat(),
                due_on=on,
                worker=self.users[worker] if worker else None,
            )
            made.save(force_insert=True)
        return made

    def again(self, visit: Visit) -> Visit:
        with scoped(JOB):
            return Visit.objects.get(pk=visit.pk)

    def person(self, who: str) -> Person:
        with scoped(JOB):
            return Person.objects.get(pk=self.people[who].pk)

    def version(self, who: str, attribute: str) -> str:
        return version_of(self.person(who), attribute)

    def held(self) -> list[Held]:
        with scoped(JOB):
            return list(Held.objects.order_by("id"))

    def item(self, kind: str, *, worker: str = "worker", key: UUID | None = None, base: str = "", **payload: Any) -> dict[str, Any]:
        return {"key": str(key or uuid4()), "kind": kind, "worker": str(self.users[worker].pk), "base": base, "payload": payload}

    def send(self, *items: Mapping[str, Any], who: str = "worker", device: UUID | None = None) -> Any:
        headers = {"X-Device": str(device or DEVICE), "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120"}
        return self.browser(who).post("/desk/field/sync/", json.dumps(items), content_type="application/json", headers=headers)

    def answers(self, *items: Mapping[str, Any], who: str = "worker") -> list[dict[str, Any]]:
        response = self.send(*items, who=who)
        assert response.status_code == 200, response.content.decode()[:800]
        return list(response.json()["answers"])


DEVICE = uuid4()


def _staff(regions: dict[str, Region]) -> dict[str, User]:
    found: dict[str, User] = {}
    plan = (
        ("worker", "北湖社区", "grid_worker"),
        ("colleague", "北湖社区", "grid_worker"),
        ("stranger", "东湖社区", "grid_worker"),
        ("clerk", "北湖社区", "community_clerk"),
        ("admin", "新余市", "system_admin"),
    )
    for name, place, role in plan:
        region = regions[place]
        unit, _ = Unit.objects.get_or_create(
            code=region.code, defaults={"name": place, "level": region.level, "region": region, "region_path": region.path}
        )
        user = User(username=name, name=name.capitalize(), kind="staff", password="!", password_changed_at=timezone.now(), assurance=2)
        user.save()
        post = Post(unit=unit, title=role, role_code=role)
        post.save()
        PostHolding(user=user, post=post, since=date(2020, 1, 1)).save()
        found[name] = user
    return found


@pytest.fixture
def street(db: None) -> Street:
    call_command("packs", "load", "--pack", "national", stdout=StringIO())
    regions: dict[str, Region] = {}
    for code, name, level, path in PLACES:
        parent = next((r for r in regions.values() if r.path == path[:-5]), None)
        regions[name] = Region(code=code, name=name, level=level, path=path, parent=parent)
        regions[name].save()
    users = _staff(regions)
    forget_all()
    grid = regions["第一网格"]
    with scoped(JOB):
        home = Premises(
            addr_code="3605020010010000000000001",
            region=grid,
            region_path=grid.path,
            address="胜利南路8号3栋201室",
            building="3栋",
            room="201",
        )
        home.save()
        people = {}
        for n, (who, name, birth) in enumerate((("zhang", "张伟", "19850302"), ("li", "李娜", "19901231"), ("old", "王秀兰", "19380101"))):
            values = {"phone": f"1381000000{n}", "live_address": home.address, "marital": "20"}
            person = create_person(JOB, region_id=grid.pk, name=name, id_number=number(birth, 10 + n), values=values)
            person.premises = home
            person.save(update_fields=["premises"])
            people[who] = person
    return Street(regions, users, home, people)
