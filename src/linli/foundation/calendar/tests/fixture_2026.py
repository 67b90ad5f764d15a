"""The 2026 calendar exactly as the services manual prints it (2.3), and the calendar of the national pack."""

from datetime import date, datetime, timedelta
from pathlib import Path

from linli.foundation.calendar.engine import WorkCalendar, read_calendar
from linli.foundation.calendar.types import SHANGHAI, DayKind

PACK = Path(__file__).parents[5] / "packs" / "national" / "calendar"

HOLIDAYS = {
    "元旦": ("01-01", "01-03"),
    "春节": ("02-15", "02-23"),
    "清明节": ("04-04", "04-06"),
    "劳动节": ("05-01", "05-05"),
    "端午节": ("06-19", "06-21"),
    "中秋节": ("09-25", "09-27"),
    "国庆节": ("10-01", "10-07"),
}
MAKE_UP = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")


def day(text: str) -> date:
    """A day of 2026 from MM-DD, or any day from YYYY-MM-DD."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def at(text: str) -> datetime:
    """A Shanghai instant from "MM-DD[ HH:MM[:SS]]" of 2026."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def printed_calendar() -> WorkCalendar:
    kinds: dict[date, DayKind] = {}
    names: dict[date, str] = {}
    for name, (first, last) in HOLIDAYS.items():
        for step in range((day(last) - day(first)).days + 1):
            kinds[day(first) + timedelta(days=step)] = DayKind.HOLIDAY
            names[day(first) + timedelta(days=step)] = name
    kinds.update({day(text): DayKind.WORKDAY for text in MAKE_UP})
    return WorkCalendar(kinds, {2026}, "printed", names=names)


def pack_calendar() -> WorkCalendar:
    workdays = (PACK / "workdays.csv").read_text(encoding="utf-8").splitlines()
    years = (PACK / "years.csv").read_text(encoding="utf-8").splitlines()
    return read_calendar(workdays, years, "pack")
