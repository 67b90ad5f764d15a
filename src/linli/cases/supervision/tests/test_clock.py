"""Deadlines: budgets, suspensions, what remains, lights."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.cases.supervision.engine import Deadline, incident_suspension_refusal, publicity_due
from linli.cases.supervision.types import Budget, Light, Publicity, Remaining, RuleParams, Suspension, Unit
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.tests.fixture_2026 import at, day, pack_calendar, printed_calendar
from linli.foundation.calendar.types import SHANGHAI, DayKind, day_start

PRINTED, PACK = printed_calendar(), pack_calendar()
PARAMS = RuleParams()


def pause(first: str, last: str | None = None, **more: object) -> Suspension:
    return Suspension(start=at(first), end=at(last) if last else None, reason="hearing", basis="art. 48", **more)  # type: ignore[arg-type]


def clock(start: str, amount: int | str, unit: str, *pauses: Suspension, calendar: WorkCalendar = PRINTED) -> Deadline:
    return Deadline(calendar=calendar, start=at(start), budget=Budget(amount, unit), suspensions=pauses)


@pytest.mark.parametrize("calendar", [PRINTED, PACK], ids=["printed", "pack"])
@pytest.mark.parametrize(
    ("start", "n", "last"),
    [
        ("04-28", 5, "05-08"),
        ("04-28", 20, "05-28"),
        ("05-08", 1, "05-09"),
        ("06-15", 5, "06-23"),
        ("09-18", 10, "10-09"),
        ("09-28", 3, "10-08"),
        ("04-30", 30, "06-15"),
    ],
    ids=["W1", "W2", "W4", "W5", "W6", "W7", "W8"],
)
def test_printed_cases_through_a_deadline(calendar: WorkCalendar, start: str, n: int, last: str) -> None:
    assert clock(f"{start} 15:00", n, "W", calendar=calendar).due().last_day == day(last)


@pytest.mark.parametrize("calendar", [PRINTED, PACK], ids=["printed", "pack"])
def test_w3_suspension_leaves_out_its_first_and_last_working_day(calendar: WorkCalendar) -> None:
    due = clock("04-28 15:00", 20, "W", pause("05-07 11:00", "05-13 16:00"), calendar=calendar).due()
    assert due.last_day == day("06-05")
    said = [reason.render() for reason in due.explanation]
    assert "Suspended from 2026-05-07 to 2026-05-13 (hearing): 6 working day(s) do not count" in said
    assert "Saturday 2026-05-09 is a make-up working day" in said
    assert "2026-05-01 to 2026-05-05 are public holidays (劳动节)" in said
    assert said[0] == "20 working day(s), counted from the day after 2026-04-28"


def test_every_suspension_is_explained_and_overlaps_count_once() -> None:
    due = clock("04-28 15:00", 20, "W", pause("05-07 00:00", "05-13 09:00"), pause("05-12 00:00", "05-14 09:00")).due()
    assert due.last_day == day("06-08")
    assert sum("Suspended from" in reason.msgid for reason in due.explanation) == 2


def test_suspension_outside_the_limit_changes_nothing() -> None:
    due = clock("04-28 15:00", 5, "W", pause("04-20 09:00", "04-28 12:00"), pause("05-09 09:00", "05-20 09:00")).due()
    assert due.last_day == day("05-08")
    assert not any("Suspended from 2026-05-09" in reason.render() for reason in due.explanation)


def test_open_suspension_holds_the_clock_and_makes_the_date_provisional() -> None:
    held = clock("04-28 15:00", 20, "W", pause("05-07 11:00"))
    due = held.due(as_of=at("05-13 16:00"))
    assert (due.last_day, due.provisional) == (day("06-05"), True)
    assert "Suspended since 2026-05-07 (hearing)" in due.explanation[-1].render()
    assert held.due(as_of=at("05-14 09:00")).last_day == day("06-08")
    assert [held.remaining(at(f"05-{d} 12:00")).amount for d in ("06", "07", "13", "29")] == [17, 17, 17, 17]
    assert not held.overdue(at("12-01 09:00"))


def test_zero_day_limit_ends_today_and_a_suspension_moves_it() -> None:
    assert clock("04-28 09:00", 0, "W").due().at == at("04-29 00:00")
    assert clock("05-02 09:00", 0, "W").due().last_day == day("05-06")
    assert clock("05-02 09:00", 0, "W", pause("05-06 09:00", "05-06 10:00")).due().last_day == day("05-07")


def test_natural_days_and_months_with_suspensions() -> None:
    assert clock("06-01 09:00", 7, "N").due().at == at("06-09 00:00")
    due = clock("06-01 09:00", 7, "N", pause("06-03 09:00", "06-04 09:00")).due()
    assert due.last_day == day("06-10")
    assert "2 calendar day(s) do not count" in due.explanation[-1].render()
    monthly = clock("01-31 09:00", 1, "M", pause("02-10 09:00", "02-10 10:00"))
    assert monthly.due().last_day == day("03-01")
    assert monthly.remaining(at("02-09 09:00")) == Remaining(Decimal(19), Unit.NATURAL_DAYS, False)


def test_working_hours_and_clock_hours_with_suspensions() -> None:
    assert clock("07-10 16:30", 14, "H").due().at == at("07-14 16:30")
    due = clock("07-10 16:30", 14, "H", pause("07-13 11:00", "07-13 15:00")).due()
    assert due.at == at("07-15 09:30")  # 2 working hours later: 1 on Tuesday, 1 on Wednesday
    assert "2 hour(s) do not count" in due.explanation[-1].render()
    assert clock("07-10 16:30", "1.5", "C", pause("07-10 17:00", "07-10 18:00")).due().at == at("07-10 19:00")


def test_counter_closing_time_ends_the_last_day() -> None:
    deadline = Deadline(calendar=PRINTED, start=at("04-28 09:00"), budget=Budget(5, "W"), closes=time(17))
    assert deadline.due().at == at("05-08 17:00")


def test_unpublished_year_is_flagged_through_suspensions_too() -> None:
    assert not clock("12-01 09:00", 20, "W", calendar=PACK).due().provisional
    assert clock("12-01 09:00", 20, "W", pause("12-07 09:00", "12-18 09:00"), calendar=PACK).due().provisional
    assert not clock("12-30 09:00", 10, "N", calendar=PACK).due().provisional


def test_remaining_days_leave_today_out_and_go_negative() -> None:
    deadline = clock("04-28 15:00", 5, "W")
    left = {text: deadline.remaining(at(f"{text} 12:00")) for text in ("04-28", "05-07", "05-08", "05-09", "05-10")}
    assert [one.amount for one in left.values()] == [5, 1, 0, -1, -1]
    assert [one.overdue for one in left.values()] == [False, False, False, True, True]


def test_remaining_hours() -> None:
    deadline = clock("07-10 16:30", 14, "H")
    assert deadline.remaining(at("07-13 12:00")) == Remaining(Decimal("9.5"), Unit.WORKING_HOURS, False)
    assert deadline.remaining(at("07-14 17:00")) == Remaining(Decimal("-0.5"), Unit.WORKING_HOURS, True)
    assert deadline.percent(at("07-13 12:00")) == Decimal("67.9")


def test_lights_of_working_hours() -> None:
    deadline = clock("07-06 08:30", 14, "H")  # 4.2 of 14 hours are left on Tuesday at 11:18
    assert deadline.light(at("07-07 11:17:59"), PARAMS) is Light.GREEN
    assert deadline.light(at("07-07 11:18"), PARAMS) is Light.YELLOW
    assert deadline.light(at("07-07 17:30"), PARAMS) is Light.RED
    assert deadline.light(at("07-10 08:31"), PARAMS) is Light.PURPLE


@pytest.mark.parametrize(
    ("now", "light"),
    [
        ("07-06 06:59:59", Light.GREEN),
        ("07-06 07:00", Light.YELLOW),  # exactly 30 % left
        ("07-06 09:59:59", Light.YELLOW),
        ("07-06 10:00", Light.RED),
        ("07-06 20:00", Light.RED),  # exactly 100 % over
        ("07-06 20:00:01", Light.PURPLE),
    ],
)
def test_lights_change_exactly_at_their_thresholds(now: str, light: Light) -> None:
    assert clock("07-06 00:00", 10, "C").light(at(now), PARAMS) is light


def test_lights_of_working_days() -> None:
    deadline = clock("07-10 16:30", 2, "W")
    seen = [deadline.light(at(f"07-{d} 12:00"), PARAMS) for d in (10, 13, 14, 15, 16, 17)]
    assert seen == [Light.GREEN, Light.GREEN, Light.YELLOW, Light.RED, Light.RED, Light.PURPLE]


def test_empty_budget_has_nothing_left_and_is_red_once_over() -> None:
    deadline = clock("07-10 09:00", 0, "W")
    assert (deadline.percent(at("07-10 10:00")), deadline.light(at("07-10 10:00"), PARAMS)) == (Decimal("0.0"), Light.YELLOW)
    assert deadline.light(at("07-20 10:00"), PARAMS) is Light.RED


def test_publicity_of_seven_days_posted_on_the_first_of_june() -> None:
    due = publicity_due(Publicity(key="1", posted_at=at("06-01 09:00"), budget=Budget(7, "N")), PRINTED)
    assert (due.last_day, due.at) == (day("06-08"), at("06-09 00:00"))


def test_incidents_may_be_suspended_once_for_ten_working_days() -> None:
    now = at("07-31 09:00")
    ten, eleven = pause("07-06 09:00", "07-17 09:00"), pause("07-06 09:00", "07-20 09:00")
    assert incident_suspension_refusal([ten], PRINTED, PARAMS, now) is None
    too_long = incident_suspension_refusal([eleven], PRINTED, PARAMS, now)
    assert too_long is not None
    assert too_long.render() == "Suspensions may take 10 working day(s) in all; these take 11"
    assert incident_suspension_refusal([pause("07-06 09:00", "07-06 10:00")] * 2, PRINTED, PARAMS, now) is not None


def test_impossible_budgets_and_suspensions_are_refused() -> None:
    for amount, unit in ((-1, "W"), ("1.5", "W"), ("NaN", "H"), ("0.5", "M"), (1, "Q")):
        with pytest.raises(ValueError, match=r"negative|whole|valid Unit"):
            Budget(amount, unit)
    with pytest.raises(ValueError, match="before it starts"):
        pause("05-02 09:00", "05-01 09:00")
    assert Budget("20", "W").extended(10) == Budget(30, "W")


starts = st.dates(date(2005, 1, 1), date(2025, 6, 30)).map(lambda one: day_start(one) + timedelta(hours=10))


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(1, 40), st.integers(1, 40), st.integers(1, 15))
def test_suspending_k_working_days_inside_the_limit_moves_it_by_exactly_k(start: datetime, n: int, offset: int, k: int) -> None:
    first = PACK.nth_workday(start.date(), min(offset, n))
    last = PACK.nth_workday(first, k - 1) if k > 1 else first
    hold = Suspension(start=day_start(first), end=day_start(last) + timedelta(hours=9))
    due = Deadline(calendar=PACK, start=start, budget=Budget(n, "W"), suspensions=(hold,)).due()
    assert due.last_day == PACK.nth_workday(start.date(), n + k)
    assert PACK.is_workday(due.last_day)


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(0, 60), st.integers(1, 30), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 20)), max_size=4))
def test_due_grows_with_the_budget_and_is_where_nothing_remains(start: datetime, n: int, more: int, holds: list[tuple[int, int]]) -> None:
    pauses = tuple(Suspension(start=start + timedelta(days=a), end=start + timedelta(days=a + b)) for a, b in holds)
    short, long = (Deadline(calendar=PACK, start=start, budget=Budget(x, "W"), suspensions=pauses) for x in (n, n + more))
    assert short.due().at <= long.due().at
    last = long.due().last_day
    assert PACK.is_workday(last)
    assert long.remaining(day_start(last)).amount == 0
    assert not long.overdue(long.due().at - timedelta(seconds=1))
    assert long.overdue(long.due().at)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5000), st.integers(1, 900), st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 2000)), max_size=3))
def test_working_time_used_up_at_the_due_instant(offset: int, amount: int, holds: list[tuple[int, int]]) -> None:
    start = datetime(2026, 4, 20, tzinfo=SHANGHAI) + timedelta(minutes=offset)
    pauses = tuple(Suspension(start=start + timedelta(minutes=a), end=start + timedelta(minutes=a + b)) for a, b in holds)
    deadline = Deadline(calendar=PACK, start=start, budget=Budget(Decimal(amount) / 10, "H"), suspensions=pauses)
    assert deadline.remaining(deadline.due().at).amount == 0


def test_a_calendar_of_another_year_moves_the_same_budget() -> None:
    edited = WorkCalendar({day("05-08"): DayKind.HOLIDAY}, {2026}, "3")
    assert clock("05-06 09:00", 2, "W", calendar=edited).due().last_day == day("05-11")
