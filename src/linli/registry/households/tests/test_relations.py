"""What two members of a household are to each other follows from the household book, or is left open."""

from __future__ import annotations

import pytest

from linli.registry.households.engine import relation_between


@pytest.mark.parametrize(
    ("own", "other", "is_"),
    [
        ("02", "12", "spouse"),
        ("11", "02", "spouse"),
        ("02", "22", "child"),
        ("02", "37", "child"),
        ("30", "02", "parent"),
        ("30", "12", "parent"),
        ("30", "20", "sibling"),
        ("30", "51", "grandparent"),
        ("51", "02", "child"),
        ("51", "52", "spouse"),
        ("51", "30", "grandchild"),
        ("51", "73", "child"),
        ("41", "02", "grandparent"),
        ("73", "51", "parent"),
        ("61", "51", "child"),
    ],
)
def test_a_relation_that_follows(own: str, other: str, is_: str) -> None:
    assert relation_between(own, other) == is_


@pytest.mark.parametrize(
    ("own", "other"), [("02", "28"), ("30", "41"), ("41", "20"), ("41", "42"), ("38", "20"), ("02", "81"), ("", "02"), ("12", "51")]
)
def test_a_relation_that_does_not_follow_is_asked(own: str, other: str) -> None:
    assert relation_between(own, other) == ""
