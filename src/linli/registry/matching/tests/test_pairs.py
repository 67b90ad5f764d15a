"""People the register has twice wait in a queue, likeliest first; decided stays decided; nobody becomes one silently."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict
from linli.registry.imports.tests.conftest import Office, office  # noqa: F401 - fixtures
from linli.registry.imports.tests.known import number
from linli.registry.matching.actions import decide_apart, decide_same, search_around, search_register
from linli.registry.matching.models import Pair
from linli.registry.matching.queries import open_pairs, who_could_be
from linli.registry.people.actions import create_person, split_people
from linli.registry.people.models import Merger, Person

pytestmark = pytest.mark.django_db
JOB = system_actor("matching.search")
HOME = "新余市渝水区城南街道北湖社区抱石大道18号幸福苑3幢2单元1203室"
WANG = number("1960-05-17", 21)


def enter(office: Office, name: str, **more: str) -> Person:  # noqa: F811
    region = office.regions[more.pop("place", "北湖社区")]
    return create_person(office.actor, region_id=region.pk, name=name, id_number=more.pop("id_number", ""), values=more)


def twice(office: Office) -> tuple[Person, Person]:  # noqa: F811
    """One man: at the police with his number, at the community with a slip in his name and without it."""
    first = enter(office, "王建国", id_number=WANG, phone="15400001111", live_address=HOME)
    return first, enter(office, "王健国", birth_date="1960-05-17", phone="15400001111", live_address=HOME, place="东湖社区")


def waiting(office: Office) -> list[Pair]:  # noqa: F811
    with scoped(office.actor):
        return list(open_pairs(office.actor))


def test_somebody_who_is_there_twice_is_found_with_why(office: Office) -> None:  # noqa: F811
    first, second = twice(office)
    enter(office, "李秀兰", birth_date="1971-01-02")
    search_around(JOB, person_ids=[second.pk])
    (pair,) = waiting(office)
    assert {pair.one_id, pair.two_id} == {first.pk, second.pk}
    assert {(name, level) for name, level, _ in pair.parts} >= {("birth", "equal"), ("phone", "equal")}
    assert pair.region_path == office.regions["城南街道"].path, "whoever sees both sees the pair"


def test_the_whole_register_finds_the_same(office: Office) -> None:  # noqa: F811
    first, second = twice(office)
    enter(office, "李秀兰", birth_date="1971-01-02")
    assert search_register(JOB) == 1
    assert search_register(JOB) == 0, "a job that runs again finds nothing new"
    (pair,) = waiting(office)
    assert (pair.one_id, pair.two_id) == (first.pk, second.pk)


def test_twins_do_not_wait_and_a_shared_number_does(office: Office) -> None:  # noqa: F811
    enter(office, "张大宝", id_number=number("1985-03-02", 11), live_address=HOME)
    enter(office, "张二宝", id_number=number("1985-03-02", 13), live_address=HOME)
    one, other = enter(office, "王建国", id_number=WANG), enter(office, "欧阳娜娜", birth_date="1990-12-31")
    with scoped(JOB):
        same = Person.objects.get(pk=one.pk)
        Person.objects.filter(pk=other.pk).update(id_number=WANG, id_index=same.id_index)
    search_register(JOB)
    (pair,) = waiting(office)
    assert {pair.one_id, pair.two_id} == {one.pk, other.pk} and pair.why == "shared_number"
    with scoped(JOB):
        assert Person.objects.count() == 4


def test_decided_stays_decided(office: Office) -> None:  # noqa: F811
    twice(office)
    search_register(JOB)
    (pair,) = waiting(office)
    decide_apart(office.actor, pair_id=pair.pk, reason="father and son")
    search_register(JOB)
    assert waiting(office) == []
    with pytest.raises(Conflict, match="PAIR_DECIDED"):
        decide_apart(office.actor, pair_id=pair.pk)


def test_one_person_after_a_decision_and_two_after_the_split(office: Office) -> None:  # noqa: F811
    first, second = twice(office)
    search_register(JOB)
    (pair,) = waiting(office)
    decide_same(office.actor, pair_id=pair.pk, stays=first.pk, reason="shown the household book")
    search_around(JOB, person_ids=[first.pk])
    with scoped(JOB):
        assert Person.objects.count() == 1
        merger = Merger.objects.get()
    split_people(office.actor, merger_id=merger.pk, reason="father and son")
    search_around(JOB, person_ids=[first.pk, second.pk])
    assert waiting(office) == [], "whom somebody has split is not asked about again"


def test_apart_from_one_row_is_apart_from_the_person_it_became(office: Office) -> None:  # noqa: F811
    first, second = twice(office)
    search_register(JOB)
    (pair,) = waiting(office)
    decide_apart(office.actor, pair_id=pair.pk, reason="father and son")
    third = enter(office, "王建国", birth_date="1960-05-17", live_address=HOME)
    search_around(JOB, person_ids=[third.pk])
    same = next(p for p in waiting(office) if first.pk in (p.one_id, p.two_id))
    decide_same(office.actor, pair_id=same.pk, stays=third.pk, reason="one household book")
    search_around(JOB, person_ids=[third.pk])
    assert not any(second.pk in (p.one_id, p.two_id) for p in waiting(office))


def test_what_has_changed_leaves_the_queue(office: Office) -> None:  # noqa: F811
    _, second = twice(office)
    search_register(JOB)
    with scoped(JOB):
        Person.objects.filter(pk=second.pk).update(
            name="赵敏", pinyin="zhaomin", birth_date="2001-01-01", phone="", phone_index=None, live_address=""
        )
    search_around(JOB, person_ids=[second.pk])
    assert waiting(office) == []


@pytest.mark.parametrize(
    ("values", "sure"),
    [
        ({"name": "王建国", "id_number": WANG}, True),
        ({"name": "王健国", "birth_date": "1960-05-17", "phone": "15400001111"}, None),
        ({"name": "国建王", "birth_date": "1960-05-17", "phone": "15400001111"}, None),
        ({"name": "王建国", "birth_date": "1960-05-17", "live_address": HOME}, None),
    ],
)
def test_somebody_new_is_shown_who_she_could_be(office: Office, values: dict[str, str], sure: bool | None) -> None:  # noqa: F811
    first = enter(office, "王建国", id_number=WANG, phone="15400001111", live_address=HOME)
    enter(office, "李秀兰", birth_date="1971-01-02")
    found = who_could_be(office.actor, values)
    assert [one.person_id for one in found] == [first.pk]
    assert sure is None or found[0].sure is sure
    assert WANG not in str(found[0].side.values)


def test_the_pages(office: Office, client: Client) -> None:  # noqa: F811
    first, second = twice(office)
    search_register(JOB)
    client.force_login(office.officer)
    page = client.get(reverse("matching_desk_pairs")).content.decode()
    assert "王建国" in page and "王健国" in page
    (pair,) = waiting(office)
    url = reverse("matching_desk_pair", args=[pair.pk])
    page = client.get(url).content.decode()
    assert 'data-hotkey="1"' in page and WANG not in page
    assert client.post(url, {"decision": "x", "reason": "seen"}).status_code == 422
    done = client.post(url, {"decision": str(first.pk), "reason": "shown the household book"})
    assert done.status_code == 303
    moved = client.get(reverse("people_desk_person", args=[second.pk]))
    assert (moved.status_code, moved["Location"]) == (301, reverse("people_desk_person", args=[first.pk]))
    with scoped(JOB):
        merger = Merger.objects.get()
    url = reverse("matching_desk_merger", args=[merger.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "father and son"}).status_code == 303
    assert client.get(reverse("people_desk_person", args=[second.pk])).status_code == 200


def test_entering_somebody_looks_first(office: Office, client: Client) -> None:  # noqa: F811
    first = enter(office, "王建国", id_number=WANG, phone="15400001111", live_address=HOME)
    client.force_login(office.officer)
    url = reverse("matching_desk_new")
    told = {"name": "王健国", "birth_date": "1960-05-17", "phone": "15400001111", "community": "360502001001"}
    page = client.post(url, {**told, "enter": "look"})
    assert page.status_code == 200 and reverse("people_desk_person", args=[first.pk]) in page.content.decode()
    with scoped(JOB):
        assert Person.objects.count() == 1
    done = client.post(url, {**told, "enter": "1"})
    assert done.status_code == 303
    with scoped(JOB):
        assert Person.objects.count() == 2


def test_two_by_hand(office: Office, client: Client) -> None:  # noqa: F811
    first, second = enter(office, "王建国", id_number=WANG), enter(office, "王三")
    client.force_login(office.officer)
    url = reverse("matching_desk_other", args=[first.pk])
    assert "王三" in client.post(url, {"who": "王三"}).content.decode()
    done = client.post(url, {"other": str(second.pk)})
    assert done.status_code == 303
    pair = UUID(done["Location"].rstrip("/").rpartition("/")[2])
    decide_same(office.actor, pair_id=pair, stays=first.pk, reason="he says so")
    with scoped(JOB):
        assert Person.objects.count() == 1
