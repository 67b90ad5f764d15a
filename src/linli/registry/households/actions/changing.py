"""Households that split, join, and get another head; one present membership each at every moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.lib.errors import Conflict, Invalid
from linli.registry.households import queries
from linli.registry.households.actions.membership import HEAD, create_household
from linli.registry.households.actions.parting import JOB, check_day, end_ties, enter, follow_head, live_in, part
from linli.registry.households.engine import code_of, relation_between
from linli.registry.households.models import Household, Membership
from linli.registry.people.actions import note_event, settle_at
from linli.registry.people.policy import can_edit
from linli.registry.people.queries import get_person


def _members(household: Household) -> list[Membership]:
    with scoped(JOB):
        rows = Membership.objects.filter(household=household, until=None).select_related("person", "household")
        return sorted(rows, key=lambda m: (m.relation != HEAD, str(m.pk)))


@action("people.edit", audit="households.split")
def split_household(
    actor: Actor, *, household_id: UUID, member_ids: Collection[UUID], head_id: UUID, on: date, new_head_id: UUID | None = None
) -> Household:
    """Some members leave and found a household of their own at the same home, with a head of theirs; what they are to her follows.

    ``new_head_id``: who heads those who stay when the head leaves. Entering it again gives the household founded then. Errors: NOBODY_LEAVES,
    NOBODY_STAYS, HEAD_OUTSIDE, HEAD_NEEDED, EVENT_DATE, MEMBER_ELSEWHERE.
    """
    household = queries.get_household(actor, household_id, lock=True)
    members = {m.person_id: m for m in _members(household)}
    leaving = set(member_ids)
    again = _founded(actor, leaving, on)
    if again is not None:
        repeated()
        return again
    check_day(on)
    if not leaving:
        raise Invalid("NOBODY_LEAVES", "Say who leaves.", field="member_ids")
    if not leaving <= members.keys():
        raise Conflict("MEMBER_ELSEWHERE", "Somebody of them does not belong to this household any more.", hint="Look at it again.")
    if leaving == members.keys():
        raise Invalid("NOBODY_STAYS", "Everybody leaves: that is a move of the household.", field="member_ids")
    if head_id not in leaving:
        raise Invalid("HEAD_OUTSIDE", "The new head is one of those who leave.", field="head_id")
    was = {pk: members[pk].relation for pk in leaving}
    for pk in sorted(leaving, key=lambda pk: members[pk].relation == HEAD):  # the head last, so that the heir is found among those who stay
        person = get_person(actor, pk, lock=True)
        require(can_edit(actor, person))
        part(members[pk], on, heir_id=new_head_id if new_head_id not in leaving else None, ask=True)
    made = create_household(actor, head_id=head_id, premises_id=None, since=on)
    _settle(made, household)
    for pk in leaving:
        person = members[pk].person
        if pk != head_id:
            enter(person, made, code_of(relation_between(was[head_id], was[pk]), person.sex), on)
        note_event(actor, person, "split", on, household_id=made.pk, place=made.number)
    return made


def _settle(made: Household, old: Household) -> None:
    """The new household stays in the home until somebody enters a move."""
    with scoped(JOB):
        made.premises_id = old.premises_id
        made.save(update_fields=["premises"])


def _founded(actor: Actor, leaving: Collection[UUID], on: date) -> Household | None:
    """The household these people founded that day, if this is a repetition."""
    with scoped(JOB):
        rows = Membership.objects.filter(
            person_id__in=list(leaving), until=None, since=on, person__life_events__kind="split", person__life_events__on=on
        )
        found = {row.household_id for row in rows}
    return queries.get_household(actor, found.pop()) if leaving and len(found) == 1 and len(rows) == len(leaving) else None


@action("people.edit", audit="households.joined_together")
def join_households(actor: Actor, *, household_id: UUID, into_id: UUID, relations: Mapping[UUID, str], on: date) -> Household:
    """All members of a household join another one; ``relations``: what each is to its head. The first one is over.

    Entering it again changes nothing. Errors: SAME_HOUSEHOLD, RELATION_MISSING, HEAD_TAKEN, EVENT_DATE, HOUSEHOLD_OVER.
    """
    if household_id == into_id:
        raise Invalid("SAME_HOUSEHOLD", "A household cannot join itself.", field="into")
    both = {pk: queries.get_household(actor, pk, lock=True) for pk in sorted((household_id, into_id))}
    household, into = both[household_id], both[into_id]
    if household.until == on and household_id != into_id and not _members(household):
        repeated()
        return into
    if household.until is not None or into.until is not None:
        raise Conflict("HOUSEHOLD_OVER", "One of these households is dissolved.")
    check_day(on)
    members = _members(household)
    for m in members:
        relation = relations.get(m.person_id, "")
        if not relation:
            raise Invalid("RELATION_MISSING", "Say what each of them is to the head.", field=f"relation_{m.person_id}")
        table("kinship").check(relation, field=f"relation_{m.person_id}")
        if relation == HEAD:
            raise Invalid("HEAD_TAKEN", "The household has a head already.", field=f"relation_{m.person_id}")
    for m in sorted(members, key=lambda m: m.relation == HEAD):
        person = get_person(actor, m.person_id, lock=True)
        require(can_edit(actor, person))
        note_event(actor, person, "join", on, household_id=into.pk, place=into.number)
        part(m, on, heir_id=None, ask=True)
        enter(person, into, relations[m.person_id], on)
        if into.premises is not None and into.premises_id != person.premises_id:
            end_ties(person.pk, on)
            settle_at(person, into.premises, on)
            live_in(person, into.premises.pk, into.premises.region_path, on)
    return into


@action("people.edit", audit="households.head_named")
def name_head(actor: Actor, *, household_id: UUID, person_id: UUID) -> Household:
    """Another member becomes the head; what the others are to her follows from what they were, or is to be looked at. Again: nothing changes."""
    household = queries.get_household(actor, household_id, lock=True)
    members = _members(household)
    heir = next((m for m in members if m.person_id == person_id), None)
    if heir is None:
        raise Invalid("HEAD_OUTSIDE", "The head is one of the members.", field="person_id")
    require(can_edit(actor, heir.person))
    if heir.relation == HEAD:
        repeated()
        return household
    with scoped(JOB):
        last = next((m for m in members if m.relation == HEAD), None)
        if last is not None:  # two heads at once are refused by the table
            was, last.relation = heir.relation, code_of(relation_between(heir.relation, HEAD), last.person.sex)
            last.save(update_fields=["relation"])
            follow = [m for m in members if m.pk != last.pk]
            heir.relation = was
            follow_head(heir, follow)
        else:
            follow_head(heir, members)
    return household
