"""A small city for tests: one county, one street, two communities, their offices and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.cases.catalogue.actions import load_matters
from linli.cases.supervision.models import Card
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.calendar.engine.tables import read_workdays, read_years
from linli.foundation.calendar.models import CalendarYear, DayException
from linli.foundation.calendar.queries import forget
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post, Unit
from linli.lib.remembered import forget_all
from linli.registry.people.models import Person
from linli.registry.sources.actions import load_sources

LOADER = system_actor("test.loader", permissions=["catalogue.publish", "admin.packs"])
PERMISSIONS: dict[str, list[str]] = {
    "clerk": [
        "cases.accept",
        "cases.refuse",
        "cases.correct",
        "cases.deliver",
        "cases.claim",
        "cases.view",
        "cases.submit_counter",
        "cases.review",
        "cases.answer",
        "cases.transfer",
        "cases.sign",
    ],
    "reviewer": [
        "cases.accept",
        "cases.review",
        "cases.return",
        "cases.transfer",
        "cases.sign",
        "cases.suspend",
        "cases.claim",
        "cases.view",
        "cases.deliver",
        "cases.decide",
        "cases.correct",
        "cases.refuse",
    ],
    "decider": ["cases.decide", "cases.review", "cases.return", "cases.sign", "cases.claim", "cases.view", "cases.suspend"],
    "supervisor": ["cases.view", "cases.urge", "supervision.view", "supervision.card"],
}


@dataclass
class City:
    """Handles for tests; actors are made by `actor`."""

    regions: dict[str, Region]
    units: dict[str, Unit]
    users: dict[str, User]

    def actor(self, name: str) -> Actor:
        from linli.foundation.access.queries import actor_of

        return actor_of(self.users[name])


def _region(code: str, name: str, level: str, path: str, parent: Region | None) -> Region:
    row = Region(code=code, name=name, level=level, path=path, parent=parent)
    row.save()
    return row


def _staff(username: str, unit: Unit, role: str, *, everything: bool = False) -> User:
    user = User(username=username, name=username, kind="staff", password="!")
    user.save()
    post = Post(unit=unit, title=role, role_code=role, everything=everything)
    post.save()
    PostHolding(user=user, post=post, since=date(2020, 1, 1)).save()
    return user


def small_city(*, packs: tuple[str, ...] = ()) -> City:
    """Build it; ``packs`` are matter codes that must be loaded (all, when empty)."""
    regions = {}
    regions["city"] = _region("360500000000", "Xinyu", "city", "00001", None)
    regions["county"] = _region("360502000000", "Yushui", "county", "0000100001", regions["city"])
    regions["street"] = _region("360502001000", "Chengbei", "street", "000010000100001", regions["county"])
    regions["home"] = _region("360502001001", "Beihu", "community", "00001000010000100001", regions["street"])
    regions["other"] = _region("360502001002", "Donghu", "community", "00001000010000100002", regions["street"])
    units = {}
    for key, level, line, region in (
        ("home", "community", "", "home"),
        ("other", "community", "", "other"),
        ("street", "street", "", "street"),
        ("county", "county", "", "county"),
        ("county_mz", "county", "MZ", "county"),
        ("county_cl", "county", "CL", "county"),
        ("county_zj", "county", "ZJ", "county"),
        ("street_ga", "street", "GA", "street"),
        ("county_ga", "county", "GA", "county"),
        ("city", "city", "ZS", "city"),
    ):
        units[key] = Unit(code=key, name=f"unit {key}", level=level, line=line, region=regions[region], region_path=regions[region].path)
        units[key].save()
    for code, permissions in PERMISSIONS.items():
        Role(code=code, name=code, permissions=permissions, level=4).save()
    users = {
        "clerk": _staff("clerk", units["home"], "clerk"),
        "clerk2": _staff("clerk2", units["home"], "clerk"),
        "stranger": _staff("stranger", units["other"], "clerk"),
        "reviewer": _staff("reviewer", units["street"], "reviewer"),
        "reviewer2": _staff("reviewer2", units["street"], "reviewer"),
        "decider": _staff("decider", units["county_mz"], "decider"),
        "verifier": _staff("verifier", units["county_cl"], "decider"),
        "supervisor": _staff("supervisor", units["city"], "supervisor", everything=True),
    }

    forget_all()
    _calendar()
    with scoped(LOADER):
        load_sources(LOADER, folder=Path(settings.PACKS_DIR) / "national")
        load_matters(Path(settings.PACKS_DIR) / "national", LOADER)
    return City(regions, units, users)


def card_for(case: Case, *, colour: str = "yellow", unit_id: UUID | None = None, **values: Any) -> Card:
    """A card about a case, in force for two days; written with the rights of the scope around it."""
    now = timezone.now()
    given = {
        "subject_kind": "case",
        "rule": "R02",
        "period": "1",
        "reason": "Overdue",
        "params": {},
        "reply_due_at": now + timedelta(days=2),
        **values,
    }
    card = Card(
        colour=colour,
        subject_id=case.id,
        subject_number=case.number,
        subject_title=case.title,
        region_path=case.region_path,
        line=case.line,
        unit_id=unit_id,
        issued_at=now,
        **given,
    )
    card.save(force_insert=True)
    return card


def _calendar() -> None:
    folder = Path(settings.PACKS_DIR) / "national" / "calendar"
    kinds, notes = read_workdays((folder / "workdays.csv").open(encoding="utf-8"))
    DayException.objects.bulk_create(
        [DayException(date=d, is_workday=str(k) == "workday", note=notes.get(d, "")) for d, k in kinds.items() if d.year >= 2025]
    )
    CalendarYear.objects.bulk_create([CalendarYear(year=y) for y in read_years((folder / "years.csv").open(encoding="utf-8"))])
    forget()


def resident(
    city: City,
    *,
    name: str = "Wang Xiulan",
    id_number: str = "360599194503070023",
    birth: date = date(1945, 3, 7),
    home: str = "home",
    phone: str = "13800000001",
) -> Person:
    """A person of the register, living in a community."""
    with scoped(system_actor("test.people")):
        person = Person(
            name=name,
            sex="2",
            birth_date=birth,
            id_number=id_number,
            id_index=blind_index(id_number, "id_number"),
            phone=phone,
            region=city.regions[home],
            region_path=city.regions[home].path,
            hukou_region=city.regions[home],
        )
        person.save(force_insert=True)
    return person


def citizen(person: Person | None = None, *, assurance: int = 1, name: str = "citizen", phone: str = "13800000001") -> User:
    """A resident's account."""
    user = User(
        name=name,
        kind="citizen",
        assurance=assurance,
        person_id=person.id if person else None,
        phone=phone,
        phone_index=blind_index(phone, "phone"),
        password="!",
    )
    user.save()
    return user


OLD_AGE_ANSWERS: dict[str, Any] = {
    "applicant_name": "Wang Xiulan",
    "applicant_id_number": "360599194503070023",
    "sex": "2",
    "birth_date": "1945-03-07",
    "phone": "13800000001",
    "bank_account": "6222020000000000009",
    "has_agent": False,
    "other_place": False,
}
