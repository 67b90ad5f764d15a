"""The rules that a clock raises: R01-R04, R06, R08 (too long), R10, R12 (services manual 2.6), each with the instant it fires.

A rung stays listed when the thing came late (the card stands, a batch may catch up) and disappears when it came in time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from linli.cases.supervision.engine.clock import Deadline
from linli.cases.supervision.types import BadRating, Budget, CaseFacts, Colour, RuleParams, Rung, Signal, Suspension
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.types import Due, ParamValue, Reason, day_end, day_start, gettext_noop, local, local_day

NOT_ACCEPTED = gettext_noop("Neither accepted nor answered within %(days)s working days of %(date)s; it counts as accepted on that day")
ENDS_SOON = gettext_noop("The promised time limit ends on %(date)s")
PROMISE_PASSED = gettext_noop("The promised time limit ended on %(date)s")
STATUTE_PASSED = gettext_noop("The statutory time limit ended on %(date)s")
STILL_OPEN = gettext_noop("Still unfinished %(days)s working day(s) after the yellow card of %(date)s")
STEP_PASSED = gettext_noop("Step %(step)s passed its time limit of %(date)s")
STEPS_PASSED = gettext_noop("Step %(step)s passed its time limit of %(date)s, the case's overrun number %(count)s")
SUSPENDED_TOO_LONG = gettext_noop("Suspended since %(date)s, longer than the special procedure allows (until %(until)s)")
NOT_DELIVERED = gettext_noop("Decided on %(date)s, but not delivered within %(days)s working days")
NOT_CALLED_BACK = gettext_noop("The bad rating of %(date)s was not called back within %(days)s working day(s)")
NOT_RECTIFIED = gettext_noop("The bad rating of %(date)s was not rectified within %(days)s working days")


@dataclass(frozen=True)
class DeemedAcceptance:
    """Acceptance by silence: at `takes_effect_at` the case counts as accepted since `accepted_at` (the submission), with a red R01."""

    takes_effect_at: datetime
    accepted_at: datetime


def deemed_acceptance(submitted_at: datetime, calendar: WorkCalendar, params: RuleParams) -> DeemedAcceptance:
    """When silence becomes acceptance (services manual 2.3, case W9)."""
    return DeemedAcceptance(_after(calendar, submitted_at, params.acceptance_days), local(submitted_at))


def rungs(facts: CaseFacts, calendar: WorkCalendar, params: RuleParams, as_of: datetime) -> tuple[Rung, ...]:
    """Every rung of the case in order of firing. While it is suspended, only what had been reached before; compute again on resuming."""
    groups = (
        _acceptance(facts, calendar, params),
        _completion(facts, calendar, params, as_of),
        _steps(facts, calendar, params, as_of),
        _suspensions(facts, calendar),
        _delivery(facts, calendar, params),
        *(_rating(facts, rating, calendar, params) for rating in facts.bad_ratings),
    )
    return tuple(sorted((rung for group in groups for rung in group), key=lambda rung: (rung.fire_at, rung.signal.rule)))


def fired(ladder: Iterable[Rung], now: datetime) -> tuple[Rung, ...]:
    """The rungs whose instant has come at `now`."""
    return tuple(rung for rung in ladder if rung.fire_at <= local(now))


def reply_due(colour: Colour, issued_at: datetime, calendar: WorkCalendar, params: RuleParams) -> Due:
    """When a supervision order of this colour has to be answered. ValueError for blue, which asks for no answer."""
    days = {Colour.YELLOW: params.reply_yellow_days, Colour.RED: params.reply_red_days}.get(colour)
    if days is None:
        raise ValueError("a blue signal is a reminder and has no reply limit")
    return calendar.add_workdays(issued_at, days)


def _after(calendar: WorkCalendar, start: datetime, days: int) -> datetime:
    """24:00 of working day ``days`` after ``start``, without the words of an explanation."""
    return day_end(calendar.nth_workday(local_day(start), days))


def _rung(facts: CaseFacts, rule: str, colour: Colour, fire_at: datetime, reason: Reason, suffix: str = "") -> Rung:
    key = f"{facts.period}:{suffix}" if suffix else facts.period
    return Rung(fire_at, Signal(rule, colour, reason, facts.case_id, key))


def _stands(fire_at: datetime, *stops: datetime | None) -> bool:
    """Whether nothing stopped the clock before it fired."""
    return all(stop is None or stop >= fire_at for stop in stops)


def _armed(fire_at: datetime, suspensions: Iterable[Suspension]) -> bool:
    """Whether the clock gets to `fire_at` at all: an open suspension stops it."""
    return all(item.end is not None or fire_at <= item.start for item in suspensions)


def _reason(msgid: str, **params: ParamValue | date) -> Reason:
    return Reason(msgid, {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()})


def _acceptance(facts: CaseFacts, calendar: WorkCalendar, params: RuleParams) -> Iterator[Rung]:
    if facts.submitted_at is None:
        return
    fire_at = deemed_acceptance(facts.submitted_at, calendar, params).takes_effect_at
    accepted_at = None if facts.deemed_accepted else facts.accepted_at
    if _stands(fire_at, accepted_at, facts.noticed_at, facts.ended_at):
        reason = _reason(NOT_ACCEPTED, days=params.acceptance_days, date=local(facts.submitted_at).date())
        yield _rung(facts, "R01", Colour.RED, fire_at, reason)


def _completion(facts: CaseFacts, calendar: WorkCalendar, params: RuleParams, as_of: datetime) -> Iterator[Rung]:
    promised, statutory = (_deadline(facts, budget, calendar) for budget in (facts.promised, facts.statutory))
    promised_due = promised.ends(as_of) if promised else None
    statutory_due = statutory.ends(as_of) if statutory else None
    ladder: list[Rung] = []
    if promised and promised_due:
        soon = _reminder_at(promised, params, as_of)
        if soon is not None and facts.decided_at is None and facts.ended_at is None:
            ladder.append(_rung(facts, "R02", Colour.BLUE, soon, _reason(ENDS_SOON, date=promised_due.last_day)))
        if statutory_due is None or promised_due.at < statutory_due.at:
            ladder.append(_rung(facts, "R03", Colour.YELLOW, promised_due.at, _reason(PROMISE_PASSED, date=promised_due.last_day)))
    red = _red(facts, promised_due, statutory_due, calendar, params, as_of)
    if red:
        ladder.append(red)
    for rung in ladder:
        if _armed(rung.fire_at, facts.suspensions) and _stands(rung.fire_at, facts.decided_at, facts.ended_at):
            yield rung


def _deadline(facts: CaseFacts, budget: Budget | None, calendar: WorkCalendar) -> Deadline | None:
    if budget is None or facts.accepted_at is None:
        return None
    return Deadline(calendar=calendar, start=facts.accepted_at, budget=budget, suspensions=facts.suspensions, closes=facts.closes)


def _reminder_at(promised: Deadline, params: RuleParams, as_of: datetime) -> datetime | None:
    """When what remains falls to max(1, ceil(20 %)) of the budget's own unit: 00:00 of that day, or the instant for hours.

    Days remain after today, so of 5 promised days 1 remains on the fourth. A limit that is due at once has no reminder.
    """
    if not promised.total:
        return None
    margin = max(params.reminder_at_least, math.ceil(promised.total * params.reminder_percent / 100))
    used = promised.total - margin
    if used <= 0:
        return local(promised.start)
    at = promised.instant(Decimal(used), as_of)
    return at if promised.budget.unit.is_time else day_start(Due(at).last_day)


def _red(
    facts: CaseFacts, promised: Due | None, statutory: Due | None, calendar: WorkCalendar, params: RuleParams, as_of: datetime
) -> Rung | None:
    """R04: the statutory limit, or 2 working days after the yellow card (its day does not count), whichever comes first."""
    found: list[tuple[datetime, Reason]] = []
    if statutory:
        found.append((statutory.at, _reason(STATUTE_PASSED, date=statutory.last_day)))
    yellow_at = facts.yellow_at or (promised.at if promised else None)
    if yellow_at and (statutory is None or yellow_at < statutory.at):
        days = Budget(params.red_after_yellow_days, "W")
        after = Deadline(calendar=calendar, start=yellow_at, budget=days, suspensions=facts.suspensions).ends(as_of)
        reason = _reason(STILL_OPEN, days=params.red_after_yellow_days, date=local(yellow_at).date())
        found.append((after.at, reason))
    if not found:
        return None
    fire_at, reason = min(found, key=lambda item: item[0])
    return _rung(facts, "R04", Colour.RED, fire_at, reason)


def _steps(facts: CaseFacts, calendar: WorkCalendar, params: RuleParams, as_of: datetime) -> Iterator[Rung]:
    """R06: blue for each overrun step while the case itself is in time; overrun number 3 is yellow instead."""
    total = _deadline(facts, facts.promised, calendar)
    total_at = total.instant(total.total, as_of) if total else None
    overruns = []
    for step in facts.steps:
        clock = Deadline(calendar=calendar, start=step.entered_at, budget=step.budget, suspensions=facts.suspensions)
        due = clock.ends(as_of)
        in_time = total_at is None or due.at < total_at
        stands = _stands(due.at, step.left_at, facts.decided_at, facts.ended_at)
        if in_time and stands and _armed(due.at, facts.suspensions):
            overruns.append((due.at, due.last_day, step.key))
    for count, (fire_at, day, key) in enumerate(sorted(overruns), start=1):
        if count == params.step_overruns:
            reason = _reason(STEPS_PASSED, step=key, date=day, count=count)
            yield _rung(facts, "R06", Colour.YELLOW, fire_at, reason, f"step:{key}")
        else:
            yield _rung(facts, "R06", Colour.BLUE, fire_at, _reason(STEP_PASSED, step=key, date=day), f"step:{key}")


def _suspensions(facts: CaseFacts, calendar: WorkCalendar) -> Iterator[Rung]:
    for item in facts.suspensions:
        if item.limit is None:
            continue
        due = Deadline(calendar=calendar, start=item.start, budget=item.limit).ends()
        if _stands(due.at, item.end, facts.decided_at, facts.ended_at):
            day = local(item.start).date()
            reason = _reason(SUSPENDED_TOO_LONG, date=day, until=due.last_day)
            yield _rung(facts, "R08", Colour.YELLOW, due.at, reason, f"limit:{local(item.start):%Y%m%dT%H%M%S}")


def _delivery(facts: CaseFacts, calendar: WorkCalendar, params: RuleParams) -> Iterator[Rung]:
    if facts.decided_at is None:
        return
    fire_at = _after(calendar, facts.decided_at, params.delivery_days)
    if _stands(fire_at, facts.delivered_at):
        reason = _reason(NOT_DELIVERED, date=local(facts.decided_at).date(), days=params.delivery_days)
        yield _rung(facts, "R10", Colour.YELLOW, fire_at, reason)


def _rating(facts: CaseFacts, rating: BadRating, calendar: WorkCalendar, params: RuleParams) -> Iterator[Rung]:
    """R12: nobody can call back an anonymous rating, and only a rating that is upheld has something to rectify."""
    day = local(rating.rated_at).date()
    call_at = _after(calendar, rating.rated_at, params.callback_days)
    if rating.named and _stands(call_at, rating.called_back_at):
        reason = _reason(NOT_CALLED_BACK, date=day, days=params.callback_days)
        yield _rung(facts, "R12", Colour.YELLOW, call_at, reason, f"callback:{rating.key}")
    days = (params.rectify_complex_days if rating.is_complex else params.rectify_days) + rating.extension_workdays
    rectify_at = _after(calendar, rating.rated_at, days)
    if rating.upheld and _stands(rectify_at, rating.rectified_at):
        reason = _reason(NOT_RECTIFIED, date=day, days=days)
        yield _rung(facts, "R12", Colour.RED, rectify_at, reason, f"rectify:{rating.key}")
