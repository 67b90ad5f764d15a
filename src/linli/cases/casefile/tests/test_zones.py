"""Functional zones over the real middleware: what a zone clerk sees, what a change moves and what it leaves alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.desk import city, client_of, handed_in
from linli.cases.casefile.tests.factories import City, _region, _staff, resident
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding
from linli.foundation.audit.models import AuditEntry
from linli.foundation.regions import queries
from linli.foundation.regions.actions import change_zone
from linli.foundation.regions.models import Region, ZoneMember
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.foundation.units.models import Post, Unit

__all__ = ["city"]
pytestmark = pytest.mark.django_db
ADMIN = Actor(ActorKind.STAFF, user_id=uuid4(), label="Admin", permissions=frozenset({"admin.units"}))
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def zoned(city: City) -> City:
    """A zone beside the county manages the street with `home` and `other`; a second town lies between nothing; a third is the county's own."""
    county = city.regions["county"]
    for n, (key, name) in enumerate((("near", "Near"), ("apart", "Apart"), ("far", "Far")), start=2):
        city.regions[key] = _region(f"36050200{n}000", name, "street", f"{county.path}0000{n}", county)
        city.regions[f"{key} home"] = _region(
            f"36050200{n}001", f"{name} home", "community", f"{county.path}0000{n}00001", city.regions[key]
        )
    for n, key in ((97, "zone"), (98, "lake")):
        row = _region(f"3605{n}000000", key.title(), "county", f"00001000{n}", city.regions["city"])
        row.zone = True
        row.save()
        city.regions[key] = row
        city.units[key] = Unit(code=f"3605{n}-ZS", name=f"unit {key}", level="county", line="ZS", region=row, region_path=row.path)
        city.units[key].save()
    ZoneMember(zone=city.regions["zone"], town=city.regions["street"], since=LONG_AGO, document="1").save()
    ZoneMember(zone=city.regions["lake"], town=city.regions["apart"], since=LONG_AGO, document="2").save()
    city.users["zone clerk"] = _staff("zone clerk", city.units["zone"], "clerk", everything=True)
    city.users["lake clerk"] = _staff("lake clerk", city.units["lake"], "clerk", everything=True)
    city.users["zone narrow"] = _staff("zone narrow", city.units["zone"], "reviewer")
    Role(code="system_admin", name="system_admin", permissions=["admin.units"], level=1, business=False).save()
    city.users["admin"] = _staff("admin", city.units["city"], "system_admin")
    access.forget_roles()
    queries.forget_zones()
    return city


def seen_by(city: City, who: str) -> set[str]:
    """Names of applicants, by the query and by row-level security alone: both must agree."""
    actor = actor_of(city.users[who])
    with scoped(actor), connection.cursor() as cursor:
        from linli.cases.casefile.policy import cases

        listed = set(Case.objects.filter(cases.visible(actor)).values_list("applicant", flat=True))
        cursor.execute("SELECT applicant FROM casefile_case")
        assert {row[0] for row in cursor.fetchall()} == listed
    return listed


def zone_name(case: Case, day: date) -> str:
    zone = queries.zone_of(case.region_path, on=day)
    return zone.name if zone else ""


def case_in(city: City, home: str, name: str, serial: int) -> Case:
    return handed_in(
        city, person=resident(city, name=name, id_number=f"3605991945030{serial}0025", home=home, phone=f"1380000000{serial}")
    )[1]


def test_a_zone_clerk_sees_the_managed_towns_and_nobody_elses(zoned: City) -> None:
    mine, lake, county = (
        case_in(zoned, "home", "Zone A", 1),
        case_in(zoned, "apart home", "Lake B", 2),
        case_in(zoned, "far home", "County C", 3),
    )
    assert seen_by(zoned, "zone clerk") == {"Zone A"}
    assert seen_by(zoned, "lake clerk") == {"Lake B"}
    assert seen_by(zoned, "zone narrow") == set(), "a post of the zone's own line sees that line only"
    browser = client_of(zoned, "zone clerk")
    page = browser.get(reverse("case_desk_subject", args=[mine.pk]), follow=True)
    assert page.status_code == 200 and "Managed by" in page.content.decode() and ">Zone<" in page.content.decode()
    for other in (lake, county):
        assert browser.get(reverse("case_desk_subject", args=[other.pk]), follow=True).status_code == 404
    counter = browser.get(reverse("casefile_desk_counter")).content.decode()
    assert "Donghu" in counter and "Apart home" not in counter and "Far home" not in counter


