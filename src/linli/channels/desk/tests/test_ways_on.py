"""Pages that are not there, and small words of the workbench."""

from __future__ import annotations

import pytest

from linli.cases.casefile.tests.desk import city, client_of  # noqa: F401 - a fixture
from linli.cases.casefile.tests.factories import City
from linli.channels.desk.queries import _relation

pytestmark = pytest.mark.django_db


def test_an_address_that_does_not_exist_keeps_the_own_menu(city: City) -> None:  # noqa: F811 - the fixture
    answer = client_of(city, "clerk").get("/desk/nothing/at/all/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "clerk" in page
    assert "/desk/inbox/" in page


def test_a_supervisor_is_led_to_the_board(city: City) -> None:  # noqa: F811 - the fixture
    assert 'href="/desk/supervision/"' in client_of(city, "supervisor").get("/desk/").content.decode().split("<main", 1)[1]


def test_relations_are_words() -> None:
    assert [_relation(code) for code in ("02", "12", "41", "??")] == ["户主", "妻", "孙子", "??"]
