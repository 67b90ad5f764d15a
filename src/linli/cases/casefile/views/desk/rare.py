"""Which of the rare steps (views/desk/ends.py) a case page links to: the same questions their actions ask."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from linli.cases.casefile import policy
from linli.cases.casefile.queries.desk import CaseView
from linli.cases.casefile.queries.extending import longest_extension
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.casefile.types import State
from linli.foundation.types import Actor


def rare_steps(actor: Actor, view: CaseView) -> list[tuple[str, str, str]]:
    """(label, icon, address) of each."""
    case, found = view.case, []

    def add(label: str, icon: str, name: str) -> None:
        found.append((label, icon, reverse(name, args=[case.pk])))

    if any(m.state == "promised" for m in view.materials) and actor.may("cases.answer") and policy.can_follow_up(actor, case):
        add(gettext("A promised paper has followed"), "file-text", "casefile_desk_paper")
    if policy.can_record_fee(actor, case) and (view.definition.spec.fee.charged or not actor.may("cases.accept")):
        add(gettext("Record what was paid"), "clipboard-list", "casefile_desk_fee")
    undecided = case.state in (State.ACCEPTED, State.REVIEWING, State.SUSPENDED)
    if not (undecided and actor.may("cases.decide")) or stands_aside(actor, case):
        return found
    longest = longest_extension(view.definition.spec, timezone.localdate(), case.region.code)
    in_time = case.due_at is None or case.due_at > timezone.now()
    if longest and in_time and case.state != State.SUSPENDED and not case.decision.get("extension"):
        add(gettext("Extend the time"), "clock", "casefile_desk_extend")
    add(gettext("Terminate the case"), "x", "casefile_desk_terminate")
    return found
