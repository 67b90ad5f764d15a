"""R01-R04, R06, R08, R10, R12: each one second before it fires and at the moment it fires."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.cases.supervision.engine import deemed_acceptance, fired, reply_due, rungs
from linli.cases.supervision.types import BadRating, Budget, CaseFacts, Colour, RuleParams, StepRun, Suspension
from linli.foundation.calendar.tests.fixture_2026 import at, day, pack_calendar, printed_calendar

CALENDAR = printed_calendar()
PARAMS = RuleParams()
SECOND = timedelta(seconds=1)


def facts(**more: Any) -> CaseFacts:
    return CaseFacts(case_id="A1", **more)


def accepted(**more: Any) -> CaseFacts:
    """Accepted 04-28 with 5 working days promised (05-08) and 20 by statute (05-28)."""
    return facts(**{"accepted_at": at("04-28 10:00"), "promised": Budget(5, "W"), "statutory": Budget(20, "W"), **more})


def raised(case: CaseFacts, now: datetime, params: RuleParams = PARAMS) -> list[tuple[str, str]]:
    return [(one.signal.rule, one.signal.colour.value) for one in fired(rungs(case, CALENDAR, params, now), now)]


def fires(case: CaseFacts, rule: str, moment: datetime, colour: str) -> None:
    """The rule is silent one second before `moment` and raised at it."""
    assert rule not in dict(raised(case, moment - SECOND))
    assert (rule, colour) in raised(case, moment)


@pytest.mark.parametrize("calendar", [CALENDAR, pack_calendar()], ids=["printed", "pack"])
def test_w9_silence_becomes_acceptance_with_a_red_card(calendar: Any) -> None:
    deemed = deemed_acceptance(at("04-28 15:00"), calendar, PARAMS)
    assert (deemed.takes_effect_at, deemed.accepted_at) == (at("05-09 00:00"), at("04-28 15:00"))
    case = facts(submitted_at=at("04-28 15:00"))
    (rung,) = rungs(case, calendar, PARAMS, at("04-29 09:00"))
    assert (rung.fire_at, rung.signal.rule, rung.signal.colour) == (at("05-09 00:00"), "R01", Colour.RED)


def test_r01_fires_after_five_working_days() -> None:
    fires(facts(submitted_at=at("04-28 15:00")), "R01", at("05-09 00:00"), "red")


@pytest.mark.parametrize("event", ["accepted_at", "noticed_at", "ended_at"])
def test_r01_is_answered_by_acceptance_notice_or_refusal_in_time(event: str) -> None:
    submitted = at("04-28 15:00")
    assert raised(facts(submitted_at=submitted, **{event: at("05-08 23:59:59")}), at("07-01 09:00")) == []
    assert ("R01", "red") in raised(facts(submitted_at=submitted, **{event: at("05-09 00:00:01")}), at("07-01 09:00"))


def test_r01_stands_after_acceptance_by_silence() -> None:
    case = facts(submitted_at=at("04-28 15:00"), accepted_at=at("04-28 15:00"), deemed_accepted=True)
    assert raised(case, at("05-09 00:00")) == [("R01", "red")]


@pytest.mark.parametrize(
    ("promised", "moment"),
    [
        (5, "05-07 00:00"),  # 1 of 5 remains
        (6, "05-07 00:00"),  # ceil(1.2) = 2 of 6 remain
        (10, "05-12 00:00"),  # 2 of 10 remain
        (11, "05-12 00:00"),  # ceil(2.2) = 3 of 11 remain
    ],
)
def test_r02_reminds_when_a_fifth_remains(promised: int, moment: str) -> None:
    fires(accepted(promised=Budget(promised, "W")), "R02", at(moment), "blue")


def test_r02_for_one_day_is_at_once_and_for_none_never() -> None:
    assert raised(accepted(promised=Budget(1, "W")), at("04-28 10:00")) == [("R02", "blue")]
    assert raised(accepted(promised=Budget(0, "W")), at("04-28 23:59")) == []


def test_r02_is_not_sent_for_a_finished_case() -> None:
    assert raised(accepted(decided_at=at("05-08 09:00")), at("05-08 10:00")) == []


def test_r02_of_hours_natural_days_and_months() -> None:
    hours = accepted(accepted_at=at("07-10 16:30"), promised=Budget(14, "H"), statutory=None)
    fires(hours, "R02", at("07-14 11:30"), "blue")  # ceil(2.8) = 3 of 14 hours remain
    fires(accepted(promised=Budget(10, "N"), statutory=None), "R02", at("05-06 00:00"), "blue")
    fires(accepted(promised=Budget(1, "M"), statutory=None), "R02", at("05-22 00:00"), "blue")


def test_r03_warns_when_the_promise_has_passed() -> None:
    fires(accepted(), "R03", at("05-09 00:00"), "yellow")
    assert ("R03", "yellow") not in raised(accepted(decided_at=at("05-08 23:59:59")), at("05-10 00:00"))
    assert ("R03", "yellow") in raised(accepted(decided_at=at("05-09 00:00")), at("05-10 00:00"))


def test_r03_for_a_matter_done_while_you_wait() -> None:
    fires(accepted(promised=Budget(0, "W")), "R03", at("04-29 00:00"), "yellow")


def test_r03_has_no_room_when_promise_and_statute_are_the_same() -> None:
    same = accepted(promised=Budget(20, "W"))
    assert [rule for rule, _ in raised(same, at("05-29 00:00"))] == ["R02", "R04"]


def test_r04_two_working_days_after_the_yellow_card() -> None:
    fires(accepted(), "R04", at("05-13 00:00"), "red")  # card on Saturday 05-09; 05-11 and 05-12 are its two days


def test_r04_at_the_statutory_limit_when_that_comes_first() -> None:
    case = accepted(promised=Budget(19, "W"))
    fires(case, "R04", at("05-29 00:00"), "red")
    (red,) = [one for one in rungs(case, CALENDAR, PARAMS, at("05-01 00:00")) if one.signal.rule == "R04"]
    assert red.signal.reason.render() == "The statutory time limit ended on 2026-05-28"


def test_r04_without_a_statutory_limit_and_from_the_real_card() -> None:
    fires(accepted(statutory=None), "R04", at("05-13 00:00"), "red")
    fires(accepted(statutory=None, yellow_at=at("05-11 09:00")), "R04", at("05-14 00:00"), "red")


def test_r04_is_avoided_by_deciding_in_time() -> None:
    assert "R04" not in dict(raised(accepted(decided_at=at("05-12 23:59:59")), at("06-30 00:00")))
    assert "R04" in dict(raised(accepted(decided_at=at("05-13 00:00")), at("06-30 00:00")))
    assert raised(accepted(ended_at=at("05-06 09:00")), at("06-30 00:00")) == []


def test_suspension_moves_the_ladder_and_an_open_one_disarms_it() -> None:
    hold = Suspension(start=at("05-07 09:00"), end=at("05-13 09:00"), basis="art. 48")
    moved = accepted(suspensions=(hold,))
    fires(moved, "R02", at("05-14 00:00"), "blue")
    fires(moved, "R03", at("05-16 00:00"), "yellow")
    held = accepted(suspensions=(Suspension(start=at("05-07 09:00"), basis="art. 48"),))
    assert rungs(held, CALENDAR, PARAMS, at("05-20 09:00")) == ()
    late = accepted(suspensions=(Suspension(start=at("05-11 09:00"), basis="art. 48"),))
    assert [one.signal.rule for one in rungs(late, CALENDAR, PARAMS, at("05-20 09:00"))] == ["R02", "R03"]


def step(key: str, entered: str, left: str | None = None) -> StepRun:
    return StepRun(key=key, entered_at=at(entered), budget=Budget(1, "W"), left_at=at(left) if left else None)


def test_r06_step_overrun_is_blue_while_the_case_is_in_time() -> None:
    fires(accepted(steps=(step("check", "04-28 10:00"),)), "R06", at("04-30 00:00"), "blue")
    assert raised(accepted(steps=(step("check", "04-28 10:00", "04-29 23:59:59"),)), at("05-06 09:00")) == []


def test_r06_is_silent_once_the_whole_limit_is_over_too() -> None:
    last = accepted(steps=(step("decide", "05-07 10:00"),))  # ends 05-08 like the case
    assert "R06" not in dict(raised(last, at("05-20 00:00")))


def test_r06_third_overrun_is_yellow() -> None:
    runs = (step("a", "04-28 10:00", "04-30 09:00"), step("b", "04-29 10:00", "05-06 09:00"), step("c", "04-30 10:00"))
    case = accepted(promised=Budget(15, "W"), steps=runs)
    assert [colour for rule, colour in raised(case, at("05-07 00:00") - SECOND) if rule == "R06"] == ["blue", "blue"]
    assert [colour for rule, colour in raised(case, at("05-07 00:00")) if rule == "R06"] == ["blue", "blue", "yellow"]


def test_r08_suspended_longer_than_the_procedure_allows() -> None:
    hold = Suspension(start=at("05-06 09:00"), basis="art. 48", limit=Budget(5, "W"))  # 05-07, 08, 09, 11, 12
    fires(facts(suspensions=(hold,)), "R08", at("05-13 00:00"), "yellow")
    ended = Suspension(start=at("05-06 09:00"), end=at("05-12 23:59:59"), basis="art. 48", limit=Budget(5, "W"))
    assert raised(facts(suspensions=(ended,)), at("06-30 00:00")) == []


def test_r10_not_delivered_within_ten_working_days() -> None:
    fires(facts(decided_at=at("04-28 10:00")), "R10", at("05-15 00:00"), "yellow")
    assert raised(facts(decided_at=at("04-28 10:00"), delivered_at=at("05-14 23:59:59")), at("06-30 00:00")) == []


def test_r12_bad_rating_called_back_in_one_day_and_rectified_in_five() -> None:
    case = facts(bad_ratings=(BadRating(key="7", rated_at=at("05-08 10:00")),))
    assert raised(case, at("05-10 00:00") - SECOND) == []
    assert raised(case, at("05-10 00:00")) == [("R12", "yellow")]  # Saturday 05-09 works
    assert raised(case, at("05-15 00:00") - SECOND) == [("R12", "yellow")]
    assert raised(case, at("05-15 00:00")) == [("R12", "yellow"), ("R12", "red")]
    assert len({one.signal.dedupe_key for one in rungs(case, CALENDAR, PARAMS, at("05-15 00:00"))}) == 2


def test_r12_handled_in_time_complex_extended_or_mistaken() -> None:
    now = at("07-31 00:00")
    handled = BadRating(key="7", rated_at=at("05-08 10:00"), called_back_at=at("05-09 12:00"), rectified_at=at("05-14 12:00"))
    assert raised(facts(bad_ratings=(handled,)), now) == []
    mistaken = BadRating(key="7", rated_at=at("05-08 10:00"), named=False, upheld=False)
    assert raised(facts(bad_ratings=(mistaken,)), now) == []
    longer = BadRating(key="7", rated_at=at("05-08 10:00"), named=False, is_complex=True, extension_workdays=5)
    fires(facts(bad_ratings=(longer,)), "R12", at("06-05 00:00"), "red")


def test_reply_limits_of_orders() -> None:
    assert reply_due(Colour.YELLOW, at("05-08 10:00"), CALENDAR, PARAMS).last_day == day("05-12")
    assert reply_due(Colour.RED, at("05-08 10:00"), CALENDAR, PARAMS).last_day == day("05-09")
    with pytest.raises(ValueError, match="reminder"):
        reply_due(Colour.BLUE, at("05-08 10:00"), CALENDAR, PARAMS)


def test_same_rule_case_and_period_has_one_key_and_a_new_cycle_another() -> None:
    now = at("05-09 00:00")
    first = [one.signal.dedupe_key for one in rungs(accepted(), CALENDAR, PARAMS, now)]
    again = [one.signal.dedupe_key for one in rungs(accepted(), CALENDAR, PARAMS, now + timedelta(days=2))]
    assert first == again == ["R02:A1:c1", "R03:A1:c1", "R04:A1:c1"]
    assert "R02:A1:c2" in [one.signal.dedupe_key for one in rungs(accepted(cycle=2), CALENDAR, PARAMS, now)]


def test_thresholds_are_parameters() -> None:
    params = RuleParams.from_mapping({"reminder_percent": 40, "acceptance_days": 3, "night_from": "22:00"})
    assert ("R02", "blue") in raised(accepted(), at("05-06 00:00"), params)
    assert deemed_acceptance(at("04-28 15:00"), CALENDAR, params).takes_effect_at == at("05-07 00:00")
    assert params.night_from.hour == 22
    for wrong in ({"no_such": 1}, {"acceptance_days": "5"}, {"acceptance_days": -1}, {"acceptance_days": True}, {"night_from": "late"}):
        with pytest.raises(ValueError, match=r"parameter|isoformat"):
            RuleParams.from_mapping(wrong)
