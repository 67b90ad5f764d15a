"""A death by two sources (community.md §15.5, appendix B1): the first report suspends what is paid for checking, the second makes it sure."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, NotFound
from linli.registry.people import policy, queries
from linli.registry.people.actions.events import note_event
from linli.registry.people.actions.persons import mark_dead
from linli.registry.people.models import DeathReport, Person
from linli.registry.sources.actions import add_fact, end_facts
from linli.registry.sources.queries import source as source_of
from linli.registry.sources.types import COLLECTED

SURE = 2
"""Sources that agree."""
HOLD = "hold.benefits"
"""A fact: nothing is paid to this person until somebody has checked why."""


@action("people.edit", audit="people.death_reported")
def report_death(actor: Actor, *, person_id: UUID, on: date, source: str = COLLECTED, document: str = "") -> DeathReport:
    """One office says that somebody died. The second one that says so enters the death with everything that follows (`mark_dead`).

    The same report again changes nothing. Errors: DEATH_DATE, PERSON_DEAD, DEATH_DIFFERS (this source named another day).
    """
    person = queries.get_person(actor, person_id, lock=True)
    require(policy.can_edit(actor, person))
    if on > timezone.localdate() or (person.birth_date and on < person.birth_date):
        raise Invalid("DEATH_DATE", "The day of death lies before birth or in the future.", field="on")
    known = {report.source.code: report for report in queries.death_reports(actor, person_id)}
    if source in known:
        return _again(known[source], on)
    if person.died_on is not None:
        raise Conflict("PERSON_DEAD", "This death has been entered already.")
    report = DeathReport(
        person=person,
        source=source_of(source),
        died_on=on,
        document=document.strip(),
        reported_by=actor.label[:80],
        region_path=person.region_path,
    )
    report.save(force_insert=True)
    if len(known) + 1 >= SURE:
        confirm(actor, person, min([on, *(r.died_on for r in known.values())]), source)
    else:
        add_fact(
            person.id,
            HOLD,
            {"reason": "death_reported"},
            source=source,
            case_id=None,
            effective=timezone.localdate(),
            until=None,
            region_path=person.region_path,
            party_id=person.id,
        )
        emit("people.death_reported", region_path=person.region_path, person_id=person.id)
    return report


def _again(report: DeathReport, on: date) -> DeathReport:
    if report.died_on != on:
        raise Conflict(
            "DEATH_DIFFERS",
            "This source has named %(day)s already.",
            field="on",
            hint="Withdraw that report first if it was wrong.",
            data={"day": report.died_on.isoformat()},
        )
    repeated()
    return report


def confirm(actor: Actor, person: Person, on: date, source: str) -> None:
    """Part of the caller's action: the death stands, what was suspended for checking ends by the rules for the dead."""
    end_facts(person.id, HOLD, timezone.localdate())
    mark_dead(actor, person_id=person.id, on=on, source=source)
    note_event(actor, person, "death", on)


@action("people.edit", audit="people.death_report_withdrawn")
def withdraw_death_report(actor: Actor, *, report_id: UUID, reason: str) -> DeathReport:
    """Checked: the person is alive. What was suspended is paid again. Errors: REASON_MISSING, PERSON_DEAD once two sources agreed."""
    rows = DeathReport.objects.select_for_update(of=("self",)).filter(policy.deaths.visible(actor), pk=report_id)
    report = rows.select_related("person").first()
    if report is None:
        raise NotFound("REPORT_UNKNOWN", "There is no such report.")
    require(policy.can_edit(actor, report.person))
    if len(reason.strip()) < 4:
        raise Invalid("REASON_MISSING", "Say how you know.", field="reason", hint="Whoever looks later reads it on the trail.")
    if report.withdrawn_at is not None:
        repeated()
        return report
    if report.person.died_on is not None:
        raise Conflict(
            "PERSON_DEAD", "Two sources agree: the death stands.", hint="The office that keeps the register of deaths corrects it."
        )
    report.withdrawn_at = timezone.now()
    report.save(update_fields=["withdrawn_at"])
    record = recording.get()
    if record is not None:
        record.notes |= {"reason": reason.strip()[:200]}
    end_facts(report.person_id, HOLD, timezone.localdate())
    emit("people.person_changed", region_path=report.region_path, person_id=report.person_id)
    return report
