"""What no weight can move: twins stay two people, a shared ID number is looked at by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from linli.lib.idcard import check_digit
from linli.registry.matching.engine.model import Model, band, objection, score
from linli.registry.matching.types import Band, Objection, Record


def verdict(model: Model, a: Record, b: Record) -> tuple[Band, Objection]:
    found = score(model, a, b)
    return band(found, model.rules), objection(found)


def test_the_same_person_is_linked(model: Model, wang: Record) -> None:
    assert verdict(model, wang, replace(wang, key="b")) == (Band.AUTO, Objection.NONE)
    assert verdict(model, wang, replace(wang, key="b", name="王建囯", phone="15400000009", address=""))[0] is not Band.REJECT


def test_a_person_without_id_number_is_linked_by_the_rest(model: Model, wang: Record) -> None:
    assert verdict(model, wang, replace(wang, key="b", id_number=""))[0] is Band.AUTO
    assert verdict(model, wang, replace(wang, key="b", id_number="", name="王健国", address=""))[0] is Band.AUTO
    assert verdict(model, wang, replace(wang, key="b", id_number="", phone="", birth_date=date(1985, 7, 3)))[0] is not Band.REJECT


def test_twins_with_numbers_are_never_merged(model: Model, wang: Record) -> None:
    body = "36059919850307125"
    twin = replace(wang, key="b", name="王建民", id_number=body + check_digit(body))
    assert verdict(model, wang, twin) == (Band.REJECT, Objection.TWO_NUMBERS)
    namesake_twin = replace(twin, name="王建国")
    assert verdict(model, wang, namesake_twin) == (Band.REVIEW, Objection.TWO_NUMBERS), "perhaps one person with two numbers"


@pytest.mark.parametrize("missing", ["one", "both"])
def test_twins_without_numbers_are_never_linked_silently(model: Model, wang: Record, missing: str) -> None:
    one = wang if missing == "one" else replace(wang, id_number="")
    twin = replace(wang, key="b", name="王建民", id_number="")
    assert verdict(model, one, twin) == (Band.REVIEW, Objection.OTHER_NAME)


@pytest.mark.parametrize(
    "change",
    [{"name": "李红梅"}, {"name": "王建民"}, {"name": "王丽"}, {"birth_date": date(1991, 12, 24)}, {"name": "王健国", "sex": "2"}],
)
def test_two_people_with_one_number_go_to_review(model: Model, wang: Record, change: dict[str, object]) -> None:
    other = replace(wang, key="b", **change)  # type: ignore[arg-type]
    assert verdict(model, wang, other) == (Band.REVIEW, Objection.SHARED_NUMBER)


def test_two_people_with_one_number_and_nothing_else_in_common_go_to_review(model: Model, wang: Record) -> None:
    other = Record("b", "李红梅", "2", date(1991, 12, 24), wang.id_number, "15400000009", "幸福花园1幢1单元101室")
    assert verdict(model, wang, other) == (Band.REVIEW, Objection.SHARED_NUMBER)


def test_namesakes_are_two_people(model: Model, wang: Record) -> None:
    namesake = Record("b", wang.name, "1", date(1972, 11, 30), "", "15400000009", "幸福花园1幢1单元101室")
    assert verdict(model, wang, namesake)[0] is Band.REJECT


def test_a_name_alone_links_nobody(model: Model, wang: Record) -> None:
    assert verdict(model, wang, Record("b", wang.name))[0] is not Band.AUTO
    here, there = Record("a", wang.name, address=wang.address), Record("b", wang.name, address="幸福花园1幢1单元101室")
    assert verdict(model, here, there)[0] is Band.REJECT
    nearly = Record("b", "王健国", address=wang.address)
    assert verdict(model, here, nearly)[0] is not Band.AUTO


def test_couples_and_children_of_one_home_are_not_one_person(model: Model, wang: Record) -> None:
    wife = Record("b", "李红梅", "2", date(1986, 5, 2), "", wang.phone, wang.address)
    son = Record("c", "王小宝", "1", date(2012, 3, 7), "", wang.phone, wang.address)
    assert verdict(model, wang, wife)[0] is Band.REJECT
    assert verdict(model, wang, son)[0] is Band.REJECT
