"""Which value stands: the worked examples of domain/community.md 15.5, and what must hold for any."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.sources.engine import Rule, Unsettled, choose
from linli.registry.sources.types import Offer

TODAY = date(2026, 11, 23)
ADDRESS = Rule("live_address", {"police_permit": 90, "family_planning": 70, "collected": 85}, half_life=180)
NAME = Rule("name", {"police": 90, "family_planning": 70, "collected": 50})


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


PERMIT = Offer("police_permit", "甲街1号", days_ago(200))
PLANNING = Offer("family_planning", "乙街2号", days_ago(400))
COLLECTED = Offer("collected", "丙街3号2-301", days_ago(20), verified=True)


def test_the_address_of_the_manual() -> None:
    assert [round(ADDRESS.score(offer, TODAY), 1) for offer in (PERMIT, PLANNING, COLLECTED)] == [33.3, 12.0, 78.7]
    choice = choose(ADDRESS, [PERMIT, PLANNING, COLLECTED], on=TODAY)
    assert choice.stands == COLLECTED and choice.unsettled is None
    assert choice.differ == (PERMIT, PLANNING), "the best of the others first"


def test_what_was_collected_long_ago_and_never_verified_gives_way() -> None:
    old = Offer("collected", "丙街3号2-301", days_ago(300))
    assert round(ADDRESS.score(old, TODAY), 1) == 21.4
    choice = choose(ADDRESS, [PERMIT, PLANNING, old], on=TODAY)
    assert choice.stands == PERMIT and old in choice.differ, "the grid worker is asked to verify"


def test_a_name_goes_by_the_order_of_sources_however_old() -> None:
    police, own = Offer("police", "张伟", days_ago(4000)), Offer("collected", "张玮", days_ago(1), verified=True)
    choice = choose(NAME, [own, police], on=TODAY)
    assert choice.stands == police and choice.differ == (own,) and choice.unsettled is None


def test_two_that_are_close_wait_for_a_person_unless_they_agree() -> None:
    one, other = Offer("police_permit", "甲街1号", days_ago(0)), Offer("collected", "丙街3号", days_ago(0), verified=False)
    # 72.0 and 68.0 lie 5.6 % apart; a day less and they are within 5 %
    assert choose(ADDRESS, [one, other], on=TODAY).unsettled is None
    late = Offer("police_permit", "甲街1号", days_ago(2))
    assert choose(ADDRESS, [late, other], on=TODAY).unsettled is Unsettled.CLOSE
    same = Offer("collected", "甲街1号", days_ago(0))
    assert choose(ADDRESS, [late, same], on=TODAY).unsettled is None


def test_what_is_sensitive_is_decided_by_a_person() -> None:
    rule = Rule("disability", {"disabled_federation": 90, "collected": 40}, level=4)
    told, seen = Offer("disabled_federation", "41", TODAY), Offer("collected", "42", TODAY)
    assert choose(rule, [told, seen], on=TODAY).unsettled is Unsettled.SENSITIVE
    assert choose(rule, [told], on=TODAY).unsettled is None


def test_a_locked_value_stands_until_the_lock_ends() -> None:
    locked = Offer("decided", "丁街4号", days_ago(100), locked_until=TODAY)
    assert choose(ADDRESS, [COLLECTED, locked], on=TODAY).stands == locked
    assert choose(ADDRESS, [COLLECTED, locked], on=TODAY + timedelta(days=1)).stands == COLLECTED


def test_whoever_is_not_named_has_no_say() -> None:
    assert choose(ADDRESS, [Offer("hearsay", "戊街5号", TODAY)], on=TODAY).stands is None
    assert choose(ADDRESS, [], on=TODAY).stands is None


@pytest.mark.parametrize(("age", "share"), [(0, 1.0), (180, 0.5), (360, 0.25), (-5, 1.0)])
def test_freshness_is_halved_every_half_life(age: int, share: float) -> None:
    assert ADDRESS.score(Offer("police_permit", "x", days_ago(age), verified=True), TODAY) == pytest.approx(90 * share)


offers = st.lists(
    st.builds(
        Offer,
        source=st.sampled_from(["police_permit", "family_planning", "collected", "hearsay"]),
        value=st.sampled_from(["a", "b", "c"]),
        as_of=st.dates(date(2020, 1, 1), TODAY),
        verified=st.booleans(),
    ),
    max_size=6,
)


@given(offers)
def test_the_order_of_arrival_never_decides(given_offers: list[Offer]) -> None:
    turned = list(reversed(given_offers))
    assert choose(ADDRESS, given_offers, on=TODAY).stands == choose(ADDRESS, turned, on=TODAY).stands


@given(offers)
def test_nothing_said_more_strongly_than_what_stands(given_offers: list[Offer]) -> None:
    choice = choose(ADDRESS, given_offers, on=TODAY)
    known = [offer for offer in given_offers if offer.source in ADDRESS.weights]
    if choice.stands is None:
        assert not known
    else:
        assert all(ADDRESS.score(offer, TODAY) <= choice.score for offer in known)
        assert {offer.value for offer in choice.differ} == {offer.value for offer in known} - {choice.stands.value}
