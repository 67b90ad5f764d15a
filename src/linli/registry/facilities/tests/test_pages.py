"""Pages of facilities over HTTP: found by filters, entered, changed, confirmed; refusals beside their fields."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from linli.cases.casefile.tests.desk import city, client_of  # noqa: F401 - fixture
from linli.cases.casefile.tests.factories import City
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.bodies.tests.factories import allow
from linli.registry.facilities.models import Facility
from linli.registry.facilities.tests.test_facilities import lamp

pytestmark = pytest.mark.django_db
JOB = system_actor("test.facilities")
DAY = timezone.localdate().isoformat()


@pytest.fixture
def clerk(city: City) -> Client:  # noqa: F811
    allow(city)
    return client_of(city, "clerk")


def body_of(page: object) -> str:
    return page.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_facility_is_entered_given_its_units_and_confirmed(city: City, clerk: Client) -> None:  # noqa: F811
    sent = {
        "kind": "9002",
        "name": "北湖日间照料中心",
        "region": str(city.regions["home"].id),
        "status": "in_use",
        "since": DAY,
        "capacity": "40",
    }
    wrong = clerk.post("/desk/facilities/new/", {**sent, "longitude": "1", "latitude": "1"})
    assert wrong.status_code == 422 and "This is no position in China." in body_of(wrong) and "北湖日间照料中心" in body_of(wrong)
    made = clerk.post("/desk/facilities/new/", sent)
    assert made.status_code == 303
    page = body_of(clerk.get(made["Location"]))
    assert "3605029002000001" in page and "Nobody is named for:" in page and "Confirm the ownership" not in page
    for duty, who in (("owner", "county_mz"), ("upkeep", "home"), ("competent", "unit county_mz")):
        assert clerk.post(f"{made['Location']}duties/", {"duty": duty, "who": who, "since": DAY}).status_code == 303
    refused = clerk.post(f"{made['Location']}duties/", {"duty": "owner", "who": "nobody", "since": DAY})
    assert refused.status_code == 422 and "no unit is called that" in body_of(refused)
    assert "Confirm the ownership" in body_of(clerk.get(made["Location"]))
    assert clerk.post(f"{made['Location']}confirm/", {"on": DAY}).status_code == 303
    shares = body_of(clerk.get("/desk/facilities/ownership/"))
    assert "100.0" in shares and "Beihu" in shares
    assert clerk.post(f"{made['Location']}status/", {"status": "damaged", "on": DAY, "note": "漏水"}).status_code == 303
    assert clerk.post(f"{made['Location']}status/", {"status": "in_use", "on": DAY}).status_code == 422
    correct = clerk.get(f"{made['Location']}correct/")
    assert correct.status_code == 200 and 'value="40"' in body_of(correct)
    assert clerk.post(f"{made['Location']}correct/", {"name": "北湖日照中心", "capacity": "50"}).status_code == 303
    with scoped(JOB):
        row = Facility.objects.get()
    assert (row.name, row.capacity, row.status) == ("北湖日照中心", 50, "damaged")


def test_the_list_is_narrowed_by_what_the_address_says(city: City, clerk: Client) -> None:  # noqa: F811
    actor = city.actor("clerk")
    lamp(city, actor)
    lamp(city, actor, kind="9005", name="北湖文化广场")
    path = city.regions["home"].path
    assert "抱石大道路灯" in body_of(clerk.get("/desk/facilities/"))
    squares = body_of(clerk.get(f"/desk/facilities/?region={path}&kind=90&status=in_use"))
    assert "北湖文化广场" in squares and "抱石大道路灯" not in squares
    assert "No facility fits this filter." in body_of(clerk.get("/desk/facilities/?status=damaged"))
    assert "抱石大道路灯" in body_of(clerk.get("/desk/facilities/?code=3605020102"))


def test_who_does_not_see_it_gets_no_page_about_it(city: City, clerk: Client) -> None:  # noqa: F811
    made = lamp(city, city.actor("clerk"))
    stranger = client_of(city, "stranger")
    assert "抱石大道路灯" not in body_of(stranger.get("/desk/facilities/"))
    for address in ("", "correct/"):
        assert stranger.get(f"/desk/facilities/{made.pk}/{address}").status_code == 404
    for address in ("status/", "duties/", "confirm/"):
        assert stranger.post(f"/desk/facilities/{made.pk}/{address}", {"status": "damaged", "on": DAY}).status_code == 404
    assert client_of(city, "reviewer").get("/desk/facilities/").status_code == 403