def test_a_change_moves_sight_from_its_day_on_and_leaves_what_past_cases_say(zoned: City) -> None:
    old = case_in(zoned, "home", "Zone A", 1)
    before = {f.name: getattr(old, f.attname) for f in Case._meta.concrete_fields}
    said = str(client_of(zoned, "supervisor").get(reverse("case_desk_subject", args=[old.pk]), follow=True).context["head"])
    today, street = timezone.localdate(), zoned.regions["street"]
    later = today + timedelta(days=9)
    change_zone(ADMIN, town_id=street.id, zone_id=zoned.regions["lake"].id, on=later, document="X 3")
    assert seen_by(zoned, "zone clerk") == {"Zone A"} and seen_by(zoned, "lake clerk") == set(), "not before its day"
    assert zone_name(old, later) == "Lake"
    ZoneMember.objects.filter(since=later).update(since=today)
    ZoneMember.objects.filter(until=later).update(until=today)
    queries.forget_zones()
    assert seen_by(zoned, "zone clerk") == set() and seen_by(zoned, "lake clerk") == {"Zone A"}
    with scoped(system_actor("test")):
        row = Case.objects.get(pk=old.pk)
        assert {f.name: getattr(row, f.attname) for f in Case._meta.concrete_fields} == before, "the case is not touched"
        Case.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=1))
    assert zone_name(old, today - timedelta(days=1)) == "Zone"
    page = client_of(zoned, "supervisor").get(reverse("case_desk_subject", args=[old.pk]), follow=True)
    assert ("Managed by", "Zone") in page.context["head"] and "Zone" in said


def test_neighbours_share_a_range_and_more_than_four_are_refused(zoned: City) -> None:
    today, lake = timezone.localdate(), zoned.regions["lake"]
    change_zone(ADMIN, town_id=zoned.regions["far"].id, zone_id=lake.id, on=today, document="4")
    assert len(actor_of(zoned.users["lake clerk"]).ranges) == 1, "Apart and Far lie side by side"
    admin = client_of(zoned, "admin")
    county, made = zoned.regions["county"], list[Region]()
    for n in range(6, 16):
        made.append(_region(f"3605020{n:02d}000", f"T{n}", "street", f"{county.path}000{n:02d}", county))
    for town in made[1:6:2]:
        change_zone(ADMIN, town_id=town.id, zone_id=lake.id, on=today, document="5")
    assert len(actor_of(zoned.users["lake clerk"]).ranges) == 4
    page = admin.post(
        reverse("regions_desk_change_zone", args=[made[8].id]), {"zone": str(lake.id), "on": today.isoformat(), "document": "6"}
    )
    assert page.status_code == 422 and "more than four" in page.content.decode()
    post = Post.objects.get(unit=zoned.units["home"], holdings__user=zoned.users["clerk"])
    PostHolding(user=zoned.users["lake clerk"], post=post, since=LONG_AGO).save()
    assert actor_of(zoned.users["lake clerk"]).ranges == (), "never cut off silently: nothing is open"


def test_the_pages_change_a_zone_with_a_date_and_say_what_is_wrong_beside_the_field(zoned: City) -> None:
    admin, street, lake = client_of(zoned, "admin"), zoned.regions["street"], zoned.regions["lake"]
    listed = admin.get(reverse("regions_desk_list")).content.decode()
    assert "functional zone" in listed and "Apart" in listed
    assert ">T9<" not in admin.get(reverse("regions_desk_list"), {"q": "Near"}).content.decode()
    address = reverse("regions_desk_change_zone", args=[street.id])
    today = timezone.localdate()
    good = {"zone": str(lake.id), "on": (today + timedelta(days=3)).isoformat(), "document": "D 7"}
    for wrong, field, words in (
        ({"on": (today - timedelta(days=1)).isoformat()}, "on", "today or later"),
        ({"document": " "}, "document", "required"),
        ({"zone": str(zoned.regions["zone"].id)}, "zone", "Nothing would change"),
        ({"zone": str(zoned.regions["county"].id)}, "zone", "valid choice"),
    ):
        page = admin.post(address, {**good, **wrong})
        assert page.status_code == 422 and words in str(page.context["form"].errors[field]), wrong
    assert admin.post(address, good).status_code == 303
    assert "planned" in admin.get(reverse("regions_desk_region", args=[street.id])).content.decode()
    assert admin.post(address, {**good, "zone": ""}).status_code == 422, "one planned change at a time"
    assert admin.post(reverse("regions_desk_take_back", args=[street.id])).status_code == 303
    assert admin.post(reverse("regions_desk_take_back", args=[street.id])).status_code == 404
    member = ZoneMember.objects.get(town=street)
    assert (member.zone_id, member.until) == (zoned.regions["zone"].id, None)
    assert admin.post(address, {**good, "zone": "", "on": today.isoformat()}).status_code == 303
    assert queries.zone_of(street.path, on=today) is None and queries.zone_of(street.path, on=today - timedelta(days=1)) is not None
    with scoped(system_actor("test")):
        assert AuditEntry.objects.filter(action="regions.zone_changed", outcome="done").count() == 2
    assert admin.get(reverse("regions_desk_region", args=[lake.id])).status_code == 200
    for who in ("zone clerk", "supervisor"):
        assert client_of(zoned, who).get(reverse("regions_desk_list")).status_code == 403
        assert client_of(zoned, who).post(address, good).status_code == 403
