"""From pairs to people."""

from __future__ import annotations

from linli.registry.matching.engine.clusters import cluster
from linli.registry.matching.types import Band, Objection, Pair


def pair(left: str, right: str, weight: float, band: Band = Band.AUTO, objection: Objection = Objection.NONE) -> Pair:
    return Pair(left, right, weight, band, objection)


def test_links_follow_from_links() -> None:
    found = cluster([pair("a", "b", 20), pair("b", "c", 15), pair("x", "y", 9)], {})
    assert dict(found.of) == {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x"}
    assert found.person("z") == "z" and not found.review


def test_a_record_without_number_does_not_bring_two_numbers_together() -> None:
    found = cluster([pair("a", "b", 20), pair("b", "c", 15)], {"a": "1", "c": "2"})
    assert found.person("b") == "a" and found.person("c") == "c"
    assert [(p.left, p.right, p.objection) for p in found.review] == [("b", "c", Objection.TWO_NUMBERS)]


def test_a_third_record_does_not_merge_two_people_with_one_number() -> None:
    shared = pair("a", "b", 5, Band.REVIEW, Objection.SHARED_NUMBER)
    found = cluster([pair("a", "c", 20), pair("b", "c", 15), shared], {"a": "1", "b": "1", "c": "1"})
    assert found.person("a") == found.person("c") != found.person("b")
    assert [p.objection for p in found.review] == [Objection.SHARED_NUMBER], "one decision between two people"


def test_what_others_have_linked_needs_no_review() -> None:
    found = cluster([pair("a", "b", 20), pair("b", "c", 15), pair("a", "c", 3, Band.REVIEW)], {})
    assert not found.review


def test_a_person_is_asked_once_about_two_clusters() -> None:
    doubts = [pair("a", "x", 4, Band.REVIEW), pair("b", "x", 5, Band.REVIEW)]
    found = cluster([pair("a", "b", 20), *doubts], {})
    assert [(p.left, p.right) for p in found.review] == [("b", "x")]


def test_brothers_whose_own_numbers_are_known_meanwhile_need_no_review() -> None:
    doubt = pair("a", "b", 4, Band.REVIEW, Objection.OTHER_NAME)
    found = cluster([pair("a", "a2", 20), pair("b", "b2", 20), doubt], {"a2": "1", "b2": "2"})
    assert not found.review
