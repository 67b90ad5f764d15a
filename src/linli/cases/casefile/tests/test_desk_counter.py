"""The counter: from the ID card to the receipt, several matters in a row, strangers, people of another area, double press."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.desk import FULL_ANSWERS, city, client_of, grant
from linli.cases.casefile.tests.factories import City, resident
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.records.forms.tests.page import Page
from linli.registry.people.models import Person
from linli.registry.sources.models import Source

__all__ = ["city"]
pytestmark = pytest.mark.django_db
NUMBER = "360599194503070027"
STRANGER = "360599195001010029"


@pytest.fixture(autouse=True)
def sources(city: City) -> None:
    """The sources every city has."""
    for rank, code in enumerate(("licence", "shared", "approval", "collected", "stated"), start=1):
        Source.objects.get_or_create(code=code, defaults={"name": code, "rank": rank})


def show_card(client: Client, who: str = NUMBER) -> Any:
    return client.post(reverse("casefile_desk_visitor"), {"who": who})


def cases() -> list[Case]:
    with scoped(system_actor("test")):
        return list(Case.objects.order_by("submitted_at"))


def filled(html: str, **more: str) -> dict[str, list[str]]:
    """What the browser sends after the clerk has typed what is still open."""
    start = html.index('<form class="linli-form')
    data = Page(html[start : html.index("</form>", start)]).post()
    data["submission_key"] = re.search(r'name="submission_key" value="(\w+)"', html)[1]  # type: ignore[index]
    wanted = {
        "hukou_address": "Beihu 1",
        "live_address": "Beihu 1",
        "bank_account": "6222020000000000000",
        "bank_name": "Bank",
        "account_owner": "Wang Xiulan",
        "other_place": "no",
        "has_agent": "no",
        "truth": "yes",
        "signature__name": "Wang Xiulan",
        "signature__agreed": "true",
        **more,
    }
    for name, value in wanted.items():
        data.setlist(name, [value])
    return {name: data.getlist(name) for name in data}


def test_the_card_finds_the_person_and_initials_find_the_matter(city: City) -> None:
    resident(city, id_number=NUMBER)
    client = client_of(city, "clerk")
    assert "Who is here?" in client.get(reverse("casefile_desk_counter")).content.decode()
    assert show_card(client)["Location"] == reverse("casefile_desk_counter")
    html = client.get(reverse("casefile_desk_counter")).content.decode()
    assert "Wang Xiulan" in html and NUMBER not in html and "360599********0027" in html
    assert client.get(reverse("casefile_desk_counter"), {"q": "gljt"})["Location"] == reverse("casefile_desk_take_in", args=["MZ06"])


def test_who_lives_in_a_grid_is_shown_with_community_and_grid(city: City) -> None:
    home = city.regions["home"]
    grid = Region(code=f"{home.code}001", name="Grid one", level="grid", path=f"{home.path}00001", parent=home)
    grid.save()
    city.regions["grid"] = grid
    resident(city, home="grid", id_number=NUMBER)
    client = client_of(city, "clerk")
    show_card(client)
    html = client.get(reverse("casefile_desk_counter")).content.decode()
    assert re.search(r"<dt>Community</dt>\s*<dd>Beihu</dd>", html) and re.search(r"<dt>Grid</dt>\s*<dd>Grid one</dd>", html)


def test_a_wrong_number_and_a_person_of_another_area(city: City) -> None:
    resident(city, home="other", id_number=NUMBER)
    client = client_of(city, "clerk")
    wrong = show_card(client, "360599194503070025")
    assert wrong.status_code == 422 and "360599194503070025" in wrong.content.decode()
    elsewhere = show_card(client).content.decode()
    assert "registered in your area" in elsewhere and "Wang Xiulan" not in elsewhere
    assert client.post(reverse("casefile_desk_visitor"), {"person": str(_person().pk)}).status_code == 404


def _person() -> Person:
    with scoped(system_actor("test")):
        return Person.objects.get()


def test_hand_in_and_accept_at_once_and_twice_is_once(city: City) -> None:
    resident(city, id_number=NUMBER)
    client = client_of(city, "clerk")
    show_card(client)
    url = reverse("casefile_desk_take_in", args=["MZ06"])
    html = client.get(url).content.decode()
    data = filled(html)
    answer = client.post(url, data)
    assert answer.status_code == 303, re.findall(r"error-title.*?</ul>", answer.content.decode(), re.S)
    [case] = cases()
    assert (
        case.state == "accepted"
        and case.channel == "counter"
        and case.first_contact == city.users["clerk"].pk
        and case.party_id == _person().pk
    )
    done = client.get(answer["Location"]).content.decode()
    assert case.number in done and "Query code" in done
    assert client.post(url, data).status_code == 303 and len(cases()) == 1
    assert "Wang Xiulan" in client.get(reverse("casefile_desk_counter")).content.decode()
    client.post(reverse("casefile_desk_next_visitor"))
    assert "Who is here?" in client.get(reverse("casefile_desk_counter")).content.decode()


def test_mistakes_come_back_with_everything_typed(city: City) -> None:
    resident(city, id_number=NUMBER)
    client = client_of(city, "clerk")
    show_card(client)
    url = reverse("casefile_desk_take_in", args=["MZ06"])
    answer = client.post(url, filled(client.get(url).content.decode(), bank_name=""))
    assert answer.status_code == 422 and not cases()
    assert "Beihu 1" in answer.content.decode() and 'name="submission_key"' in answer.content.decode()


def test_a_missing_paper_leaves_the_case_handed_in_and_a_tick_accepts_it(city: City) -> None:
    resident(city, id_number=NUMBER)
    client = client_of(city, "clerk")
    show_card(client)
    url = reverse("casefile_desk_take_in", args=["MZ06"])
    html = client.get(url).content.decode()
    agent = {
        "has_agent": "yes",
        "agent_name": "Wang Min",
        "agent_id_number": STRANGER,
        "agent_phone": "13800000055",
        "agent_relation": "child",
    }
    answer = client.post(url, filled(html, **agent), follow=True)
    assert "Handed in, but not accepted" in answer.content.decode()
    assert cases()[0].state == "submitted" and cases()[0].agent_name == "Wang Min"
    client.post(reverse("casefile_desk_accept", args=[cases()[0].pk]), {"seen-agent_letter": "on"})
    assert cases()[0].state == "accepted"


def test_somebody_the_register_does_not_know(city: City) -> None:
    client = client_of(city, "clerk")
    assert "taken in with these particulars" in show_card(client, STRANGER).content.decode()
    values = {"name": "Li Wei", "id_number": STRANGER, "phone": "13800000077", "region": str(city.regions["home"].pk)}
    assert client.post(reverse("casefile_desk_new_visitor"), {**values, "id_number": "12"}).status_code == 422
    assert client.post(reverse("casefile_desk_new_visitor"), values).status_code == 302
    assert STRANGER not in str(dict(client.session.items()))
    assert "Li Wei" in client.get(reverse("casefile_desk_counter")).content.decode()
    grant(city, "clerk", "people.edit")
    other = client_of(city, "clerk")
    other.post(reverse("casefile_desk_new_visitor"), values)
    assert _person().name == "Li Wei" and _person().birth_date.isoformat() == "1950-01-01"  # type: ignore[union-attr]


def test_the_counter_is_for_counter_staff(city: City) -> None:
    for name in ("counter", "new_visitor"):
        assert client_of(city, "decider").get(reverse(f"casefile_desk_{name}")).status_code == 403
    assert client_of(city, "clerk").get(reverse("casefile_desk_take_in", args=["MZ06"])).status_code == 302
    assert FULL_ANSWERS


def test_the_form_has_one_main_button(city: City) -> None:
    resident(city, id_number=NUMBER)
    client = client_of(city, "clerk")
    show_card(client)
    html = client.get(reverse("casefile_desk_take_in", args=["MZ06"])).content.decode()
    assert len(re.findall(r"<button[^>]*>(?:<svg.*?</svg>)?Hand in and accept</button>", html)) == 1
    assert html.count('data-hotkey="Alt+a"') == 1 and 'data-hotkey="Alt+a">Hand in and accept' in html
