"""R05, R07, R08, R09, R11, R13, R14: each with a case just inside and one just outside."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from linli.cases.supervision.engine import bulk_signals, signals
from linli.cases.supervision.types import Budget, CaseFacts, Decision, Publicity, RuleParams, Signal, Suspension
from linli.foundation.calendar.tests.fixture_2026 import at, printed_calendar

CALENDAR = printed_calendar()
PARAMS = RuleParams()


def found(**more: Any) -> list[tuple[str, str]]:
    return [(one.rule, one.colour.value) for one in look(**more)]


def look(**more: Any) -> tuple[Signal, ...]:
    return signals(CaseFacts(case_id="A1", **more), CALENDAR, PARAMS)


def test_r05_second_correction_notice() -> None:
    assert found(correction_notices=1) == []
    assert found(correction_notices=2) == [("R05", "yellow")]
    keys = {look(correction_notices=n, cycle=n)[0].dedupe_key for n in (2, 3)}
    assert keys == {"R05:A1:case"}


def test_r07_refusal_needs_reason_and_remedy() -> None:
    assert found(refused=True, refusal_reason="not resident", refusal_remedy="appeal in 60 days") == []
    assert found(refused=True, refusal_reason=" ", refusal_remedy="appeal in 60 days") == [("R07", "red")]
    assert found(refused=True, refusal_reason="not resident") == [("R07", "red")]
    assert found(refused=False) == []


def hold(number: int, basis: str = "art. 48") -> Suspension:
    return Suspension(start=at(f"05-{number:02} 09:00"), end=at(f"05-{number:02} 10:00"), basis=basis)


def test_r08_third_suspension() -> None:
    assert found(suspensions=(hold(6), hold(7))) == []
    assert found(suspensions=(hold(6), hold(7), hold(8))) == [("R08", "yellow")]


def test_r08_suspension_without_basis() -> None:
    assert found(suspensions=(hold(6), hold(7, ""))) == [("R08", "red")]
    assert len({one.dedupe_key for one in look(suspensions=(hold(6, ""), hold(7, ""), hold(8)))}) == 3


@pytest.mark.parametrize(
    ("standard", "charged", "message"),
    [
        ("10", "10.01", "10.01 was charged where the standard is 10.00"),
        ("10", "9.99", "9.99 was charged where the standard is 10.00"),
        ("0", "0.01", "0.01 was charged for a matter that is free"),
    ],
)
def test_r09_fee_other_than_the_standard(standard: str, charged: str, message: str) -> None:
    (signal,) = look(fee_standard=Decimal(standard), fee_charged=Decimal(charged))
    assert (signal.rule, signal.colour.value, signal.reason.render()) == ("R09", "red", message)


def test_r09_exact_fee_free_matter_and_fee_not_collected_yet() -> None:
    assert found(fee_standard=Decimal("10"), fee_charged=Decimal("10.00")) == []
    assert found(fee_charged=Decimal("0")) == []
    assert found(fee_standard=Decimal("10")) == []


def test_r11_acceptor_decides() -> None:
    assert found(accepted_by="u1", decided_by="u2") == []
    assert found(accepted_by="u1", decided_by="u1") == [("R11", "yellow")]
    assert found() == []


def test_r11_decided_before_accepted() -> None:
    accepted = at("05-06 09:00")
    assert found(accepted_at=accepted, decided_at=accepted) == []
    assert found(accepted_at=accepted, decided_at=accepted - timedelta(seconds=1)) == [("R11", "yellow")]


def run(count: int, start: str, seconds: float, person: str = "u1") -> list[Decision]:
    """`count` decisions spread evenly from `start` over `seconds`."""
    step = seconds / (count - 1)
    return [Decision(f"{person}-{n}", person, at(start) + timedelta(seconds=step * n)) for n in range(count)]


def test_r11_more_than_twenty_in_ten_minutes_at_night() -> None:
    assert bulk_signals(run(20, "05-06 22:00", 600), PARAMS) == ()
    raised = bulk_signals(run(21, "05-06 22:00", 600), PARAMS)
    assert len({one.case_id for one in raised}) == 21
    assert raised[0].reason.render() == "21 cases were decided by one person within 10 minutes at night"
    assert bulk_signals(run(21, "05-06 22:00", 601), PARAMS) == ()


def test_r11_bulk_by_day_or_by_several_people_is_no_finding() -> None:
    assert bulk_signals(run(40, "05-06 15:00", 300), PARAMS) == ()
    assert bulk_signals(run(15, "05-06 22:00", 60) + run(15, "05-06 22:00", 60, "u2"), PARAMS) == ()
    assert len(bulk_signals(run(30, "05-06 23:58", 300), PARAMS)) == 30  # over midnight
    early = bulk_signals(run(30, "05-06 06:55", 599), PARAMS)  # only those before 07:00 are at night
    assert early == ()


def notice(withdrawn: str | None = None, **more: Any) -> Publicity:
    return Publicity(key="1", posted_at=at("06-01 09:00"), budget=Budget(7, "N"), withdrawn_at=at(withdrawn) if withdrawn else None, **more)


@pytest.mark.parametrize(("withdrawn", "raised"), [("06-05 09:00", True), ("06-08 23:59:59", True), ("06-09 00:00", False)])
def test_r13_notice_withdrawn_before_its_days_are_full(withdrawn: str, raised: bool) -> None:
    assert found(publicities=(notice(withdrawn),)) == ([("R13", "red")] if raised else [])


def test_r13_decided_before_the_notice_was_full() -> None:
    assert found(publicities=(notice(),), decided_at=at("06-08 23:59:59")) == [("R13", "red")]
    assert found(publicities=(notice(),), decided_at=at("06-09 00:00")) == []
    assert found(publicities=(notice(before_decision=False),), decided_at=at("05-28 10:00")) == []


def test_r14_benefit_granted_to_a_dead_or_doubly_served_person() -> None:
    assert found(is_benefit=True, granted=True) == []
    assert found(is_benefit=True, granted=False, beneficiary_dead=True) == []
    assert found(is_benefit=False, granted=True, beneficiary_dead=True) == []
    assert found(is_benefit=True, granted=True, beneficiary_dead=True) == [("R14", "red")]
    assert found(is_benefit=True, granted=True, duplicate_benefit=True) == [("R14", "red")]


def test_period_keys_fit_their_column() -> None:
    every = look(suspensions=(hold(6, ""),), publicities=(notice("06-05 09:00"),), cycle=99)
    assert max(len(one.period_key) for one in (*every, *bulk_signals(run(21, "05-06 22:00", 9), PARAMS))) <= 40
