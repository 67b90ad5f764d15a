"""The rules that an event raises: R05, R07, R08 (count, basis), R09, R11, R13, R14 (services manual 2.6). Pure functions of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from linli.cases.supervision.engine.publicity import publicity_due
from linli.cases.supervision.types import CaseFacts, Colour, Decision, RuleParams, Signal
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.types import ParamValue, Reason, gettext_noop, local

CORRECTED_AGAIN = gettext_noop("%(count)s correction notices were sent; everything has to be named in one")
REFUSED_WITHOUT_REASON = gettext_noop("The refusal gives no reason")
REFUSED_WITHOUT_REMEDY = gettext_noop("The refusal does not say how to appeal")
SUSPENDED_OFTEN = gettext_noop("The case was suspended %(count)s times")
SUSPENDED_WITHOUT_BASIS = gettext_noop("The suspension of %(date)s names no legal basis")
FEE_DIFFERS = gettext_noop("%(charged)s was charged where the standard is %(standard)s")
FEE_ON_FREE = gettext_noop("%(charged)s was charged for a matter that is free")
SAME_PERSON = gettext_noop("The same person accepted and decided the case")
DECIDED_BEFORE_ACCEPTED = gettext_noop("The decision is dated before the acceptance")
DECIDED_IN_BULK = gettext_noop("%(count)s cases were decided by one person within %(minutes)s minutes at night")
NOTICE_WITHDRAWN = gettext_noop("The public notice was withdrawn before its time was full (%(date)s)")
DECIDED_DURING_NOTICE = gettext_noop("The decision came before the public notice had hung its full time (%(date)s)")
GRANTED_TO_DEAD = gettext_noop("The benefit was granted although the person is recorded as dead")
GRANTED_TWICE = gettext_noop("The benefit was granted although the person already receives it")


def signals(facts: CaseFacts, calendar: WorkCalendar, params: RuleParams) -> tuple[Signal, ...]:
    """Everything the facts show at this moment; run it after each event, the dedupe keys keep repeats away."""
    groups = (_notices(facts, params), _refusal(facts), _suspensions(facts, params), _fee(facts), _persons(facts))
    return (*(signal for group in groups for signal in group), *_publicity(facts, calendar), *_benefit(facts))


def bulk_signals(decisions: Iterable[Decision], params: RuleParams) -> tuple[Signal, ...]:
    """R11: one signal for each case that lies in a run of more than 20 night decisions of one person within 10 minutes."""
    by_person: dict[str, list[Decision]] = {}
    for decision in sorted(decisions, key=lambda one: one.decided_at):
        if _is_night(decision.decided_at, params):
            by_person.setdefault(decision.decided_by, []).append(decision)
    found: dict[str, tuple[int, Decision]] = {}
    window = timedelta(minutes=params.bulk_minutes)
    for run in by_person.values():
        first = 0
        for last, decision in enumerate(run):
            while decision.decided_at - run[first].decided_at > window:
                first += 1
            count = last - first + 1
            if count > params.bulk_more_than:
                for member in run[first : last + 1]:
                    found[member.case_id] = (max(count, found.get(member.case_id, (0,))[0]), member)
    return tuple(_bulk(count, member, params) for count, member in found.values())


def _bulk(count: int, member: Decision, params: RuleParams) -> Signal:
    reason = Reason(DECIDED_IN_BULK, {"count": count, "minutes": params.bulk_minutes})
    return Signal("R11", Colour.YELLOW, reason, member.case_id, f"bulk:{local(member.decided_at):%Y%m%dT%H%M%S}")


def _is_night(moment: datetime, params: RuleParams) -> bool:
    clock, start, end = local(moment).time(), params.night_from, params.night_to
    return start <= clock < end if start <= end else clock >= start or clock < end


def _signal(
    facts: CaseFacts, rule: str, colour: Colour, msgid: str, suffix: str = "", params: dict[str, ParamValue] | None = None
) -> Signal:
    key = f"{facts.period}:{suffix}" if suffix else facts.period
    return Signal(rule, colour, Reason(msgid, params or {}), facts.case_id, key)


def _notices(facts: CaseFacts, params: RuleParams) -> Iterator[Signal]:
    # Each correction re-arms the clock (a new cycle), so the finding is tied to the case, not to the cycle.
    if facts.correction_notices >= params.correction_notices:
        reason = Reason(CORRECTED_AGAIN, {"count": facts.correction_notices})
        yield Signal("R05", Colour.YELLOW, reason, facts.case_id, "case")


def _refusal(facts: CaseFacts) -> Iterator[Signal]:
    if facts.refused and not facts.refusal_reason.strip():
        yield _signal(facts, "R07", Colour.RED, REFUSED_WITHOUT_REASON)
    elif facts.refused and not facts.refusal_remedy.strip():
        yield _signal(facts, "R07", Colour.RED, REFUSED_WITHOUT_REMEDY)


def _suspensions(facts: CaseFacts, params: RuleParams) -> Iterator[Signal]:
    if len(facts.suspensions) >= params.suspension_count:
        yield _signal(facts, "R08", Colour.YELLOW, SUSPENDED_OFTEN, "count", {"count": len(facts.suspensions)})
    for item in facts.suspensions:
        if not item.basis.strip():
            start = local(item.start)
            where: dict[str, ParamValue] = {"date": start.date().isoformat()}
            yield _signal(facts, "R08", Colour.RED, SUSPENDED_WITHOUT_BASIS, f"basis:{start:%Y%m%dT%H%M%S}", where)


def _fee(facts: CaseFacts) -> Iterator[Signal]:
    """R09 compares once something was charged; an amount not collected yet is no finding."""
    if facts.fee_charged is None or facts.fee_charged == facts.fee_standard:
        return
    amounts: dict[str, ParamValue] = {"charged": _money(facts.fee_charged), "standard": _money(facts.fee_standard)}
    yield _signal(facts, "R09", Colour.RED, FEE_DIFFERS if facts.fee_standard else FEE_ON_FREE, params=amounts)


def _persons(facts: CaseFacts) -> Iterator[Signal]:
    if facts.accepted_by and facts.accepted_by == facts.decided_by:
        yield _signal(facts, "R11", Colour.YELLOW, SAME_PERSON, "person")
    if facts.accepted_at and facts.decided_at and facts.decided_at < facts.accepted_at:
        yield _signal(facts, "R11", Colour.YELLOW, DECIDED_BEFORE_ACCEPTED, "order")


def _publicity(facts: CaseFacts, calendar: WorkCalendar) -> Iterator[Signal]:
    for notice in facts.publicities:
        due = publicity_due(notice, calendar)
        full: dict[str, ParamValue] = {"date": due.last_day.isoformat()}
        key = f"notice:{notice.key}"
        if notice.withdrawn_at and notice.withdrawn_at < due.at:
            yield _signal(facts, "R13", Colour.RED, NOTICE_WITHDRAWN, key, full)
        elif notice.before_decision and facts.decided_at and facts.decided_at < due.at:
            yield _signal(facts, "R13", Colour.RED, DECIDED_DURING_NOTICE, key, full)


def _benefit(facts: CaseFacts) -> Iterator[Signal]:
    if not (facts.is_benefit and facts.granted):
        return
    if facts.beneficiary_dead:
        yield _signal(facts, "R14", Colour.RED, GRANTED_TO_DEAD)
    elif facts.duplicate_benefit:
        yield _signal(facts, "R14", Colour.RED, GRANTED_TWICE)


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
