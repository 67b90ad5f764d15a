"""One search box; one file a household, a home and a person, with tabs, neighbours and a timeline; nothing of another community."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.foundation.scope.actions import scoped
from linli.lib.names import bigrams
from linli.registry.households.tests.conftest import JOB, Register
from linli.registry.people.actions import add_identity
from linli.registry.people.engine.panels import TIMELINES, lines_of
from linli.registry.premises.queries import find_by_address

pytestmark = pytest.mark.django_db


def page(register: Register, who: str, address: str) -> str:
    answer = register.client(who).get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.content[:500])
    return str(answer.content.decode())


def search(register: Register, who: str, text: str) -> str:
    answer = register.client(who).post("/desk/people/", {"who": text})
    assert answer.status_code == 200, answer.content[:500]
    return str(answer.content.decode())


@pytest.mark.parametrize("typed", ["幸福苑3幢2单元1203", "幸福苑3#楼二单元１２０３", "幸福苑3幢", "苑3幢2单元1203室", "3-2-1203"])
def test_a_home_is_found_as_it_is_typed_with_its_household_and_people(register: Register, typed: str) -> None:
    found = search(register, "keeper", typed)
    assert str(register.homes["old"].pk) in found
    assert register.households["wang"].number in found
    assert "王建国" in found
    assert str(register.homes["old"].pk) not in search(register, "other keeper", typed)


def test_nothing_is_listed_before_something_is_asked(register: Register) -> None:
    assert "王建国" not in page(register, "keeper", "/desk/people/")
    assert str(register.homes["old"].pk) not in page(register, "keeper", "/desk/people/")


def test_people_are_found_by_the_end_of_their_name_and_by_a_passport(register: Register) -> None:
    person = register.people["li"].pk
    assert str(person) in search(register, "keeper", "秀英")
    assert str(person) not in search(register, "other keeper", "秀英")
    add_identity(register.actor("keeper"), person_id=person, id_type="414", number="EA1234567")
    assert str(person) in search(register, "keeper", "ea1234567")
    assert str(person) not in search(register, "other keeper", "EA1234567")
    assert register.households["wang"].number in search(register, "keeper", register.households["wang"].number)


def test_the_database_makes_the_same_pairs_as_the_program(register: Register) -> None:
    with scoped(JOB), connection.cursor() as cursor:
        for text in ("幸福苑3幢2单元１２０３室", "Ａ b C", "城南街道 天工社区"):
            cursor.execute("SELECT linli_bigrams(%s)", [text])
            assert set(bigrams(text)) <= set(cursor.fetchone()[0]), text
        cursor.execute("SELECT words::text FROM premises_premises WHERE id = %s", [register.homes["old"].pk])
        assert "'幸福'" in cursor.fetchone()[0]


def test_wildcards_and_quotes_are_letters(register: Register) -> None:
    keeper = register.actor("keeper")
    with scoped(keeper):
        for text in ("%%", "__", "'; DROP", "\\\\", "a'b\\"):
            assert find_by_address(keeper, text) == [], text


def test_the_index_answers_whoever_asks(register: Register) -> None:
    """Keys come from the function; the rows are then read by key under the policy."""
    for who in ("keeper", "head"):
        actor = register.actor(who)
        with scoped(actor):
            homes = find_by_address(actor, "幸福苑")
            assert len(homes) == 3
    far = register.actor("other keeper")
    with scoped(far), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM premises_premises WHERE id IN (SELECT premises_by_words('{幸福}', '幸福', '{0}', '{~}', 9))")
        assert cursor.fetchone()[0] == 0, "a forged range gives keys whose rows nobody may read"


def test_the_file_of_a_household(register: Register) -> None:
    address = f"/desk/households/{register.households['wang'].pk}/"
    text = page(register, "keeper", address)
    for word in ("王建国", "李秀英", "王志强", register.homes["old"].address):
        assert word in text, word
    assert "王志强 joined" in page(register, "keeper", address + "?tab=timeline")
    assert register.client("other keeper").get(address).status_code == 404


def test_the_file_of_a_home_shows_its_building(register: Register) -> None:
    address = f"/desk/premises/{register.homes['old'].pk}/"
    text = page(register, "keeper", address)
    assert "1204" in text and f"/desk/premises/{register.homes['near'].pk}/" in text
    assert f"/desk/premises/{register.homes['next building'].pk}/" in text, "the other building of the estate"
    assert "王建国" in text
    assert "王建国: Lives here" in page(register, "keeper", address + "?tab=timeline")
    assert register.client("other keeper").get(address).status_code == 404


@pytest.mark.parametrize(
    ("tab", "word"),
    [("", "Birth date"), ("?tab=relations", "幸福苑3幢"), ("?tab=records", "Further documents"), ("?tab=timeline", "Lives here")],
)
def test_the_file_of_a_person_opens_at_each_tab(register: Register, tab: str, word: str) -> None:
    assert word in page(register, "keeper", f"/desk/people/{register.people['wang'].pk}/{tab}")


def test_a_timeline_asks_as_many_questions_however_much_happened(register: Register) -> None:
    from datetime import date

    from linli.registry.households.actions import move_person

    keeper, person = register.actor("keeper"), register.people["son"].pk

    def asked() -> tuple[int, int]:
        with scoped(keeper), CaptureQueriesContext(connection) as queries:
            lines = lines_of(TIMELINES, keeper, person)
        return len(queries), len(lines)

    asked()
    before, few = asked()
    for n, home in enumerate(("near", "next building", "near")):
        move_person(keeper, person_id=person, premises_id=register.homes[home].pk, on=date(2020 + n, 5, 1))
    after, many = asked()
    assert many > few + 3
    assert after == before
