"""Relations between two people: stated with source and days, ended, written by life events; they follow whoever moves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.lib.errors import Conflict, Invalid
from linli.lib.names import normalise_name
from linli.registry.households.actions.parting import JOB
from linli.registry.households.engine import COUPLE, GUARDIAN, bond_of, older_side
from linli.registry.households.models import Relation
from linli.registry.households.queries.relations import ends_early, get_relation, present_spouses
from linli.registry.people.models import Person
from linli.registry.people.policy import can_edit
from linli.registry.people.queries import find_by_id_number, find_person, get_person
from linli.registry.sources.models import Source
from linli.registry.sources.queries import sources
from linli.registry.sources.types import COLLECTED

UNSAID = ("01", "02")
"""Oneself, the head: no relation of two people."""


@action("people.edit", audit="households.relation_stated")
def state_relation(
    actor: Actor,
    *,
    person_id: UUID,
    name: str,
    id_number: str,
    code: str,
    source: str = COLLECTED,
    since: date | None = None,
    document: str = "",
) -> Relation:
    """Write down what somebody is to a person: ``code`` of GB/T 4761, or GU for her guardian. The other one may live anywhere in the city: who knows name
    and number has seen the card. Stating it again changes nothing.

    Errors: RELATION_CODE, RELATIVE_UNKNOWN, RELATION_SELF, RELATION_AGE, RELATION_DATE, RELATION_SPOUSE, RELATION_OTHERWISE, SOURCE_UNKNOWN.
    """
    if code in UNSAID:
        raise Invalid("RELATION_CODE", "Say what the other one is to this person.", field="code")
    if code != GUARDIAN:
        table("kinship").check(code, field="code")
    with scoped(JOB):
        found = find_by_id_number(JOB, id_number)
    if found is None or found.name != normalise_name(name):
        raise Invalid(
            "RELATIVE_UNKNOWN", "The city knows nobody of this name and number.", field="id_number", hint="Enter the person first."
        )
    if found.pk == person_id:
        raise Invalid("RELATION_SELF", "These are the same person.", field="id_number")
    sight = {person_id: actor, found.pk: JOB}
    rows = {}
    for pk in sorted(sight):  # one order, so that two statements never wait for each other
        with scoped(sight[pk]):
            rows[pk] = get_person(sight[pk], pk, lock=True)
    person, other = rows[person_id], rows[found.pk]
    require(can_edit(actor, person))
    if since is not None and since > timezone.localdate():
        raise Invalid("RELATION_DATE", "This day lies ahead.", field="since")
    return write_relation(actor, person, other, code, source=_source(source), since=since, document=document)


def _source(code: str) -> Source:
    found = next((row for row in sources().values() if row.code == code), None)
    if found is None:
        raise Invalid("SOURCE_UNKNOWN", "There is no such source.", field="source")
    return found


def write_relation(
    actor: Actor, person: Person, other: Person, code: str, *, source: Source | None = None, since: date | None = None, document: str = ""
) -> Relation:
    """Part of an action that has both rows locked. RELATION_AGE, RELATION_SPOUSE, RELATION_OTHERWISE; the same relation again changes nothing."""
    _check_ages(person, other, code)
    bond = bond_of(code)
    with scoped(JOB):
        same = Relation.objects.filter(
            bond=bond, until=None, person_id__in=(person.pk, other.pk), other_id__in=(person.pk, other.pk)
        ).first()
        if same is not None:
            if older_side(code) and older_side(same.code) * (1 if same.person_id == person.pk else -1) != older_side(code):
                raise Conflict(
                    "RELATION_OTHERWISE", "The register has it the other way round.", field="code", hint="End that relation first."
                )
            if bond == "guardian" and same.person_id != person.pk:
                raise Conflict(
                    "RELATION_OTHERWISE", "The register has it the other way round.", field="code", hint="End that relation first."
                )
            repeated()
            return same
        if bond == COUPLE:
            _free(person, other, since)
        row = Relation(person=person, other=other, code=code, bond=bond, source=source or _source(COLLECTED))
        row.since, row.document, row.made_by = since, document.strip()[:120], actor.label[:80]
        row.region_path, row.other_path = person.region_path, other.region_path
        row.save(force_insert=True)
        for one in (person, other):
            emit("people.person_changed", region_path=one.region_path, person_id=one.pk)
    return row


def _check_ages(person: Person, other: Person, code: str) -> None:
    side = older_side(code)
    if not side or person.birth_date is None or other.birth_date is None:
        return
    if (person.birth_date <= other.birth_date) == (side == 1):
        raise Invalid("RELATION_AGE", "By their days of birth this cannot be.", field="code", hint="Look who is whose parent.")


def _free(person: Person, other: Person, on: date | None) -> None:
    """Neither is married to somebody else; a marriage with somebody who has died has ended."""
    for row in present_spouses((person.pk, other.pk)):
        both = [find_person(JOB, pk) for pk in (row.person_id, row.other_id)]
        dead = next((one for one in both if one is not None and one.died_on is not None), None)
        if dead is None:
            raise Conflict(
                "RELATION_SPOUSE", "One of them is married to somebody else in the register.", field="code", hint="End that relation first."
            )
        row.until, row.end_reason = dead.died_on, "death"
        row.save(update_fields=["until", "end_reason"])


@action("people.edit", audit="households.relation_ended")
def end_relation(actor: Actor, *, relation_id: UUID, person_id: UUID, on: date, reason: str = "") -> Relation:
    """A relation holds until a day: a divorce, another guardian, or it was stated in error. Ended already, nothing changes.

    RELATION_DATE; `NotFound` when neither of the two, or not this relation, is in sight.
    """
    person = get_person(actor, person_id)
    require(can_edit(actor, person))
    row = get_relation(actor, relation_id, lock=True)
    if row.until is not None:
        repeated()
        return row
    if on > timezone.localdate() or ends_early(row, on):
        raise Invalid("RELATION_DATE", "This day lies ahead, or before the relation began.", field="on")
    finish(row, on, reason)
    return row


def finish(row: Relation, on: date, reason: str) -> None:
    """Part of an action."""
    with scoped(JOB):
        row.until, row.end_reason = on, reason.strip()[:120]
        row.save(update_fields=["until", "end_reason"])
        emit("people.person_changed", region_path=row.region_path, person_id=row.person_id)
        emit("people.person_changed", region_path=row.other_path, person_id=row.other_id)


def end_marriage(person: Person, spouse: Person, on: date) -> None:
    """Part of a divorce: their marriage ends; one that is not in the register is not missed."""
    with scoped(JOB):
        for row in present_spouses((person.pk,)):
            if spouse.pk in (row.person_id, row.other_id):
                finish(row, on, "divorce")


def carry_relations(person_id: UUID, path: str) -> None:
    """Somebody lives elsewhere: her side of her relations is seen there. Under a job's rights."""
    for row in Relation.objects.filter(person_id=person_id).exclude(region_path=path):
        row.region_path = path
        row.save(update_fields=["region_path"])
    for row in Relation.objects.filter(other_id=person_id).exclude(other_path=path):
        row.other_path = path
        row.save(update_fields=["other_path"])
