"""The calendar tables of the national pack, and what their reader refuses."""

from datetime import date

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from linli.foundation.calendar.engine import CalendarTableError, read_calendar, read_workdays, read_years
from linli.foundation.calendar.tests.fixture_2026 import PACK, pack_calendar
from linli.foundation.calendar.types import DayKind

HEAD = "date,is_workday,note"


def test_pack_agrees_with_the_published_calendar_on_every_day() -> None:
    calendar = pack_calendar()
    for ordinal in range(date(2004, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        assert calendar.is_workday(day) == chinese_calendar.is_workday(day), day


def test_pack_lists_every_published_year_and_no_more() -> None:
    assert pack_calendar().published_years == frozenset(range(2004, 2027))


def test_pack_notes_say_what_the_day_is() -> None:
    kinds, notes = read_workdays((PACK / "workdays.csv").read_text(encoding="utf-8").splitlines())
    assert {notes[day] for day, kind in kinds.items() if kind is DayKind.WORKDAY} == {"调休上班"}
    assert notes[date(2026, 2, 17)] == "春节"
    assert notes[date(2015, 9, 3)] == "抗战胜利70周年纪念日"
    assert list(kinds) == sorted(kinds)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([HEAD, "2026-13-01,0,"], "line 2: expected an ISO date"),
        ([HEAD, "2026-05-01,yes,"], "line 2: expected an ISO date"),
        ([HEAD, "2026-05-01,0,", "2026-05-01,0,"], "line 3: 2026-05-01 is listed twice"),
        ([HEAD, "2026-05-02,0,"], "does not differ from the plain week"),
        ([HEAD, "2026-05-08,1,"], "does not differ from the plain week"),
    ],
)
def test_reader_refuses_wrong_rows(lines: list[str], message: str) -> None:
    with pytest.raises(CalendarTableError, match=message):
        read_workdays(lines)


def test_reader_refuses_days_of_unpublished_years_and_bad_years() -> None:
    with pytest.raises(CalendarTableError, match="2027"):
        read_calendar([HEAD, "2027-01-01,0,元旦"], ["year,note", "2026,"], "x")
    with pytest.raises(CalendarTableError, match="line 2"):
        read_years(["year,note", "soon,"])
