"""Board, performance, cards, search and the administrators' pages: who may, what they say, what is a 404."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.tests.desk import city, client_of, grant, handed_in, open_task
from linli.cases.casefile.tests.factories import City, _staff, resident
from linli.cases.supervision.actions import sweep
from linli.cases.supervision.models import Card
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import User
from linli.foundation.calendar.queries import current
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.remembered import forget_all

__all__ = ["city"]
pytestmark = pytest.mark.django_db
ADMINISTRATORS = {
    "system_admin": ["admin.accounts", "admin.units", "admin.calendar", "admin.packs"],
    "security_admin": ["admin.roles"],
    "audit_admin": ["audit.view"],
}
PAGES = {
    "system_admin": ("units_desk_list", "calendar_desk_year", "access_desk_accounts", "access_desk_packs"),
    "security_admin": ("access_desk_roles",),
    "audit_admin": ("audit_desk_trail",),
}
BUSINESS = (
    "casefile_desk_inbox",
    "casefile_desk_counter",
    "casefile_desk_search",
    "casefile_desk_board",
    "supervision_desk_cards",
    "people_desk_search",
    "catalogue_desk_matters",
    "casefile_desk_performance",
)


@pytest.fixture
def administered(city: City) -> City:
    """The city with its three administrators."""

    for code, permissions in ADMINISTRATORS.items():
        Role(code=code, name=code, permissions=permissions, level=1, business=False).save()
        city.users[code] = _staff(code, city.units["city"], code)
    forget_all()
    return city


def test_each_administrator_sees_the_own_pages_and_no_business(administered: City) -> None:
    for name, own in PAGES.items():
        client = client_of(administered, name)
        assert client.get(reverse("desk_home")).status_code == 200
        for page in own:
            assert client.get(reverse(page)).status_code == 200, (name, page)
        for page in BUSINESS:
            assert client.get(reverse(page)).status_code == 404, (name, page)
        for other, pages in PAGES.items():
            if other != name:
                assert {client.get(reverse(page)).status_code for page in pages} == {403}
    for page in sum(PAGES.values(), ()):
        assert client_of(administered, "clerk").get(reverse(page)).status_code == 403


def test_the_calendar_is_edited_and_due_dates_follow(administered: City) -> None:
    client = client_of(administered, "system_admin")
    day = date(2026, 11, 25)
    assert client.post(reverse("calendar_desk_set_day"), {"day": "", "kind": "off"}).status_code == 422
    assert client.post(reverse("calendar_desk_set_day"), {"day": day.isoformat(), "kind": "off", "note": "storm"}).status_code == 303
    assert not current().is_workday(day)
    assert "storm" in client.get(reverse("calendar_desk_of_year", args=[2026])).content.decode()


def test_accounts_get_a_first_password_once_and_nobody_administers_himself(administered: City) -> None:
    client = client_of(administered, "system_admin")
    clerk, own = administered.users["clerk"], administered.users["system_admin"]
    shown = client.post(reverse("access_desk_reset_password", args=[clerk.pk])).content.decode()
    assert "shown only now" in shown and User.objects.get(pk=clerk.pk).must_change_password
    assert client.post(reverse("access_desk_reset_password", args=[own.pk])).status_code == 403
    holding = clerk.holdings.get()
    assert client.post(reverse("access_desk_end_post", args=[clerk.pk, holding.pk]), {"last_day": "2026-12-31"}).status_code == 303


def test_the_trail_is_filtered_and_an_entry_shows_before_and_after(administered: City) -> None:
    _, case = handed_in(administered)
    actions.accept_case(administered.actor("clerk"), case_id=case.pk)
    client = client_of(administered, "audit_admin")
    html = client.get(reverse("audit_desk_trail"), {"action": "cases.case_accepted"}).content.decode()
    assert "cases.case_accepted" in html and "cases.case_submitted" not in html
    [(entry, *_)] = client.get(reverse("audit_desk_trail"), {"action": "cases.case_accepted"}).context["rows"]
    page = client.get(reverse("audit_desk_entry", args=[entry.pk])).content.decode()
    assert "submitted" in page and "accepted" in page


def test_a_job_stands_on_the_trail_under_what_it_is_called(administered: City) -> None:
    _, case = handed_in(administered)
    actions.accept_case(administered.actor("clerk"), case_id=case.pk)
    assert sweep(now=timezone.now() + timedelta(days=60))
    client = client_of(administered, "audit_admin")
    for typed in ("supervision.sw", "监察时"):
        rows = client.get(reverse("audit_desk_trail"), {"actor": typed}).context["rows"]
        assert {(entry.actor_label, who) for entry, _, who, *_ in rows} == {("supervision.sweep", "监察时钟")}, typed
    page = client.get(reverse("audit_desk_entry", args=[rows[0][0].pk])).content.decode()
    assert "监察时钟" in page and "supervision.sweep" in page
    assert client.get(reverse("audit_desk_trail"), {"actor": "nobody"}).context["rows"] == []


def test_units_roles_and_holders(administered: City) -> None:
    unit = administered.units["home"]
    assert "clerk" in client_of(administered, "system_admin").get(reverse("units_desk_unit", args=[unit.pk])).content.decode()
    assert "unit home" in client_of(administered, "security_admin").get(reverse("access_desk_role", args=["clerk"])).content.decode()


def test_the_board_counts_and_drills_down_inside_ones_own_region(city: City) -> None:
    grant(city, "reviewer", "supervision.view")
    _, case = handed_in(city)
    actions.accept_case(city.actor("clerk"), case_id=case.pk)
    client = client_of(city, "supervisor")
    response = client.get(reverse("casefile_desk_board"))
    assert [(x.name, x.open) for x in response.context["found"].lines] == [("Yushui", 1)]
    row = re.search(r"<tr data-row>.*?</tr>", response.content.decode(), re.S)
    assert row
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row[0], re.S)]
    assert cells == ["Yushui", "1", "0", "0", "0", "0", "1", "0", "0", "0", "0"], "a state without cases says 0"
    path = city.regions["street"].path
    html = client.get(reverse("casefile_desk_board"), {"at": path}).content.decode()
    assert "Beihu" in html and "Wang Xiulan" not in html
    listed = client.get(reverse("casefile_desk_board"), {"at": path, "list": "1"}).content.decode()
    assert case.number in listed and "W*********n" in listed
    street = client_of(city, "reviewer")
    assert street.get(reverse("casefile_desk_board")).status_code == 200
    assert street.get(reverse("casefile_desk_board"), {"at": city.regions["county"].path}).status_code == 404
    assert client_of(city, "clerk").get(reverse("casefile_desk_board")).status_code == 403


def test_the_boards_query_count_does_not_grow(city: City) -> None:
    def count() -> int:
        client = client_of(city, "supervisor")
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("casefile_desk_board"), {"part": "counts"})
        return len(seen)

    handed_in(city)
    count()  # the calendar and roles are remembered from here on
    one = count()
    for n in range(3):
        handed_in(city, person=resident(city, name=f"Li {n}", id_number=f"36059919500101002{n}", phone=f"1380000001{n}"))
    assert count() == one


def test_performance_shows_a_dash_where_there_is_nothing_to_divide(city: City) -> None:
    client = client_of(city, "supervisor")
    _, case = handed_in(city)
    html = client.get(reverse("casefile_desk_performance")).content.decode()
    assert "—" in html
    actions.accept_case(city.actor("clerk"), case_id=case.pk)
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).pk, outcome="agree")
    actions.complete_task(city.actor("decider"), task_id=open_task(case).pk, outcome="agree")
    [line] = client.get(reverse("casefile_desk_performance")).context["lines"]
    assert line["closed"] == 1 and line["applications"] == 1 and line["cells"][0] == "100.0%"


def a_card(city: City) -> Card:
    handed_in(city)
    sweep(now=timezone.now() + timedelta(days=30))
    with scoped(system_actor("test")):
        return Card.objects.filter(rule="R01", colour="red").get()


def test_a_card_is_answered_appealed_and_settled(city: City) -> None:
    grant(city, "clerk", "supervision.card", "supervision.appeal")
    card = a_card(city)

    def post(name: str, key: str, **data: Any) -> Any:
        return client_of(city, name).post(reverse(f"supervision_desk_{key}", args=[card.pk]), data)

    assert post("clerk", "reply", reply="x").status_code == 422
    assert post("clerk", "reply", reply="two colleagues were ill").status_code == 303
    assert post("clerk", "reply", reply="two colleagues were ill").status_code == 403
    assert post("clerk", "appeal", ground="the system was down").status_code == 303
    assert post("clerk", "settle", cancel="1").status_code == 403
    assert post("supervisor", "settle", cancel="1", note="right").status_code == 303
    with scoped(system_actor("test")):
        assert Card.objects.get(pk=card.pk).state == "cancelled"
    assert post("stranger", "reply", reply="nobody asked").status_code in (403, 404)
    assert client_of(city, "stranger").get(reverse("supervision_desk_card", args=[card.pk])).status_code == 404
    html = client_of(city, "supervisor").get(reverse("supervision_desk_cards"), {"colour": "red"}).content.decode()
    assert "Red card" in html and reverse("supervision_desk_card", args=[card.pk]) in html


def test_search_lists_nobody_before_something_is_asked_and_only_ones_own_area(city: City) -> None:
    grant(city, "clerk", "people.view", "people.daily", "people.reveal")
    _, case = handed_in(city)
    client, url = client_of(city, "clerk"), reverse("casefile_desk_search")
    assert "Nobody is listed before something is asked" in client.get(url).content.decode()
    assert client.get(url, {"q": case.number})["Location"] == reverse("case_desk_subject", args=[case.pk])
    html = client.post(url, {"q": "360599194503070023"}).content.decode()
    assert "Wang Xiulan" in html and "360599********0023" in html
    assert "MZ06" in client.get(url, {"q": "gljt"}).content.decode()
    assert "Nothing found" in client_of(city, "stranger").get(url, {"q": case.number}).content.decode()
    assert "Nothing found" in client_of(city, "stranger").get(url, {"q": "Wang Xiulan"}).content.decode()


def test_the_person_page_has_household_and_cases_and_hides_numbers(city: City) -> None:
    grant(city, "clerk", "people.view", "people.daily", "people.reveal")
    _, case = handed_in(city)
    client = client_of(city, "clerk")
    url = reverse("people_desk_person", args=[case.party_id])
    html = client.get(url).content.decode()
    assert case.title in html and "360599194503070023" not in html and "Household" in html
    reveal = reverse("people_desk_reveal", args=[case.party_id])
    assert client.post(reveal, {"what": "id_number", "purpose": ""}).status_code == 422
    assert "360599194503070023" in client.post(reveal, {"what": "id_number", "purpose": "compare with the card"}).content.decode()
    grant(city, "clerk")
    assert client_of(city, "stranger").get(url).status_code == 404


def test_a_matters_page_reads_its_version(city: City) -> None:
    html = client_of(city, "clerk").get(reverse("catalogue_desk_matter", args=["MZ06"])).content.decode()
    assert "5 working days" in html and "20 working days" in html
