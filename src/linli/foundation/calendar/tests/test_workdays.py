"""Working days, natural days, months: the printed cases, explanations, unpublished years."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.tests.fixture_2026 import at, day, pack_calendar, printed_calendar
from linli.foundation.calendar.types import SHANGHAI, DayKind, Reason

PRINTED, PACK = printed_calendar(), pack_calendar()
both = pytest.mark.parametrize("calendar", [PRINTED, PACK], ids=["printed", "pack"])
some_days = st.dates(date(2005, 1, 1), date(2026, 6, 30))


@both
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
def test_printed_cases(calendar: WorkCalendar, start: str, n: int, last: str) -> None:
    due = calendar.add_workdays(at(f"{start} 10:20"), n)
    assert due.last_day == day(last)
    assert due.at == at(f"{last} 00:00") + timedelta(days=1)
    assert not due.provisional


def test_calendars_agree_on_every_day_of_2026() -> None:
    days = [date(2026, 1, 1) + timedelta(days=step) for step in range(365)]
    assert [PRINTED.is_workday(one) for one in days] == [PACK.is_workday(one) for one in days]


def test_counter_case_ends_at_closing_time() -> None:
    due = PRINTED.add_workdays(at("04-28 09:00"), 5, closes=time(17, 30))
    assert due.at == at("05-08 17:30")
    assert not due.is_over(at("05-08 17:29:59"))
    assert due.is_over(at("05-08 17:30"))


def test_limit_runs_through_the_last_second_of_the_day() -> None:
    due = PRINTED.add_workdays(day("04-28"), 5)
    assert not due.is_over(at("05-08 23:59:59"))
    assert due.is_over(at("05-09 00:00"))


def test_day_is_the_day_in_shanghai() -> None:
    late_evening_utc = datetime(2026, 4, 27, 16, 30, tzinfo=UTC)  # 00:30 on 04-28 in Shanghai
    assert PRINTED.add_workdays(late_evening_utc, 5).last_day == day("05-08")


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        PRINTED.add_workdays(at("04-28 09:00").replace(tzinfo=None), 5)


def test_negative_amounts_are_refused() -> None:
    for call in (PRINTED.add_workdays, PRINTED.add_natural_days, PRINTED.add_months):
        with pytest.raises(ValueError, match="negative"):
            call(day("04-28"), -1)
    with pytest.raises(ValueError, match="negative"):
        PRINTED.add_hours(at("04-28 09:00"), timedelta(hours=-1))


def test_zero_days_is_today_or_the_next_working_day() -> None:
    assert PRINTED.add_workdays(day("04-30"), 0).at == at("05-01 00:00")
    assert PRINTED.add_workdays(day("05-01"), 0).last_day == day("05-06")


def test_explanation_names_every_make_up_day_and_holiday_crossed() -> None:
    said = [reason.render() for reason in PRINTED.add_workdays(day("04-28"), 20).explanation]
    assert said == [
        "20 working day(s), counted from the day after 2026-04-28",
        "2026-05-01 to 2026-05-05 are public holidays (劳动节)",
        "Saturday 2026-05-09 is a make-up working day",
        "5 weekend day(s) do not count",
    ]


def test_explanation_joins_a_holiday_over_its_weekend_when_only_weekdays_are_stored() -> None:
    said = [reason.render() for reason in PACK.add_workdays(day("09-18"), 15).explanation]
    assert said == [
        "15 working day(s), counted from the day after 2026-09-18",
        "Sunday 2026-09-20 is a make-up working day",
        "2026-09-25 is a public holiday (中秋节)",
        "2026-10-01 to 2026-10-07 are public holidays (国庆节)",
        "Saturday 2026-10-10 is a make-up working day",
        "4 weekend day(s) do not count",
    ]


def test_holidays_without_a_name_are_still_explained() -> None:
    calendar = WorkCalendar({day("05-01"): DayKind.HOLIDAY}, {2026}, "x")
    assert Reason("%(date)s is a public holiday", {"date": "2026-05-01"}) in calendar.add_workdays(day("04-30"), 1).explanation
    longer = WorkCalendar({day("05-04"): DayKind.HOLIDAY, day("05-05"): DayKind.HOLIDAY}, {2026}, "x")
    assert "2026-05-04 to 2026-05-05 are public holidays" in [r.render() for r in longer.add_workdays(day("05-03"), 1).explanation]


def test_unpublished_year_is_flagged_and_named() -> None:
    inside = PACK.add_workdays(day("12-28"), 3)
    assert (inside.last_day, inside.provisional) == (day("12-31"), False)
    outside = PACK.add_workdays(day("12-28"), 4)
    assert outside.provisional
    assert outside.last_day.year == 2027
    assert Reason("The holidays of %(year)s are not published yet; this date may move", {"year": 2027}) in outside.explanation


def test_publishing_the_year_moves_the_date_and_lifts_the_flag() -> None:
    later = WorkCalendar({day("2027-01-01"): DayKind.HOLIDAY}, {2026, 2027}, "2")
    due = later.add_workdays(day("12-28"), 4)
    assert (due.last_day, due.provisional) == (day("2027-01-04"), False)


def test_natural_days_count_holidays_and_may_roll() -> None:
    assert PRINTED.add_natural_days(day("06-01"), 7).at == at("06-09 00:00")
    assert PRINTED.add_natural_days(day("04-25"), 7).last_day == day("05-02")
    rolled = PRINTED.add_natural_days(day("04-25"), 7, roll=True)
    assert rolled.last_day == day("05-06")
    assert "2026-05-02 is not a working day, so the limit ends on 2026-05-06" in [r.render() for r in rolled.explanation]


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("01-31", 1, "02-28"),
        ("03-15", 2, "05-15"),
        ("11-30", 3, "2027-02-28"),
        ("2023-12-31", 2, "2024-02-29"),
        ("06-10", 12, "2027-06-10"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: str, months: int, last: str) -> None:
    assert PRINTED.add_months(day(start), months).last_day == day(last)


def test_reason_survives_storage() -> None:
    for reason in PRINTED.add_workdays(day("04-28"), 20).explanation:
        assert Reason.from_json(reason.as_json()) == reason


@settings(max_examples=80, deadline=None)
@given(some_days, st.integers(0, 120))
def test_adding_then_counting_gives_the_same_number(start: date, n: int) -> None:
    last = PACK.add_workdays(start, n).last_day
    assert PACK.is_workday(last)
    if n or PACK.is_workday(start):
        assert PACK.workdays_between(start, last) == n
    assert PACK.workdays_between(last, start) == -PACK.workdays_between(start, last)


@settings(max_examples=60, deadline=None)
@given(some_days, st.integers(1, 60))
def test_day_by_day_walk_agrees(start: date, n: int) -> None:
    walked = start
    for _ in range(n):
        walked = PACK.next_workday(walked)
    assert PACK.nth_workday(start, n) == walked


@settings(max_examples=60, deadline=None)
@given(some_days, st.integers(0, 100), st.integers(1, 20))
def test_more_days_never_end_earlier(start: date, n: int, more: int) -> None:
    assert PACK.add_workdays(start, n).at <= PACK.add_workdays(start, n + more).at


@settings(max_examples=40, deadline=None)
@given(some_days, st.integers(1, 60))
def test_every_exception_crossed_is_explained(start: date, n: int) -> None:
    due = PACK.add_workdays(start, n)
    spans = [(r.params.get("first", r.params.get("date")), r.params.get("last", r.params.get("date"))) for r in due.explanation[1:]]
    named = [(date.fromisoformat(str(a)), date.fromisoformat(str(b))) for a, b in spans if a]
    for exception, _ in PACK.exceptions_between(start + timedelta(days=1), due.last_day):
        assert any(first <= exception <= last for first, last in named), exception


def test_times_are_in_shanghai() -> None:
    assert PACK.add_workdays(datetime(2026, 4, 28, 1, tzinfo=UTC), 5).at.tzinfo is SHANGHAI
