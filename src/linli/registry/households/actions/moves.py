"""Moving: in from elsewhere, within the city, out of it (appendix B5: the person stays one person, her key does not change)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid
from linli.lib.names import normalise_name
from linli.registry.households.actions.parting import JOB, check_alive, check_day, end_ties, live_in, locked, part
from linli.registry.households.models import Membership
from linli.registry.people.actions import create_person, note_event, settle_at
from linli.registry.people.models import Person
from linli.registry.people.policy import can_edit
from linli.registry.people.queries import find_by_id_number
from linli.registry.premises.models import Premises
from linli.registry.premises.queries import by_addr_code, find_by_address, get_premises

REGISTERED_AWAY, HERE_ONLY = "2", "3"


def home_named(actor: Actor, text: str, *, field: str) -> Premises:
    """The one home that an address code or an address names. `Invalid` HOME_UNKNOWN, HOME_SEVERAL."""
    code = by_addr_code(actor, text.strip()) if text.strip().isdigit() else None
    found = [code] if code else find_by_address(actor, text, limit=6)
    exact = [home for home in found if home.address == text.strip()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise Invalid("HOME_UNKNOWN", "No home of your area has this address.", field=field, hint="Write estate, building, unit and room.")
    some = "; ".join(home.address for home in found[:3])
    raise Invalid("HOME_SEVERAL", "Several homes fit: %(some)s", field=field, hint="Write more of the address.", data={"some": some})


@action("people.edit", audit="households.person_moved")
def move_person(actor: Actor, *, person_id: UUID, premises_id: UUID, on: date, new_head_id: UUID | None = None) -> Person:
    """One person moves within the city, out of her household. Entering the same move again changes nothing.

    Home, region and everything that carries her region follow (`settle_at`). Errors: HEAD_NEEDED, EVENT_DATE, EVENT_KNOWN, HOME_GONE, PERSON_DEAD.
    """
    home = get_premises(actor, premises_id)
    person, row = locked(actor, person_id)
    require(can_edit(actor, person))
    if person.premises_id == home.pk and row is None:
        repeated()
        return person
    _move(actor, person, row, home, on, heir_id=new_head_id, ask=True)
    return person


def _move(actor: Actor, person: Person, row: Membership | None, home: Premises, on: date, *, heir_id: UUID | None, ask: bool) -> None:
    check_alive(person)
    check_day(on, person)
    if home.status == "demolished":
        raise Invalid("HOME_GONE", "This house has been demolished.", field="home")
    note_event(actor, person, "move", on, place=home.address)
    if row is not None:
        part(row, on, heir_id=heir_id, ask=ask)
    end_ties(person.pk, on)
    settle_at(person, home, on)
    live_in(person, home.pk, home.region_path, on)


@action("people.edit", audit="households.person_moved_in")
def move_in(
    actor: Actor, *, premises_id: UUID, name: str, id_number: str, on: date, came_from: str = "", registered: bool = False
) -> Person:
    """Somebody comes to live in a home of the own area. Whom the city knows already is taken in from where she lived: name and number must fit.

    Errors: NAME_DIFFERS, those of the number, EVENT_DATE, EVENT_KNOWN, HOME_GONE. Who lives in this home already: nothing changes.
    """
    home = get_premises(actor, premises_id)
    check_day(on)
    with scoped(JOB):
        known = find_by_id_number(JOB, id_number)
    if known is not None:
        return _take_in(actor, known, home, name, on)
    values = {"live_address": home.address, "lives_here_since": on.isoformat(), "residence_status": "1" if registered else HERE_ONLY}
    if came_from and not registered:
        values["hukou_address"] = came_from
    person = create_person(actor, region_id=home.region_id, name=name, id_number=id_number, values=values)
    with scoped(JOB):
        person.premises = home
        person.hukou_region_id = home.region_id if registered else None
        if registered:
            person.hukou_address = home.address
        person.save(update_fields=["premises", "hukou_region", "hukou_address"])
    note_event(actor, person, "move_in", on, place=came_from)
    live_in(person, home.pk, home.region_path, on)
    return person


def _take_in(actor: Actor, known: Person, home: Premises, name: str, on: date) -> Person:
    """Under a job's rights: she may live where the actor sees nothing; that the number and the name fit is what entitles to it."""
    if known.name != normalise_name(name):
        raise Invalid(
            "NAME_DIFFERS", "The city knows this number under another name.", field="name", hint="Compare name and number with the card."
        )
    person, row = locked(JOB, known.pk)
    if person.premises_id == home.pk:
        repeated()
        return person
    _move(actor, person, row, home, on, heir_id=None, ask=False)
    return person


@action("people.edit", audit="households.person_moved_out")
def move_out(actor: Actor, *, person_id: UUID, on: date, to: str, new_head_id: UUID | None = None) -> Person:
    """Somebody leaves the city. Her community keeps her file; her membership and the homes she lived in end.

    Registered here she is "registered, lives elsewhere" (services.md §1.5). Errors: HEAD_NEEDED, EVENT_DATE, EVENT_KNOWN, PERSON_DEAD, PLACE_MISSING.
    """
    person, row = locked(actor, person_id)
    require(can_edit(actor, person))
    check_alive(person)
    check_day(on, person)
    if len(to.strip()) < 2:
        raise Invalid("PLACE_MISSING", "Say where to.", field="to")
    if person.premises_id is None and person.live_address == to.strip():
        repeated()
        return person
    if person.premises_id is None and person.residence_status == REGISTERED_AWAY:
        raise Conflict("LEFT_ALREADY", "This person lives elsewhere already.", hint="Correct the address instead.")
    note_event(actor, person, "move_out", on, place=to.strip())
    if row is not None:
        part(row, on, heir_id=new_head_id, ask=True)
    end_ties(person.pk, on)
    person.premises, person.live_address, person.residence_status, person.lives_here_since = None, to.strip()[:160], REGISTERED_AWAY, None
    person.save(update_fields=["premises", "live_address", "residence_status", "lives_here_since"])
    return person
