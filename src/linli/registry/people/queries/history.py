"""What happened to somebody: entries of offices, life events, reports of a death, facts; and what is still to be done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.registry.people import policy
from linli.registry.people.engine.panels import Line
from linli.registry.people.engine.showing import EVENTS, LABELS
from linli.registry.people.models import DeathReport, GroupKind, Identity, KeyGroup, LifeEvent, Reminder
from linli.registry.sources.queries import facts_about, said_of, source

EVENT_ICONS = {"birth": "user-plus", "move": "map-pin", "move_in": "map-pin", "move_out": "map-pin"}


def lines_about(actor: Actor, person_id: UUID) -> list[Line]:
    """Everything the register itself knows of a person by a day; a fixed number of questions."""
    return [*_events(actor, person_id), *_reports(actor, person_id), *_said(actor, person_id), *_facts(actor, person_id)]


def _events(actor: Actor, person_id: UUID) -> list[Line]:
    rows = LifeEvent.objects.filter(policy.events.visible(actor), person_id=person_id)
    return [Line(e.on, str(EVENTS[e.kind]), e.place, e.made_by, EVENT_ICONS.get(e.kind, "users")) for e in rows]


def _reports(actor: Actor, person_id: UUID) -> list[Line]:
    return [
        Line(
            timezone.localdate(r.reported_at),
            gettext("Death reported") if r.withdrawn_at is None else gettext("Death reported (withdrawn)"),
            gettext("died on %(day)s") % {"day": r.died_on.isoformat()},
            r.source.name,
            "clipboard-list",
        )
        for r in death_reports(actor, person_id, withdrawn=True)
    ]


def _said(actor: Actor, person_id: UUID) -> list[Line]:
    """Which attributes an office spoke of; the values stand on the page of each attribute."""
    return [
        Line(
            s.as_of,
            gettext("Said by an office"),
            ", ".join(str(LABELS[n]) for n in s.values if n in LABELS),
            source(s.source).name,
            "upload",
        )
        for s in said_of(actor, [person_id]).get(person_id, [])
        if s.values
    ]


def _facts(actor: Actor, person_id: UUID) -> list[Line]:
    found = []
    for fact in facts_about(actor, person_id):
        found.append(
            Line(fact.effective_from, gettext("Registered: %(what)s") % {"what": fact.attribute}, "", fact.source.name, "file-text")
        )
        if fact.effective_to is not None and fact.effective_to <= timezone.localdate():
            found.append(Line(fact.effective_to, gettext("Ended: %(what)s") % {"what": fact.attribute}, "", fact.source.name, "file-text"))
    return found


def death_reports(actor: Actor, person_id: UUID, *, withdrawn: bool = False) -> list[DeathReport]:
    """Who says that somebody died, the first first."""
    rows = DeathReport.objects.filter(policy.deaths.visible(actor), person_id=person_id).select_related("source").order_by("reported_at")
    return list(rows if withdrawn else rows.filter(withdrawn_at=None))


def identities_of(actor: Actor, person_id: UUID) -> list[Identity]:
    """Further documents, those in force first."""
    rows = list(Identity.objects.filter(policy.identities.visible(actor), person_id=person_id).order_by("id_type", "id"))
    return sorted(rows, key=lambda row: row.valid_to is not None and row.valid_to < timezone.localdate())


def document_kinds() -> list[tuple[str, str]]:
    """Kinds of documents beside the identity card."""
    return [(code, label) for code, label in table("id_type").choices() if code not in ("111", "113")]


def groups_of(actor: Actor, person_id: UUID) -> list[KeyGroup]:
    """Groups a person belongs to, as far as the actor may know: by level and region, and those she is responsible for."""
    rows = KeyGroup.objects.filter(policy.groups.visible(actor), person_id=person_id).select_related("kind")
    return list(rows.order_by("until", "kind__order", "since"))


def group_kinds(level: int) -> list[GroupKind]:
    """Kinds up to a level."""
    return list(GroupKind.objects.filter(level__lte=level).order_by("order", "code"))


def reminders_of(actor: Actor, person_id: UUID) -> list[Reminder]:
    return list(Reminder.objects.filter(policy.reminders.visible(actor), person_id=person_id, done_on=None).order_by("due_on"))


def event_on(person_id: UUID, kind: str, on: date) -> LifeEvent | None:
    """The same event entered before; asked inside the caller's rights."""
    return LifeEvent.objects.filter(person_id=person_id, kind=kind, on=on).first()


def waiting_deaths(actor: Actor, *, limit: int = 100) -> list[DeathReport]:
    """Reports of people whom the register still takes for alive, the oldest first."""
    rows = DeathReport.objects.filter(policy.deaths.visible(actor), withdrawn_at=None, person__died_on=None)
    return list(rows.select_related("person", "source").order_by("reported_at")[:limit])


def due_reminders(actor: Actor, *, limit: int = 100) -> list[Reminder]:
    """What is to be done about people in sight, the most urgent first."""
    rows = Reminder.objects.filter(policy.reminders.visible(actor), done_on=None).select_related("person")
    return list(rows.order_by("due_on", "id")[:limit])


def with_history(ids: Collection[UUID]) -> set[UUID]:
    """Of some people those with documents, groups or events: somebody entered them by hand. Under a job's rights."""
    found: set[UUID] = set()
    for model in (Identity, KeyGroup, LifeEvent):
        found |= set(model.objects.filter(person_id__in=list(ids)).values_list("person_id", flat=True))
    return found
