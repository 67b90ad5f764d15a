"""A longer time to decide: once, by an approver, within what the matter allows, with a notice to the applicant (services.md 2.3)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.papers import issue_paper
from linli.cases.casefile.actions.running import arm_clock, tell
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import definition_for, get_case
from linli.cases.casefile.queries.extending import longest_extension
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.casefile.types import State
from linli.foundation.actions.actions import action, require
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid


@action("cases.decide", audit="cases.case_extended")
def extend_case(actor: Actor, *, case_id: UUID, days: int, reason: str) -> Case:
    """Lengthen the promised and the statutory time by ``days`` of the limit's own unit; the applicant is told in writing.

    Errors: NOT_ALLOWED, RELATIVE, EXTENDED, EXTENSION_NONE, EXTENSION_LATE, EXTENSION_DAYS, REASON.
    """
    case = get_case(actor, case_id, lock=True)
    require(case.state in (State.ACCEPTED, State.REVIEWING), gettext_noop("Only an accepted case that is being worked on can be extended."))
    require(
        not stands_aside(actor, case),
        gettext_noop("You or a relative of yours is the applicant; a colleague has to do this."),
        code="RELATIVE",
    )
    now = timezone.now()
    _check(case, days, reason, timezone.localdate(now))
    if case.due_at is not None and case.due_at <= now:
        raise Conflict("EXTENSION_LATE", gettext_noop("The time is over already; an extension is granted before that."))
    former = case.due_at
    case.decision = {
        **case.decision,
        "extension": {
            "days": days,
            "reason": reason.strip(),
            "by": str(actor.user_id or ""),
            "former": former.isoformat() if former else "",
        },
    }
    case.save(update_fields=["decision"])
    arm_clock(case, now=now)
    due = case.due_at.isoformat() if case.due_at else ""
    tell(
        case,
        actor,
        "extended",
        gettext_noop("Extended once: to be decided by %(due)s (%(reason)s)"),
        now=now,
        due=due,
        reason=reason.strip(),
    )
    issue_paper(case, actor, "extension", now=now, days=days, reason=reason.strip(), former=former.isoformat() if former else "")
    emit("cases.case_extended", region_path=case.region_path, case_id=case.id)
    return case


def _check(case: Case, days: int, reason: str, today: date) -> None:
    if case.decision.get("extension"):
        raise Conflict("EXTENDED", gettext_noop("The time of this case was extended before; that is possible once."))
    longest = longest_extension(definition_for(case).spec, today, case.region.code)
    if longest == 0:
        raise Conflict("EXTENSION_NONE", gettext_noop("The time of this matter cannot be extended."))
    if not 1 <= days <= longest:
        raise Invalid("EXTENSION_DAYS", gettext_noop("An extension is 1 to %(longest)s days."), field="days", data={"longest": longest})
    if len(reason.strip()) < 5:
        raise Invalid("REASON", gettext_noop("Give the reason in words the applicant understands."), field="reason")
