"""Working hours and clock hours."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.foundation.calendar.tests.fixture_2026 import at, pack_calendar, printed_calendar
from linli.foundation.calendar.types import SHANGHAI, OfficeHours

PRINTED, PACK = printed_calendar(), pack_calendar()
minutes = st.integers(0, 200_000).map(lambda m: datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=m))


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def test_fourteen_working_hours_from_friday_afternoon() -> None:
    due = PRINTED.add_working_hours(at("07-10 16:30"), hours(14))  # Friday of a week without holidays
    assert due.at == at("07-14 16:30")
    assert [reason.render() for reason in due.explanation] == [
        "14 working hour(s) from 2026-07-10 16:30; office hours are 08:30-12:00, 14:00-17:30",
        "1 hour(s) of it on 2026-07-10",
        "7 hour(s) of it on 1 full working day(s) in between",
        "6 hour(s) of it on 2026-07-14",
        "2 weekend day(s) do not count",
    ]


def test_two_working_days_from_the_same_friday() -> None:
    assert PRINTED.add_workdays(at("07-10 16:30"), 2).at == at("07-15 00:00")  # Tuesday 24:00


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("07-10 08:30", 3.5, "07-10 12:00"),  # ends with the morning, not with the start of the afternoon
        ("07-10 08:30", 7, "07-10 17:30"),
        ("07-10 12:30", 1, "07-10 15:00"),
        ("07-10 20:00", 1, "07-13 09:30"),
        ("07-11 10:00", 7, "07-13 17:30"),
        ("05-08 16:30", 2, "05-09 09:30"),  # the Saturday is a make-up day
        ("04-30 17:00", 1, "05-06 09:00"),  # over the holiday
    ],
)
def test_working_hours(start: str, amount: float, end: str) -> None:
    assert PRINTED.add_working_hours(at(start), hours(amount)).at == at(end)
    assert PRINTED.working_time_between(at(start), at(end)) == hours(amount)


def test_no_working_hours_is_the_next_working_instant() -> None:
    assert PRINTED.add_working_hours(at("07-11 10:00"), hours(0)).at == at("07-13 08:30")
    assert PRINTED.add_working_hours(at("07-10 09:10"), hours(0)).at == at("07-10 09:10")


def test_office_hours_are_a_parameter() -> None:
    straight = OfficeHours(((time(9), time(17)),))
    assert PRINTED.add_working_hours(at("07-10 16:00"), hours(9), straight).at == at("07-13 17:00")
    with pytest.raises(ValueError, match="ascending"):
        OfficeHours(((time(9), time(12)), (time(11), time(17))))


def test_clock_hours_run_at_once_day_and_night() -> None:
    assert PRINTED.add_hours(at("05-01 23:00"), hours(2)).at == at("05-02 01:00")


def test_working_hours_into_an_unpublished_year_are_provisional() -> None:
    assert not PACK.add_working_hours(at("12-31 16:30"), hours(1)).provisional
    assert PACK.add_working_hours(at("12-31 16:30"), hours(2)).provisional


def test_more_working_time_than_a_day_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="more working time"):
        OfficeHours().clock_after(hours(8))
    with pytest.raises(ValueError, match="negative"):
        PRINTED.add_working_hours(at("07-10 09:00"), hours(-1))


@settings(max_examples=80, deadline=None)
@given(minutes, st.integers(1, 6000))
def test_adding_then_measuring_gives_the_same_time(start: datetime, amount: int) -> None:
    due = PACK.add_working_hours(start, timedelta(minutes=amount))
    assert PACK.working_time_between(start, due.at) == timedelta(minutes=amount)
    assert PACK.is_workday(due.at.date())
    assert PACK.working_time_between(due.at, start) == -timedelta(minutes=amount)
