"""A value corrected at the door: written, or kept beside what the register has come to say meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from linli.foundation.actions.actions import action
from linli.foundation.regions.queries import at_level
from linli.foundation.sync.types import Answer, State
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Invalid, NotFound
from linli.registry.collection import queries
from linli.registry.collection.actions.visiting import write_value
from linli.registry.collection.models import Held
from linli.registry.collection.types import DOOR, Report
from linli.registry.people.actions.persons import set_value
from linli.registry.people.engine.showing import LABELS, shown
from linli.registry.people.models import Person
from linli.registry.people.queries import get_person, text_of


@action("collection.visit", audit="collection.value_noted")
def note_value(actor: Actor, *, person_id: UUID, attribute: str, value: str, base: str, at: datetime, name: str = "") -> Answer:
    """Correct one attribute on the spot. ``base`` is the version the phone showed; when the register says something else by now, both are kept.

    ``name`` is whom the phone showed, for the case that she is gone. Errors: ATTRIBUTE_UNKNOWN, those of the value's form.
    """
    if attribute not in DOOR:
        raise Invalid("ATTRIBUTE_UNKNOWN", "%(attribute)s is not decided here.", data={"attribute": attribute})
    value = value.strip()
    if not value:
        raise Invalid("VALUE_MISSING", "Say what is right.", field="value")
    try:
        person = get_person(actor, person_id, lock=True)
    except NotFound:
        hold(actor, "gone", {"value": value, "name": name}, why="PERSON_GONE", at=at, person_id=person_id, attribute=attribute)
        text = gettext("This person is no longer in the register here. What you noted is kept for the community to look at.")
        return Answer(State.CONFLICT, {"code": "PERSON_GONE", "text": text, "yours": value})
    now = text_of(person, attribute)
    set_value(person, attribute, value)  # a value of the wrong form is told at once; what is not saved is not written
    meant = text_of(person, attribute)
    shown_then = {
        _version(person, attribute, now),
        queries.version_of_text(person_id, attribute, now),
    }  # the phone may know her by a merged key
    if base not in shown_then and now != meant:
        hold(actor, "value", {"value": value, "name": person.name}, why="VALUE_CHANGED", at=at, person=person, attribute=attribute)
        return Answer(State.CONFLICT, _both(person, attribute, value, now))
    stands = write_value(actor, person_id, attribute, value, Report("done", at))
    text = gettext("Written down.") if stands else gettext("Noted. A stronger source says otherwise; the community decides.")
    return Answer(State.ACCEPTED, {"text": text, "version": _version(person, attribute, meant if stands else now)})


def _version(person: Person, attribute: str, text: str) -> str:
    """The version of a value the row at hand does not hold."""
    return queries.version_of_text(person.pk, attribute, text)


def _both(person: Person, attribute: str, yours: str, now: str) -> Mapping[str, str]:
    text = gettext("%(what)s of %(who)s was changed meanwhile. Decide which is right.")
    return {
        "code": "VALUE_CHANGED",
        "text": text % {"what": LABELS[attribute], "who": person.name},
        "yours": yours,
        "theirs": shown(attribute, now),
    }


def hold(
    actor: Actor,
    kind: str,
    content: Mapping[str, str],
    *,
    why: str,
    at: datetime,
    person: Person | None = None,
    person_id: UUID | None = None,
    attribute: str = "",
    region_path: str = "",
) -> Held:
    """Keep what could not be written where somebody decides. Part of the caller's action."""
    path = person.region_path if person else region_path or at_level(min(one.lo for one in actor.ranges), "community")
    row = Held(
        kind=kind,
        person_id=person.pk if person else person_id,
        attribute=attribute,
        content=json.dumps(dict(content), ensure_ascii=False, sort_keys=True),
        why=why,
        worker_id=actor.account,
        region_path=path,
        noted_at=at,
    )
    row.save(force_insert=True)
    emit("collection.note_held", region_path=path, held_id=row.pk)
    return row
