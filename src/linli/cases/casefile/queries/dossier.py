"""What the files of people, households and homes show of cases."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.cases.casefile import policy
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.words import STATES
from linli.foundation.types import Actor
from linli.registry.households.queries import people_in_home, people_in_household
from linli.registry.people.engine.panels import Line, Panel, PanelRow

SHOWN, LONGEST = 20, 200


def _about(actor: Actor, people: list[UUID], limit: int) -> list[Case]:
    """Cases about some people in the actor's sight, newest first; none for somebody whose post does not include cases."""
    if not people or not actor.may("cases.view"):
        return []
    return list(Case.objects.filter(policy.cases.visible(actor), party_id__in=people).order_by("-submitted_at")[:limit])


def case_lines(actor: Actor, person_id: UUID) -> list[Line]:
    """When a person's cases came in and ended."""
    found = []
    for case in _about(actor, [person_id], LONGEST):
        url = reverse("case_desk_subject", args=[case.pk])
        if case.submitted_at is not None:
            day = timezone.localdate(case.submitted_at)
            found.append(Line(day, gettext("Handed in: %(what)s") % {"what": case.title}, case.number, "", "file-text", url))
        if case.decided_at is not None:
            day = timezone.localdate(case.decided_at)
            found.append(
                Line(day, gettext("Decided: %(what)s") % {"what": case.title}, case.number, str(STATES[case.state][0]), "check", url)
            )
    return found


def _panel(people: Callable[[Actor, UUID], list[UUID]]) -> Callable[[Actor, UUID], Panel]:
    def make(actor: Actor, subject: UUID) -> Panel:
        rows = [
            PanelRow(
                f"{case.title} · {case.applicant}",
                " ".join(filter(None, (f"{case.submitted_at:%Y-%m-%d}" if case.submitted_at else "", str(STATES[case.state][0])))),
                reverse("case_desk_subject", args=[case.pk]),
            )
            for case in _about(actor, people(actor, subject), SHOWN)
        ]
        return Panel(gettext_lazy("Cases of the members"), rows, gettext_lazy("No case in your sight."))

    return make


household_cases = _panel(people_in_household)
home_cases = _panel(people_in_home)
