"""What becomes of an organisation: another name, another status, going into another one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.lib.errors import Conflict, Invalid
from linli.registry.bodies import policy, queries
from linli.registry.bodies.actions.bodies import CHANGED, note_word, open_body, write_grams
from linli.registry.bodies.actions.roles import end_roles
from linli.registry.bodies.engine.values import read_name
from linli.registry.bodies.models import Body, BodyName, BodyStatus, Succession
from linli.registry.bodies.types import DEREGISTERED, ENDED


def check_day(day: date, *, field: str, since: date | None = None) -> None:
    """DAY_AHEAD; DAY_EARLY when it lies before something else began."""
    if day > timezone.localdate():
        raise Invalid("DAY_AHEAD", "This day lies ahead.", field=field)
    if since is not None and day < since:
        raise Invalid(
            "DAY_EARLY", "This day lies before %(since)s.", field=field, hint="Copy the day from the paper.", data={"since": since}
        )


@action("bodies.edit", audit="bodies.body_renamed")
def rename_body(actor: Actor, *, body_id: UUID, name: str, since: date) -> Body:
    """Another name from a day on; the one it had stays with its dates, and the body is found by it. NAME_SAME, DAY_AHEAD, DAY_EARLY."""
    body = open_body(actor, body_id)
    wanted = read_name(name)
    if wanted == body.name:
        raise Invalid("NAME_SAME", "This is the name it has.", field="name")
    present = BodyName.objects.get(body=body, until=None)
    check_day(since, field="since", since=present.since)
    present.until = since
    present.save(update_fields=["until"])
    BodyName(body=body, name=wanted, since=since, region_path=body.region_path).save(force_insert=True)
    before, body.name = body.name, wanted
    body.save(update_fields=["name"])
    note_word(body, "name", before)
    write_grams(body, [wanted])
    emit(CHANGED, region_path=body.region_path, body_id=body.id)
    return body


@action("bodies.edit", audit="bodies.former_name_added")
def add_former_name(actor: Actor, *, body_id: UUID, name: str, until: date, since: date | None = None) -> BodyName:
    """A name it had before it came into the register. NAME_SAME, NAME_KNOWN, DAY_AHEAD, DAY_EARLY."""
    body = open_body(actor, body_id)
    wanted = read_name(name)
    if wanted == body.name:
        raise Invalid("NAME_SAME", "This is the name it has.", field="name")
    check_day(until, field="until", since=since)
    if BodyName.objects.filter(body=body, name=wanted, until=until).exists():
        raise Conflict("NAME_KNOWN", "This former name is known already.", field="name")
    row = BodyName(body=body, name=wanted, since=since, until=until, region_path=body.region_path)
    row.save(force_insert=True)
    write_grams(body, [wanted])
    return row


@action("bodies.edit", audit="bodies.status_changed")
def change_status(actor: Actor, *, body_id: UUID, status: str, on: date, note: str = "") -> Body:
    """Suspended, revoked, active again, deregistered: the last ends every role. STATUS_SAME, BODY_ENDED, DAY_AHEAD, DAY_EARLY."""
    table("body_status").check(status, field="status")
    body = open_body(actor, body_id)
    if status == body.status:
        raise Invalid("STATUS_SAME", "This is the status it has.", field="status")
    check_day(on, field="on", since=body.status_since)
    before = body.status
    set_status(body, status, on, note)
    note_word(body, "status", before)
    return body


def set_status(body: Body, status: str, on: date, note: str) -> None:
    """Part of an action: write the status and what follows from it."""
    body.status, body.status_since = status, on
    body.save(update_fields=["status", "status_since"])
    BodyStatus(body=body, status=status, on=on, note=note.strip()[:120], region_path=body.region_path).save(force_insert=True)
    if status in ENDED:
        end_roles(body, on)
    emit(CHANGED, region_path=body.region_path, body_id=body.id)


@action("bodies.edit", audit="bodies.bodies_joined")
def join_bodies(actor: Actor, *, body_id: UUID, into_id: UUID, on: date, document: str) -> Body:
    """One body goes into another of its kind and is deregistered; the chain of predecessors stays (domain/community.md 7). The one that stays.

    JOIN_SELF, JOIN_KIND, BODY_ENDED, DOCUMENT_MISSING, DAY_AHEAD, DAY_EARLY; `NotFound` when either is out of sight.
    """
    if body_id == into_id:
        raise Invalid("JOIN_SELF", "An organisation cannot go into itself.", field="into")
    if len(document.strip()) < 2:
        raise Invalid("DOCUMENT_MISSING", "Name the document that says so.", field="document")
    first, second = sorted((body_id, into_id))  # one order, so that two joins never wait for each other
    found = {pk: queries.get_body(actor, pk, lock=True) for pk in (first, second)}
    body, into = found[body_id], found[into_id]
    for one in (body, into):
        require(policy.can_edit(actor, one))
        if one.status in ENDED:
            raise Conflict(
                "BODY_ENDED", "This organisation is deregistered; nothing about it changes any more.", field="into" if one is into else None
            )
    if body.kind != into.kind:
        raise Invalid(
            "JOIN_KIND", "Only organisations of one kind are joined.", field="into", hint="Correct the kind first if it is wrong."
        )
    check_day(on, field="on", since=body.status_since)
    Succession(
        predecessor=body,
        successor=into,
        on=on,
        document=document.strip()[:120],
        predecessor_name=body.name,
        region_path=into.region_path,
    ).save(force_insert=True)
    set_status(body, DEREGISTERED, on, document)
    emit(CHANGED, region_path=into.region_path, body_id=into.id)
    return into
