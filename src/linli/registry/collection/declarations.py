"""What collection registers: kinds of off-line items, its part of a pack and of the city, whom it keeps, what a person's page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS, pack_loader
from linli.foundation.files.engine import KEEPERS
from linli.foundation.privacy.engine.declared import ERASERS, KEEPINGS
from linli.foundation.privacy.types import Eraser, Keeping
from linli.foundation.sync.engine import ITEMS
from linli.foundation.sync.types import Answer
from linli.foundation.topics.engine import declare
from linli.foundation.types import Actor
from linli.registry.collection import actions, engine, queries, tasks  # noqa: F401 - jobs register themselves
from linli.registry.collection.actions.city import build_visits, export_visits
from linli.registry.collection.actions.ending import clear_photos, erase_photos
from linli.registry.collection.models import Held, Visit
from linli.registry.collection.queries.ending import photos_due
from linli.registry.collection.types import RESULTS
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import FOLLOWERS
from linli.registry.people.engine.panels import PANELS, Panel, PanelRow
from linli.registry.people.engine.ties import MOVES, TIES


def visit_done(actor: Actor, payload: Mapping[str, Any], base: str) -> Answer:
    ids, report = engine.read_visit(payload)
    return actions.finish_visit(actor, visit_ids=ids, report=report)


def person_value(actor: Actor, payload: Mapping[str, Any], base: str) -> Answer:
    return actions.note_value(
        actor,
        person_id=engine.key(payload, "person"),
        attribute=engine.text(payload, "attribute"),
        value=engine.text(payload, "value"),
        base=base,
        at=engine.moment(payload),
        name=engine.text(payload, "name"),
    )


def person_new(actor: Actor, payload: Mapping[str, Any], base: str) -> Answer:
    return actions.note_person(actor, newcomer=engine.read_newcomer(payload), at=engine.moment(payload))


def visits_panel(actor: Actor, person_id: UUID) -> Panel:
    """The latest visits, on a person's page."""
    rows = [
        PanelRow(
            f"{visit.due_on:%Y-%m-%d} {RESULTS[visit.state] if visit.state in RESULTS else gettext('due')}",
            " ".join(part for part in (visit.done_by, f"{visit.done_at:%Y-%m-%d}" if visit.done_at else "") if part),
        )
        for visit in queries.visits_of(actor, person_id)
    ]
    return Panel(gettext_lazy("Visits"), rows, gettext_lazy("Not visited yet."))


FOLLOWERS.register("collection", following(Column(Visit, "person_id"), Column(Held, "person_id")))
ITEMS.register("visit.done", visit_done)
ITEMS.register("person.value", person_value)
ITEMS.register("person.new", person_new)
pack_loader("collection", lambda folder, actor: actions.load_cycles(actor, folder=folder), order=52)
for topic in ("collection.visit_made", "collection.note_held"):
    declare(topic, public=True)
TIES.register("collection", queries.people_visited)
MOVES.register("collection", actions.carry_visits)
KEEPERS.register("collection", queries.photos_kept)
PANELS.register("visits", visits_panel)
CITY_BUILDERS.register("visits", (48, build_visits))
CITY_EXPORTS.register("visits", export_visits)
ERASERS.register("collection.photos", Eraser(lambda person_id: "", erase_photos))
KEEPINGS.register(
    "collection.photos",
    Keeping(
        gettext_lazy("Photos of visits"),
        gettext_lazy("the visit"),
        gettext_lazy("the photo is erased, the visit stays"),
        photos_due,
        clear_photos,
    ),
)
