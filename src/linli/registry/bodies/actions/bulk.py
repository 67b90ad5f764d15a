"""Many organisations at once: entered from the rows of another office, given the values that stand, taken out again (registry/imports)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import lock_regions
from linli.foundation.scope.models import insert_rows
from linli.foundation.topics.actions import emit_in
from linli.lib.uuid7 import uuid7
from linli.registry.bodies import queries
from linli.registry.bodies.actions.bodies import CHANGED, set_value
from linli.registry.bodies.actions.history import set_head, set_link, set_name, set_state
from linli.registry.bodies.models import Body, BodyName, BodyRole, BodyStatus, Gram
from linli.registry.bodies.queries.many import NUMBER, people_by_number, standings_of
from linli.registry.bodies.types import ACTIVE, ATTRIBUTES, HEAD_OF, LEGAL, PREFIX, STANDING
from linli.registry.sources.actions import forget_subjects, settle

KEPT = frozenset({"name", "kind", "status"})
"""What an organisation always has: it stays where nobody says anything of it any more."""


@dataclass(frozen=True)
class NewBody:
    """An organisation the city does not know yet; ``values`` by attribute, as text. The caller writes the entry that brings it."""

    id: UUID
    region: Region
    values: Mapping[str, str]
    as_of: date


def enter_bodies(rows: Sequence[NewBody]) -> list[Body]:
    """Part of the caller's action, under a job's rights. That none is entered twice is the caller's to see to."""
    uncoded = [row.region.pk for row in rows if not row.values.get("uscc")]
    if uncoded:
        lock_regions(uncoded)  # codes of a region are given one after the other
    people = people_by_number([row.values.get(NUMBER, "") for row in rows])
    bodies = [_body(row) for row in rows]
    insert_rows([body for body in bodies if body.uscc])
    for body in bodies:
        if not body.uscc:
            body.own_code = queries.next_own_code(body.region.code)
            body.save(force_insert=True)
    told = list(zip(rows, bodies, strict=True))
    insert_rows([BodyName(body=b, name=b.name, since=b.established_on, region_path=b.region_path) for _, b in told])
    insert_rows([BodyStatus(body=b, status=b.status, on=b.status_since or row.as_of, region_path=b.region_path) for row, b in told])
    insert_rows([Gram(body=b, gram=gram, region_path=b.region_path) for _, b in told for gram in sorted(queries.grams_of([b.name]))])
    insert_rows([_head(row, b, people) for row, b in told if b.representative])
    emit_in(CHANGED, sorted({body.region_path for body in bodies}))
    return bodies


def _body(row: NewBody) -> Body:
    values = row.values
    body = Body(id=row.id, region=row.region, region_path=row.region.path, name=values["name"])
    for attribute in ATTRIBUTES:
        if values.get(attribute):
            set_value(body, attribute, values[attribute])
    body.status = values.get("status") or ACTIVE
    body.status_since = body.established_on if body.status == ACTIVE and body.established_on else row.as_of
    body.representative = values.get("representative", "")
    return body


def _head(row: NewBody, body: Body, people: Mapping[str, tuple[UUID, str]]) -> BodyRole:
    person, name = people.get(row.values.get(NUMBER, ""), (None, ""))
    return BodyRole(
        id=uuid7(),
        body=body,
        person_id=person if name == body.representative else None,
        name=body.representative,
        role=HEAD_OF.get(body.kind, LEGAL),
        since=body.established_on,
        region_path=body.region_path,
    )


def settle_bodies(
    attributes: Mapping[UUID, Collection[str]], *, on: date, since: Mapping[UUID, date] | None = None, back: bool = False
) -> dict[UUID, list[str]]:
    """Choose anew what stands of some organisations, each for some attributes, after entries about them came or went; organisation -> attributes that have
    another value now. ``since``: from which day another name, status or head is true; ``back``: a file is taken back, former ones are reopened.

    Part of the caller's action, under a job's rights; the organisations are locked in the order of their keys.
    """
    wanted = {pk: [name for name in STANDING if name in names] for pk, names in attributes.items()}
    bodies = list(Body.objects.select_for_update().filter(pk__in=list(wanted)).order_by("pk"))
    found = settle(standings_of(bodies, wanted), on=on)
    changed: dict[UUID, list[str]] = {}
    for body in bodies:
        values = {name.removeprefix(PREFIX): text for name, text in found.get(body.pk, {}).items()}
        written = _write(body, values, (since or {}).get(body.pk, on), back)
        if written:
            changed[body.pk] = written
    emit_in(CHANGED, sorted({body.region_path for body in bodies if body.pk in changed}))
    return changed


def _write(body: Body, values: Mapping[str, str], day: date, back: bool) -> list[str]:
    """What of it could be written: an organisation keeps a name, a kind and a status, and nobody gets the code of another."""
    told = {name: text for name, text in values.items() if text or name not in KEPT}
    if "uscc" in told and not _may_have(body, told["uscc"]):
        del told["uscc"]
    columns: set[str] = set()
    if back and "status" in told:
        columns |= set_state(body, told["status"], day, back=True)
    for name in ATTRIBUTES:
        if name in told:
            set_value(body, name, told[name])
            columns |= {name, *(("phone_index",) if name == "phone" else ("org_code",) if name == "uscc" else ())}
    if "name" in told:
        columns |= set_name(body, told["name"], day, back=back)
    if "representative" in told:
        columns |= set_head(body, told["representative"], day, back=back)
    if NUMBER in told:
        set_link(body, told[NUMBER])
    if not back and "status" in told:
        columns |= set_state(body, told["status"], day, back=False)
    if columns:
        body.save(update_fields=sorted(columns))
    return list(told)


def _may_have(body: Body, uscc: str) -> bool:
    if not uscc:
        return bool(body.no_uscc_reason)
    return not Body.objects.filter(uscc=uscc).exclude(pk=body.pk).exists()


def remove_bodies(ids: Collection[UUID]) -> int:
    """Take organisations out whom a file brought that is taken back, with what the register noted of them; how many.

    Part of the caller's action, under a job's rights. That nothing hangs on them is the caller's to see to (`queries.many.tied`).
    """
    bodies = list(Body.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))
    forget_subjects([body.pk for body in bodies])
    for body in bodies:
        body.delete()
    emit_in(CHANGED, sorted({body.region_path for body in bodies}))
    return len(bodies)
