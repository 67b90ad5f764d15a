"""The hourly look at what applicants owe: reminders three days before, cases that lapse after the day (services.md 2.2, 2.3)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from procrastinate.contrib.django import app

from linli.cases.casefile.actions.drafts import remove_old_drafts
from linli.cases.casefile.actions.lapsing import lapse_correction, lapse_promise
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.deadlines import correction_until, corrections, next_promise, promises
from linli.cases.casefile.tasks.notify import common, to_applicant
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import LinliError

log = logging.getLogger(__name__)
LAPSER = system_actor("casefile.follow_days", permissions=["cases.lapse"])
REMIND_DAYS = 3
REMINDER = "cases.correction_reminder"


@app.periodic(cron="7 * * * *")
@app.task(name="casefile.follow_days", queue="clock", queueing_lock="casefile.follow_days")
def follow_days(timestamp: int) -> None:
    """Every hour; each case in a transaction of its own, so that one that fails leaves the others alone."""
    follow_up(timezone.now())


@app.periodic(cron="35 3 * * *")
@app.task(name="casefile.remove_old_drafts", queue="default", queueing_lock="casefile.remove_old_drafts")
def run_remove_old_drafts(timestamp: int) -> None:
    """Before the uploads nobody took are looked for (files.tasks): a draft that is gone needs none."""
    remove_old_drafts(LAPSER, now=timezone.now())


def follow_up(now: datetime) -> dict[str, int]:
    """Remind and let lapse what is due at ``now``; how many of each. Repeating it changes nothing: messages carry the day in their key."""
    today = timezone.localdate(now)
    soon = today + timedelta(days=REMIND_DAYS)
    with scoped(LAPSER):
        lapsed, broken = corrections(before=today), promises(before=today)
        asked, promised = corrections(first=today, last=soon), promises(first=today, last=soon)
    return {
        "corrections_lapsed": _each(lapsed, lambda pk: lapse_correction(LAPSER, case_id=pk, now=now)),
        "promises_lapsed": _each(broken, lambda pk: lapse_promise(LAPSER, case_id=pk, now=now)),
        "corrections_reminded": _each(asked, lambda pk: _remind(pk, REMINDER, correction_until)),
        "promises_reminded": _each(promised, lambda pk: _remind(pk, "cases.tolerance_due", next_promise)),
    }


def _each(cases: Iterable[UUID], step: Callable[[UUID], bool]) -> int:
    done = 0
    for pk in cases:
        try:
            done += step(pk)
        except (LinliError, Http404) as error:
            log.warning("a case could not be followed up: %s", error)
    return done


def _remind(case_id: UUID, key: str, day_of: Callable[[Case], date | None]) -> bool:
    with scoped(LAPSER), override(settings.LANGUAGE_CODE):
        case = Case.objects.get(pk=case_id)
        day = day_of(case)
        if day is None:
            return False
        about, params = reminder(key, case, day)
        return to_applicant(about, case, key, params) > 0


def reminder(key: str, case: Case, day: date) -> tuple[str, dict[str, Any]]:
    """What a reminder is about, which carries its day, and its values. ``LANGUAGE_CODE`` is in force."""
    asked: dict[str, Any] = case.decision.get("correction") or {}
    params = {**common(case), "due_text": date_format(day, "DATE_FORMAT"), "missing_count": len(asked.get("items", []))}
    return f"{key}:{case.id}:{day.isoformat()}", params
