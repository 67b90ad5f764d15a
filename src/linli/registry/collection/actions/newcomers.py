"""Somebody lives here and is not in the register: entered, unless she may be in it already."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from linli.foundation.actions.actions import action
from linli.foundation.regions.queries import at_level
from linli.foundation.scope.actions import scoped
from linli.foundation.sync.types import Answer, State
from linli.foundation.types import Actor, system_actor
from linli.lib.contact import parse_phone
from linli.lib.errors import Invalid
from linli.lib.idcard import parse_id_number
from linli.lib.names import normalise_name, parse_person_name
from linli.registry.collection.actions.values import hold
from linli.registry.collection.types import Newcomer
from linli.registry.matching.queries import who_could_be
from linli.registry.people.actions import create_person
from linli.registry.people.models import Person
from linli.registry.people.queries import get_person, id_index
from linli.registry.premises.models import Premises
from linli.registry.premises.queries import visible as visible_homes


@action("collection.visit", audit="collection.person_noted")
def note_person(actor: Actor, *, newcomer: Newcomer, at: datetime) -> Answer:
    """Enter somebody who lives at a home. Whoever may be in the register already waits for the community instead of being there twice.

    Errors: PLACE_UNKNOWN, those of the values' form.
    """
    home, region_id, path = where_of(actor, newcomer.place)
    parse_person_name(newcomer.name)
    if newcomer.birth_date and _day(newcomer.birth_date) is None:
        raise Invalid("VALUE_FORMAT", "This is not a date.", field="birth_date")
    why = known_as(actor, newcomer, home, path)
    if why:
        hold(actor, "person", newcomer.as_dict(), why=why, at=at, region_path=path)
        text = gettext("Somebody with this identity number is in the register. The community looks at what you noted.")
        if why == "PERSON_ALIKE":
            text = gettext("This may be somebody the register knows. The community looks at what you noted.")
        return Answer(State.CONFLICT, {"code": why, "text": text, "yours": newcomer.name})
    person = enter(actor, newcomer, home, region_id)
    return Answer(State.ACCEPTED, {"text": gettext("Entered into the register."), "person": str(person.pk)})


def where_of(actor: Actor, place: UUID) -> tuple[Premises | None, UUID, str]:
    """The home (None: somebody without one is named), its region and path; `NotFound` out of sight."""
    home = visible_homes(actor).filter(pk=place).first()
    if home is not None:
        return home, home.region_id, home.region_path
    person = get_person(actor, place)
    return None, person.region_id, person.region_path


def known_as(actor: Actor, newcomer: Newcomer, home: Premises | None, path: str) -> str:
    """Why the newcomer may be in the register: PERSON_KNOWN by the number (in the whole city), PERSON_ALIKE by the weights records are compared with; or ""."""
    with scoped(system_actor("collection.alike")):
        if newcomer.id_number and Person.objects.filter(id_index=id_index(newcomer.id_number)).exists():
            return "PERSON_KNOWN"
        if not (
            newcomer.birth_date or newcomer.phone or newcomer.id_number
        ):  # only a name: nothing to weigh, somebody called so next door is enough to ask
            near = Person.objects.filter(region_path__startswith=at_level(path, "community"), name=normalise_name(newcomer.name))
            return "PERSON_ALIKE" if near.exists() else ""
    return "PERSON_ALIKE" if who_could_be(actor, _said(newcomer, home)) else ""


def _said(newcomer: Newcomer, home: Premises | None) -> dict[str, str]:
    """What was noted in the register's own form; day of birth and sex out of the number where there is one. Errors: those of number and telephone."""
    said = {"name": normalise_name(newcomer.name), "birth_date": newcomer.birth_date, "sex": newcomer.sex}
    said["live_address"] = home.address if home else ""
    if newcomer.phone:
        said["phone"] = parse_phone(newcomer.phone).number
    if newcomer.id_number:
        number = parse_id_number(newcomer.id_number, today=timezone.localdate())
        said |= {"id_number": number.number, "birth_date": number.birth_date.isoformat(), "sex": number.sex}
    return {name: value for name, value in said.items() if value}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def enter(actor: Actor, newcomer: Newcomer, home: Premises | None, region_id: UUID) -> Person:
    """Part of the caller's action: the register's own rules of a new person, and the home."""
    values = {"phone": newcomer.phone, "live_address": home.address if home else ""}
    if not newcomer.id_number:
        values |= {"birth_date": newcomer.birth_date, "sex": newcomer.sex}
    lent = actor.but(permissions=actor.permissions | {"people.edit"})
    given = {name: value for name, value in values.items() if value}
    person = create_person(lent, region_id=region_id, name=newcomer.name, id_number=newcomer.id_number, values=given)
    if home is not None:
        person.premises = home
        person.save(update_fields=["premises"])
    return person
