"""The vocabulary of the work calendar: kinds of day, office hours, reasons and due instants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

ParamValue = str | int


def gettext_noop(msgid: str) -> str:
    """Mark an English msgid for extraction; the translation happens where the reason is shown."""
    return msgid


class DayKind(StrEnum):
    """How a published calendar treats a day that may differ from the plain Monday-Friday week."""

    WORKDAY = "workday"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Reason:
    """One sentence of an explanation: an English msgid and its parameters (dates and times as ISO text, counts as int)."""

    msgid: str
    params: Mapping[str, ParamValue] = field(default_factory=dict, hash=False)

    def render(self) -> str:
        """The English sentence; a screen renders `gettext(reason.msgid) % reason.params` instead."""
        return self.msgid % dict(self.params)

    def as_json(self) -> dict[str, Any]:
        """The form in which an explanation is stored."""
        return {"msgid": self.msgid, "params": dict(self.params)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reason:
        """The reason that `as_json` stored."""
        return cls(stored["msgid"], dict(stored["params"]))


@dataclass(frozen=True)
class Due:
    """When a time limit ends.

    `at` is the first instant that is too late (aware, Asia/Shanghai): "24:00 of the 8th" is 00:00 of the 9th.
    `provisional` is true when the date may still move: a year in its range is not published yet, or a suspension is open.
    """

    at: datetime
    explanation: tuple[Reason, ...] = ()
    provisional: bool = False

    @property
    def last_day(self) -> date:
        """The last day on which the thing can still be done in time: what a notice prints."""
        return (self.at - timedelta(microseconds=1)).date()

    def is_over(self, now: datetime) -> bool:
        """Whether the limit has passed at `now` (aware; ValueError when naive)."""
        return local(now) >= self.at


@dataclass(frozen=True)
class OfficeHours:
    """The sessions of a working day, ascending and not overlapping (services manual: 08:30-12:00 and 14:00-17:30, 7 hours)."""

    sessions: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14), time(17, 30)))

    def __post_init__(self) -> None:
        edges = [edge for session in self.sessions for edge in session]
        if not edges or any(early >= late for early, late in pairwise(edges)):
            raise ValueError("office hours must be ascending sessions that do not touch or overlap")

    @property
    def per_day(self) -> timedelta:
        """Working time of one full working day."""
        return sum((_since_midnight(end) - _since_midnight(start) for start, end in self.sessions), timedelta())

    def worked_by(self, clock: time) -> timedelta:
        """Working time of a working day that has passed when the clock shows `clock`."""
        now = _since_midnight(clock)
        spans = ((_since_midnight(start), _since_midnight(end)) for start, end in self.sessions)
        return sum((min(now, end) - start for start, end in spans if now > start), timedelta())

    def clock_after(self, worked: timedelta) -> time:
        """The clock time at which `worked` (0 < worked <= per_day) has passed; the end of a session, not the start of the next."""
        left = worked
        for start, end in self.sessions:
            length = _since_midnight(end) - _since_midnight(start)
            if left <= length:
                return (datetime.combine(date.min, start) + left).time()
            left -= length
        raise ValueError("more working time than a day holds")

    def __str__(self) -> str:
        return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in self.sessions)


DEFAULT_HOURS = OfficeHours()


def local(moment: datetime) -> datetime:
    """The same instant in Asia/Shanghai; ValueError when `moment` carries no time zone."""
    if moment.tzinfo is SHANGHAI:
        return moment
    if moment.utcoffset() is None:
        raise ValueError("a time without a time zone cannot be used for a time limit")
    return moment.astimezone(SHANGHAI)


def local_day(moment: date | datetime) -> date:
    """The day in Asia/Shanghai on which `moment` falls (a plain date is that day)."""
    return local(moment).date() if isinstance(moment, datetime) else moment


def day_start(day: date) -> datetime:
    """00:00 of `day` in Asia/Shanghai."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def day_end(day: date, closes: time | None = None) -> datetime:
    """24:00 of `day` (that is 00:00 of the next), or the counter's closing time on that day."""
    if closes is not None:
        return datetime.combine(day, closes, tzinfo=SHANGHAI)
    return day_start(day + timedelta(days=1))


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
