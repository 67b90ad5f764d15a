"""How long a public notice must hang (services manual 4.1): the day it is posted does not count, holidays do."""

from __future__ import annotations

from linli.cases.supervision.engine.clock import Deadline
from linli.cases.supervision.types import Publicity
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.types import Due


def publicity_due(publicity: Publicity, calendar: WorkCalendar) -> Due:
    """When the notice has hung its full time: 7 days posted on 06-01 are full at 06-08 24:00, a decision may follow on 06-09."""
    return Deadline(calendar=calendar, start=publicity.posted_at, budget=publicity.budget).due()
