"""Birth, marriage and divorce, with what follows for households."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.lib.errors import Conflict, Invalid
from linli.lib.idcard import age
from linli.lib.names import normalise_name
from linli.registry.households.actions.parting import JOB, check_alive, check_day, end_ties, enter, live_in, locked, part
from linli.registry.households.actions.relations import end_marriage, write_relation
from linli.registry.households.models import Membership
from linli.registry.people.actions import create_person, note_event, remind, set_by_event, settle_at
from linli.registry.people.models import LifeEvent, Person
from linli.registry.people.policy import can_edit
from linli.registry.people.queries import find_by_id_number
from linli.registry.people.types import NUMBER_MISSING

MARRIED, FIRST, AGAIN, WIDOWED, DIVORCED = "2", "21", "22", "30", "40"
HUSBAND, WIFE, FATHER, MOTHER = "11", "12", "51", "52"
"""Codes of GB/T 4761."""
AGE = {"1": 22, "2": 20}
"""Legal age of marriage (Civil Code, article 1047)."""


@action("people.edit", audit="households.birth_registered")
def register_birth(
    actor: Actor,
    *,
    mother_id: UUID,
    name: str,
    sex: str,
    on: date,
    relation: str,
    id_number: str = "",
    missing: str = "",
    father_name: str = "",
    father_number: str = "",
) -> Person:
    """A child enters its mother's household, with what it is to the head of it. The same child of the same day again changes nothing.

    Without a number a reason is needed; the community is reminded after 30 days. Errors: NO_HOUSEHOLD, EVENT_DATE, NUMBER_MISSING, NUMBER_DIFFERS,
    those of name, relation and number.
    """
    mother, row = locked(actor, mother_id)
    require(can_edit(actor, mother))
    check_day(on, mother)
    if row is None:
        raise Invalid("NO_HOUSEHOLD", "The mother belongs to no household.", hint="Found one for her first.")
    if not id_number and len(missing.strip()) < 2:
        raise Invalid("NUMBER_MISSING", "Say why there is no identity number yet.", field="missing")
    table("kinship").check(relation, field="relation")
    father = _father(father_name, father_number)
    with scoped(JOB):
        born = LifeEvent.objects.filter(kind="birth", other_id=mother.pk, on=on).select_related("person")
        twin = next((event.person for event in born if event.person.name == normalise_name(name)), None)
    if twin is not None:
        repeated()
        return twin
    household, home = row.household, row.household.premises
    values = {"live_address": home.address if home else "", "lives_here_since": on.isoformat(), "marital": "10"}
    child = create_person(
        actor,
        region_id=household.region_id,
        name=name,
        id_number=id_number,
        values={k: v for k, v in values.items() if v} | _who(sex, on, id_number),
    )
    if id_number and (child.birth_date, child.sex) != (on, sex):
        raise Invalid("NUMBER_DIFFERS", "The identity number names another day of birth or sex.", field="id_number")
    with scoped(JOB):
        child.premises, child.hukou_region_id = home, mother.hukou_region_id
        child.hukou_address = mother.hukou_address
        child.save(update_fields=["premises", "hukou_region", "hukou_address"])
    note_event(actor, child, "birth", on, other_id=mother.pk, household_id=household.pk)
    for parent, code in ((mother, MOTHER), (father, FATHER)):
        if parent is not None:
            write_relation(actor, child, parent, code, since=on)
    enter(child, household, relation, on)
    if home is not None:
        live_in(child, home.pk, home.region_path, on)
    if not id_number:
        remind(child, NUMBER_MISSING, reason=missing.strip())
    return child


def _father(name: str, number: str) -> Person | None:
    """Whom the certificate of birth names; FATHER_UNKNOWN. None when it names nobody: he is asked for, never guessed."""
    if not number.strip() and not name.strip():
        return None
    with scoped(JOB):
        found = find_by_id_number(JOB, number) if number.strip() else None
    if found is None or found.name != normalise_name(name):
        raise Invalid("FATHER_UNKNOWN", "The city knows nobody of this name and number.", field="father_number", hint="Leave both empty.")
    return found


def _who(sex: str, on: date, id_number: str) -> dict[str, str]:
    return {} if id_number else {"sex": sex, "birth_date": on.isoformat()}


def _couple(
    actor: Actor, person_id: UUID, name: str, id_number: str
) -> tuple[tuple[Person, Membership | None], tuple[Person, Membership | None]]:
    """Both, locked in the order of their keys. The other one may live anywhere in the city: who knows name and number has seen the card."""
    with scoped(JOB):
        found = find_by_id_number(JOB, id_number)
    if found is None or found.name != normalise_name(name):
        raise Invalid("SPOUSE_UNKNOWN", "The city knows nobody of this name and number.", field="id_number", hint="Enter the person first.")
    if found.pk == person_id:
        raise Invalid("SPOUSE_SELF", "These are the same person.", field="id_number")
    sight = {person_id: actor, found.pk: JOB}
    rows = {pk: locked(sight[pk], pk) for pk in sorted(sight)}
    for person, _ in rows.values():
        check_alive(person)
    return rows[person_id], rows[found.pk]


@action("people.edit", audit="households.married")
def marry(actor: Actor, *, person_id: UUID, name: str, id_number: str, on: date, joins: str = "", relation: str = "") -> Person:
    """Two people marry; one may join the household of the other (``joins``: "here" the spouse joins this person's, "there" the other way round).

    Entering it again changes nothing. Errors: SPOUSE_UNKNOWN, SPOUSE_SELF, MARRIED_ALREADY, MARRIAGE_AGE, EVENT_DATE, NO_HOUSEHOLD, HEAD_NEEDED.
    """
    (person, mine), (spouse, theirs) = _couple(actor, person_id, name, id_number)
    require(can_edit(actor, person))
    with scoped(JOB):
        if LifeEvent.objects.filter(person=person, kind="marriage", on=on, other_id=spouse.pk).exists():
            repeated()
            return person
    for one in (person, spouse):
        check_day(on, one)
        if one.marital.startswith(MARRIED):
            raise Conflict("MARRIED_ALREADY", "%(name)s is married already.", hint="Enter the divorce first.", data={"name": one.name})
        if one.birth_date is not None and age(one.birth_date, on) < AGE.get(one.sex, min(AGE.values())):
            raise Invalid("MARRIAGE_AGE", "%(name)s is too young to marry on this day.", field="on", data={"name": one.name})
    if joins == "here":
        _join(actor, spouse, theirs, mine, relation, on)
    elif joins == "there":
        _join(actor, person, mine, theirs, relation, on)
    for one, other in ((person, spouse), (spouse, person)):
        set_by_event(one, {"marital": AGAIN if one.marital in (WIDOWED, DIVORCED) else FIRST})
        note_event(actor, one, "marriage", on, other_id=other.pk)
    write_relation(actor, person, spouse, WIFE if spouse.sex == "2" else HUSBAND, since=on)
    return person


def _join(actor: Actor, who: Person, own: Membership | None, into: Membership | None, relation: str, on: date) -> None:
    if into is None:
        raise Invalid("NO_HOUSEHOLD", "There is no household to join.", field="joins")
    table("kinship").check(relation, field="relation")
    if relation == "02":
        raise Invalid("HEAD_TAKEN", "The household has a head already.", field="relation")
    if own is not None and own.household_id == into.household_id:
        return
    household = into.household
    note_event(actor, who, "join", on, household_id=household.pk, place=household.number)
    if own is not None:
        part(own, on, heir_id=None, ask=True)
    enter(who, household, relation, on)
    if household.premises is not None:
        end_ties(who.pk, on)
        settle_at(who, household.premises, on)
        live_in(who, household.premises.pk, household.premises.region_path, on)


@action("people.edit", audit="households.divorced")
def divorce(actor: Actor, *, person_id: UUID, name: str, id_number: str, on: date) -> Person:
    """Two people are divorced; who leaves the household is entered by splitting it or by a move. Entering it again changes nothing.

    Errors: SPOUSE_UNKNOWN, SPOUSE_SELF, NOT_MARRIED, EVENT_DATE.
    """
    (person, _), (spouse, _) = _couple(actor, person_id, name, id_number)
    require(can_edit(actor, person))
    with scoped(JOB):
        if LifeEvent.objects.filter(person=person, kind="divorce", on=on, other_id=spouse.pk).exists():
            repeated()
            return person
    for one, other in ((person, spouse), (spouse, person)):
        check_day(on, one)
        if not one.marital.startswith(MARRIED):
            raise Conflict("NOT_MARRIED", "%(name)s is not married.", hint="Correct the marital status instead.", data={"name": one.name})
        set_by_event(one, {"marital": DIVORCED})
        note_event(actor, one, "divorce", on, other_id=other.pk)
    end_marriage(person, spouse, on)
    emit("people.person_changed", region_path=person.region_path, person_id=person.pk)
    return person
