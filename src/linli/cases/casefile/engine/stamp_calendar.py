"""When things happen in a synthetic city: working days and hours, more on Mondays, and how long an office takes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.types import Reason, day_start

BACK_DAYS = 730  # how far back the city's cases reach: the last 24 months
BY_WEEKDAY = (1.32, 1.12, 1.0, 0.96, 0.84, 0.6, 0.6)  # Monday is the counters' busiest day
MORNING = 0.58  # share of what is done before noon
EVENING = 0.16  # share of portal submissions after the offices close


class Remembering(WorkCalendar):
    """A calendar that remembers what it was asked: a city asks for the same few hundred days millions of times."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.__dict__.update(calendar.__dict__)
        self._nth: dict[tuple[date, int], date] = {}
        self._crossed: dict[tuple[date, date], tuple[Reason, ...]] = {}

    def nth_workday(self, start: date, n: int) -> date:
        key = (start, n)
        found = self._nth.get(key)
        if found is None:
            found = self._nth[key] = super().nth_workday(start, n)
        return found

    def crossed(self, first: date, last: date) -> tuple[Reason, ...]:
        key = (first, last)
        found = self._crossed.get(key)
        if found is None:
            found = self._crossed[key] = super().crossed(first, last)
        return found


class Workdays:
    """The working days of two years up to (not including) ``as_of``, by number; the last one is ``last``."""

    def __init__(self, calendar: WorkCalendar, as_of: date) -> None:
        every = (as_of - timedelta(days=back) for back in range(BACK_DAYS + 60, 0, -1))
        self.days = [day for day in every if calendar.is_workday(day)]
        self.last = len(self.days) - 1
        self.first = bisect_left(self.days, as_of - timedelta(days=BACK_DAYS))
        self.midnight = [int(day_start(day).timestamp()) for day in self.days]
        # volume grows a little over the two years: more people come to know the portal
        weights = (
            BY_WEEKDAY[day.weekday()] * (0.8 + 0.4 * n / len(self.days)) if n >= self.first else 0.0 for n, day in enumerate(self.days)
        )
        self._running = list(accumulate(weights))

    def start(self, rng: Random, *, latest: int) -> int:
        """The number of a day on which a case began that had to be over by now: at most ``latest``."""
        return min(latest, bisect_right(self._running, rng.random() * self._running[latest]))


def office_second(rng: Random) -> float:
    """A moment of the office day (08:30-12:00, 14:00-17:30) in seconds after midnight; mornings are fuller, noon is empty."""
    if rng.random() < MORNING:
        return float(30_600 + 12_600 * min(rng.random(), rng.random() * 1.15))
    return 50_400 + 12_600 * (1 - max(rng.random(), 0.02))


def portal_second(rng: Random) -> float:
    """A moment at which people use a phone: mostly the day, some the evening."""
    if rng.random() < EVENING:
        return float(63_000 + 14_400 * rng.random() ** 1.4)
    return 28_800 + 34_200 * rng.random()


def moments(rng: Random, days: Workdays, numbers: list[int], *, by_phone: bool) -> list[float]:
    """One instant (epoch seconds) for each numbered day, ascending also within a day."""
    seconds = [office_second(rng) for _ in numbers]
    if by_phone and (len(numbers) == 1 or numbers[1] > numbers[0]):
        seconds[0] = portal_second(rng)
    start = 0
    for end in range(1, len(numbers) + 1):
        if end == len(numbers) or numbers[end] != numbers[start]:
            if end - start > 1:
                seconds[start:end] = sorted(seconds[start:end])
            start = end
    return [days.midnight[n] + s for n, s in zip(numbers, seconds, strict=True)]


def iso(epoch: float) -> str:
    """UTC text as PostgreSQL reads it."""
    return datetime.fromtimestamp(epoch, UTC).isoformat()


def gap(rng: Random, kind: str, budget: int) -> int:
    """Working days an office takes for a step of this kind with ``budget`` days to do it in; 0 is the same day."""
    if kind == "publicity":
        return -(-budget * 5 // 7) + 1 if budget > 5 else budget + 1  # seven natural days are full after six working days
    if kind in ("answer", "appear"):
        return 1 + int(rng.random() ** 1.6 * 9)
    if kind in ("withdraw", "suspend", "resume"):
        return 1 + int(rng.random() * 4)
    limit = max(1, budget)
    taken = int(rng.betavariate(1.4, 2.4) * (limit + 0.6))
    return min(taken, limit)


def late(rng: Random, kind: str, budget: int) -> int:
    """Days of somebody who slept: beyond the budget."""
    return max(gap(rng, kind, budget), budget + 1 + int(rng.random() ** 2 * 6))


def age(rng: Random, kind: str, budget: int) -> int:
    """For how many working days an open step has been waiting."""
    if kind == "accept":
        return int(rng.random() ** 1.5 * 4)  # silence of five days would have been acceptance
    if kind == "publicity":
        return int(rng.random() * max(1, budget - 1))
    if kind == "answer":
        return int(rng.random() * 18)
    limit = max(1, budget)
    if rng.random() < 0.07:
        return limit + 1 + int(rng.random() ** 2 * 8)
    return int(rng.random() * limit)
