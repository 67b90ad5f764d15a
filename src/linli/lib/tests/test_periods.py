from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.errors import Invalid
from linli.lib.periods import Period, PeriodKind, add_months, months_between, overlap_days, parse_period, yyyymm

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def test_periods_know_their_ends() -> None:
    assert (Period.month(2024, 2).end, Period.month(2024, 2).days) == (date(2024, 2, 29), 29)
    assert (Period.quarter(2026, 2).start, Period.quarter(2026, 2).end) == (date(2026, 4, 1), date(2026, 6, 30))
    assert Period.year(2026).days == 365
    assert date(2026, 6, 30) in Period.quarter(2026, 2)
    assert date(2026, 7, 1) not in Period.quarter(2026, 2)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("202604", Period.month(2026, 4)),
        ("2026-04", Period.month(2026, 4)),
        ("2026q2", Period.quarter(2026, 2)),
        (" 2026 ", Period.year(2026)),
    ],
)
def test_periods_are_read(text: str, period: Period) -> None:
    assert parse_period(text) == period
    assert parse_period(str(period)) == period


@pytest.mark.parametrize("text", ["", "202613", "202600", "2026Q5", "26", "2026-4", "２０２６"])
def test_other_texts_are_no_periods(text: str) -> None:
    with pytest.raises(Invalid, match="PERIOD_FORMAT"):
        parse_period(text)


def test_a_period_starts_on_its_first_day() -> None:
    with pytest.raises(ValueError, match="no month starts"):
        Period(date(2026, 4, 2), PeriodKind.MONTH)
    with pytest.raises(ValueError, match="no quarter starts"):
        Period(date(2026, 2, 1), PeriodKind.QUARTER)


def test_periods_follow_each_other() -> None:
    months = list(Period.month(2025, 11).until(Period.month(2026, 2)))
    assert [str(month) for month in months] == ["202511", "202512", "202601", "202602"]
    assert [str(month) for month in Period.quarter(2026, 4).months()] == ["202610", "202611", "202612"]
    assert list(Period.month(2026, 2).until(Period.month(2026, 1))) == []
    assert Period.quarter(2026, 1).previous() == Period.quarter(2025, 4)
    with pytest.raises(ValueError, match="cannot step"):
        list(Period.month(2026, 1).until(Period.year(2027)))


def test_overlap_counts_both_ends() -> None:
    april = Period.month(2026, 4)
    assert april.overlaps(date(2026, 4, 30), None)
    assert april.overlaps(date(2020, 1, 1), date(2026, 4, 1))
    assert not april.overlaps(date(2026, 5, 1), None)
    assert not april.overlaps(date(2020, 1, 1), date(2026, 3, 31))
    assert overlap_days((april.start, april.end), (date(2026, 4, 30), None)) == 1
    assert overlap_days((april.start, april.end), (date(2026, 5, 1), None)) == 0
    with pytest.raises(ValueError, match="both spans are open"):
        overlap_days((april.start, None), (april.start, None))


def test_months_of_unequal_length() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months_between(date(2026, 1, 31), date(2026, 2, 27)) == 0
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert months_between(date(2026, 4, 28), date(2025, 4, 29)) == -11
    assert yyyymm(date(2026, 4, 28)) == "202604"


@given(DAYS, st.sampled_from(list(PeriodKind)))
def test_every_day_lies_in_one_period_of_a_kind(day: date, kind: PeriodKind) -> None:
    period = Period.holding(day, kind)
    assert day in period
    assert period.next().start == period.end + timedelta(days=1)
    assert day not in period.next()


@given(DAYS, st.integers(0, 600))
def test_added_months_are_between(day: date, count: int) -> None:
    assert months_between(day, add_months(day, count)) == count
