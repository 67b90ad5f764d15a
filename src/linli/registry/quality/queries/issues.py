"""The single problems: lists, one, those of a person, and what their subjects are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from linli.foundation.types import PATH_END, Actor
from linli.lib.errors import NotFound
from linli.registry.bodies.queries import visible_bodies
from linli.registry.households.models import Household
from linli.registry.households.policy import households
from linli.registry.people.engine.panels import Panel, PanelRow
from linli.registry.people.queries import visible_people
from linli.registry.premises.models import Premises
from linli.registry.premises.policy import premises
from linli.registry.quality import policy
from linli.registry.quality.models import Issue, Rule
from linli.registry.quality.types import BODY, HOUSEHOLD, PERSON, STATES


@dataclass(frozen=True, slots=True)
class Subject:
    """What a problem is about, in words, and its page."""

    name: str
    url: str = ""


def issues(actor: Actor, *, state: str = "open", rule: str = "", path: str = "", late_on: date | None = None) -> QuerySet[Issue]:
    """Problems in sight, what is due first on top. ``path``: below a region; ``late_on``: only those due before that day."""
    rows = Issue.objects.filter(policy.issues.visible(actor)).select_related("rule")
    if state:
        rows = rows.filter(state=state)
    if rule:
        rows = rows.filter(rule__code=rule)
    if path:
        rows = rows.filter(region_path__gte=path, region_path__lt=path + PATH_END)
    if late_on is not None:
        rows = rows.filter(due_on__lt=late_on)
    return rows.order_by("due_on", "id") if state in ("", "open") else rows.order_by("-ended_at", "id")


def get_issue(actor: Actor, pk: UUID, *, lock: bool = False) -> Issue:
    """One problem; `NotFound` for any other."""
    rows = Issue.objects.filter(policy.issues.visible(actor), pk=pk).select_related("rule")
    issue = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if issue is None:
        raise NotFound("ISSUE_UNKNOWN", gettext_noop("There is no such problem."))
    return issue


def next_issue(actor: Actor, issue: Issue) -> Issue | None:
    """The open one that is due next after this one."""
    rows = issues(actor).exclude(pk=issue.pk)
    return rows.filter(due_on__gte=issue.due_on).first() or rows.first()


def subjects(actor: Actor, rows: Iterable[Issue]) -> dict[UUID, Subject]:
    """What problems are about, as far as the actor may see it."""
    keys: dict[str, set[UUID]] = {}
    for one in rows:
        keys.setdefault(one.rule.about, set()).add(one.subject_id)
    found: dict[UUID, Subject] = {}
    for about, wanted in keys.items():
        found |= _named(actor, about, wanted)
    return found


def _named(actor: Actor, about: str, keys: Collection[UUID]) -> dict[UUID, Subject]:
    rows: Any
    if about == PERSON:
        rows, page = visible_people(actor).filter(pk__in=keys).values_list("pk", "name"), "people_desk_person"
    elif about == HOUSEHOLD:
        rows = Household.objects.filter(households.visible(actor), pk__in=keys).values_list("pk", "number")
        page = "households_desk_household"
    elif about == BODY:
        rows, page = visible_bodies(actor).filter(pk__in=keys).values_list("pk", "name"), "bodies_desk_body"
    else:
        rows, page = Premises.objects.filter(premises.visible(actor), pk__in=keys).values_list("pk", "address"), "households_desk_home"
    return {pk: Subject(name, reverse(page, args=[pk])) for pk, name in rows}


def person_panel(actor: Actor, person_id: UUID) -> Panel:
    """What is wrong with this record, on a person's page; for those who may see it."""
    rows: list[PanelRow] = []
    if actor.may("quality.view"):
        found = Issue.objects.filter(policy.issues.visible(actor), subject_id=person_id).exclude(state="mended").select_related("rule")
        rows = [
            PanelRow(one.rule.name, f"{gettext(STATES[one.state])} {one.due_on:%Y-%m-%d}", reverse("quality_desk_issue", args=[one.pk]))
            for one in found.order_by("due_on", "id")[:20]
        ]
    return Panel(gettext("What is wrong with this record"), rows, gettext("Nothing was found at the last examination."))


def active_rules() -> list[Rule]:
    return list(Rule.objects.filter(active=True).order_by("order"))
