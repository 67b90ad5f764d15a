"""Regions renamed, moved, merged and split on the desk: foretold first, refused beside the field, kept in history, only by who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.desk import city, client_of, handed_in
from linli.cases.casefile.tests.factories import City, _region, _staff
from linli.cases.casefile.tests.region_orders import ordered, work
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.audit.models import AuditEntry
from linli.foundation.regions import queries
from linli.foundation.regions.actions.loading import renew_code
from linli.foundation.regions.models import Region, RegionChange
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.foundation.units.queries import resolve
from linli.registry.people.models import Person

__all__ = ["city"]
pytestmark = pytest.mark.django_db
KINDS = ("rename", "move", "merge", "split")


@pytest.fixture
def admin(city: City) -> Client:
    Role(code="system_admin", name="System", permissions=["admin.units"], level=1, business=False).save()
    city.users["admin"] = _staff("admin", city.units["city"], "system_admin")
    access.forget_roles()
    for region in city.regions.values():
        renew_code(region, date(2020, 1, 1))
    return client_of(city, "admin")


def at(kind: str, region: Region) -> str:
    return reverse(f"regions_desk_{kind}", args=[region.pk])


def order(**values: Any) -> dict[str, Any]:
    return {"on": timezone.localdate().isoformat(), "document": "YF 12", **values}


def text(page: Any) -> str:
    return str(page.content.decode())


def refused(admin: Client, address: str, data: dict[str, Any], field: str, words: str) -> None:
    """The form comes back, the sentence beside the field; nothing was changed."""
    page = admin.post(address, data)
    assert page.status_code in (409, 422), text(page)[:400]
    assert words in str(page.context["form"].errors[field]), page.context["form"].errors
    assert not RegionChange.objects.exists()


def foretold(admin: Client, address: str, data: dict[str, Any]) -> Any:
    page = admin.post(address, data)
    assert page.status_code == 200 and 'name="confirmed"' in text(page), text(page)[:400]
    assert not RegionChange.objects.exists(), "telling what will happen changes nothing"
    return page


def test_a_merger_is_foretold_with_numbers_and_keeps_the_past(city: City, admin: Client) -> None:
    _, case = handed_in(city)
    home, other = city.regions["home"], city.regions["other"]
    good = order(region_ids=[str(home.id)], into_id=str(other.id))
    page = foretold(admin, at("merge", home), good)
    counts = dict(page.context["contents"])
    assert (counts["People who live there"], counts["Open cases"], counts["Staff"], counts["Units at work"]) == (1, 1, 2, 1)
    assert "Beihu will be closed" in text(page) and "Nothing is rewritten" in text(page)
    done = admin.post(at("merge", home), {**good, "confirmed": page.context["key"]})
    (asked,) = ordered()
    assert (done.status_code, done.headers["Location"]) == (303, reverse("regions_desk_order", args=[asked.pk]))
    assert not RegionChange.objects.exists(), "a job does it"
    work()
    assert RegionChange.objects.count() == 1
    home.refresh_from_db()
    assert home.valid_to == timezone.localdate()
    assert queries.by_code(home.code, on=timezone.localdate() - timedelta(days=1)).id == home.id
    with scoped(system_actor("test")):
        row = Case.objects.get(pk=case.pk)
        assert (row.number, row.region_id, row.region_path) == (case.number, home.id, other.path), "the number and the old region stay"
        assert Person.objects.get().region_id == home.id
        assert AuditEntry.objects.filter(action="regions.merged", outcome="done").count() == 1
        assert set(AuditEntry.objects.filter(subject_id=str(case.id)).values_list("region_path", flat=True)) <= {home.path, ""}
    assert "Took in Beihu" in text(admin.get(at("region", other)))
    assert "Merged into Donghu" in text(admin.get(at("region", home)))
    assert admin.get(at("merge", home)).status_code == 409, "a closed region is not changed again"
    unit = resolve("community", "", other.path)
    assert unit is not None and unit.code == "other", "new work goes to the office of the region that stayed"


def test_a_wrong_merger_is_refused_beside_the_field(city: City, admin: Client) -> None:
    home, other, street = city.regions["home"], city.regions["other"], city.regions["street"]
    good = order(region_ids=[str(home.id)], into_id=str(other.id))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for wrong, field, words in (
        ({"region_ids": []}, "region_ids", "required"),
        ({"into_id": str(home.id)}, "region_ids", "different regions of one level"),
        ({"into_id": str(street.id)}, "into_id", "valid choice"),
        ({"into_id": ""}, "into_id", "required"),
        ({"on": tomorrow}, "on", "cannot lie ahead"),
        ({"on": "x"}, "on", "valid date"),
        ({"document": " "}, "document", "required"),
    ):
        for confirmed in ({}, {"confirmed": "1"}):
            refused(admin, at("merge", home), {**good, **wrong, **confirmed}, field, words)
    again = admin.post(at("merge", home), {**good, "back": "1"})
    assert again.status_code == 200 and "YF 12" in text(again) and "checked" in text(again), "what was typed is there again"


def test_a_region_without_a_neighbour_says_that_there_is_nothing_to_merge(city: City, admin: Client) -> None:
    words = "nothing to merge it with"
    assert words not in text(admin.get(at("merge", city.regions["home"])))
    assert words in text(admin.get(at("merge", city.regions["street"])))


def test_a_split_takes_rows_without_a_script_and_moves_nobody(city: City, admin: Client) -> None:
    handed_in(city)
    home = city.regions["home"]
    first = admin.get(at("split", home))
    assert 'name="code_1"' in text(first) and 'name="code_2"' not in text(first)
    typed = order(rows="1", code_1="360502001003", name_1="New")
    more = admin.post(at("split", home), {**typed, "more": "1"})
    assert 'name="code_2"' in text(more) and 'value="360502001003"' in text(more) and "ui-error" not in text(more)
    good = order(rows="3", code_1="360502001003", name_1="New", code_2="", name_2="", code_3="360502001004", name_3="Newer")
    for wrong, field, words in (
        ({"code_3": "360502001002"}, "code_3", "Another region has this code"),
        ({"code_3": "360502001003"}, "code_3", "Two of the new regions"),
        ({"code_3": "360502009000"}, "code_3", "no code of the same level"),
        ({"code_3": "12"}, "code_3", "6, 9, 12 or 15 digits"),
        ({"name_3": " "}, "name_3", "needs a name"),
        ({"code_1": "", "name_1": "", "code_3": "", "name_3": ""}, "code_1", "required"),
        ({"document": ""}, "document", "required"),
    ):
        refused(admin, at("split", home), {**good, **wrong}, field, words)
    page = foretold(admin, at("split", home), good)
    assert "New (360502001003), Newer (360502001004)" in text(page) and "Nobody is shared out" in text(page)
    assert dict(page.context["contents"])["People who live there"] == 1
    for _ in range(2):
        assert admin.post(at("split", home), {**good, "confirmed": "1"}).headers["Location"] == at("region", home)
    made = list(Region.objects.filter(name__startswith="New").order_by("path"))
    assert [(r.code, r.parent_id, r.level) for r in made] == [(f"36050200100{n}", home.parent_id, "community") for n in (3, 4)]
    with scoped(system_actor("test")):
        assert Person.objects.get().region_path == Case.objects.get().region_path == home.path
        assert AuditEntry.objects.filter(action="regions.split", outcome="done").count() == 1
    assert "Newer was split off" in text(admin.get(at("region", home)))
    assert "Split off from Beihu" in text(admin.get(at("region", made[0])))


def test_a_region_is_renamed_and_moved(city: City, admin: Client) -> None:
    home, street = city.regions["home"], city.regions["street"]
    near = _region("360502002000", "Chengnan", "street", "000010000100002", city.regions["county"])
    refused(admin, at("rename", home), order(name="Beihu", code=home.code), "name", "Nothing would change")
    refused(admin, at("rename", home), order(name="Xihu", code=city.regions["other"].code), "code", "Another region")
    refused(admin, at("move", home), order(parent_id=str(street.id)), "parent_id", "valid choice")
    page = foretold(admin, at("rename", home), order(name="Xihu", code=home.code))
    assert "Beihu will be called Xihu" in text(page)
    assert admin.post(at("rename", home), order(name="Xihu", code=home.code, confirmed="1")).status_code == 303
    assert "Xihu, with everything below it, will lie in Chengnan" in text(admin.post(at("move", home), order(parent_id=str(near.id))))
    assert admin.post(at("move", home), order(parent_id=str(near.id), confirmed="1")).status_code == 303
    work()
    home.refresh_from_db()
    assert (home.name, home.path) == ("Xihu", near.path + "00001")
    shown = text(admin.get(at("region", home)))
    assert "Renamed from Beihu to Xihu" in shown and "Moved from 360502001000 to 360502002000" in shown and "YF 12" in shown


def test_only_the_system_administrator_changes_regions(city: City, admin: Client) -> None:
    home = city.regions["home"]
    shown = text(admin.get(at("region", home)))
    for kind in KINDS:
        assert at(kind, home) in shown and admin.get(at(kind, home)).status_code == 200
        for who in ("clerk", "supervisor"):
            assert client_of(city, who).get(at(kind, home)).status_code == 403
            assert client_of(city, who).post(at(kind, home), order(confirmed="1")).status_code == 403
    for kind in KINDS[1:]:
        assert admin.get(at(kind, city.regions["city"])).status_code == 409, "the tree has one root"
    assert at("region", home) in text(admin.get(at("region", city.regions["street"]))), "what lies in a region is linked"
    assert not RegionChange.objects.exists()
