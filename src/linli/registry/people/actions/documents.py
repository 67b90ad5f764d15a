"""Further documents of a person (passport, permits), and the groups she belongs to."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, Level
from linli.lib.errors import Conflict, Invalid, NotFound
from linli.lib.iddocuments import parse_document
from linli.registry.people import policy, queries
from linli.registry.people.models import GroupKind, Identity, KeyGroup


@action("people.edit", audit="people.identity_entered")
def add_identity(
    actor: Actor,
    *,
    person_id: UUID,
    id_type: str,
    number: str,
    issuer: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Identity:
    """Note a further document as printed. Entering it again changes nothing. Errors: those of the number's form, DOCUMENT_DATES, DOCUMENT_KNOWN."""
    person = queries.get_person(actor, person_id, lock=True)
    require(policy.can_edit(actor, person))
    if id_type not in dict(queries.document_kinds()):
        raise Invalid("ID_TYPE", "Unknown document type.", field="id_type", hint="Choose a document type from the list.")
    read = parse_document(id_type, number, today=timezone.localdate(), field="number")
    if valid_from and valid_to and valid_to < valid_from:
        raise Invalid("DOCUMENT_DATES", "The document ends before it begins.", field="valid_to")
    index = queries.document_index(read.number)
    same = Identity.objects.filter(number_index=index, id_type=id_type)
    own = same.filter(person=person).first()
    if own is not None:
        repeated()
        return own
    if same.exists():
        raise Conflict(
            "DOCUMENT_KNOWN", "Somebody else of your area has this document.", field="number", hint="Search by the number and compare."
        )
    row = Identity(
        person=person,
        id_type=id_type,
        number=read.number,
        number_index=index,
        issuer=issuer.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        region_path=person.region_path,
    )
    row.save(force_insert=True)
    emit("people.person_changed", region_path=person.region_path, person_id=person.id)
    return row


@action("people.groups", audit="people.group_entered")
def enter_group(actor: Actor, *, person_id: UUID, kind: str, since: date) -> KeyGroup:
    """Somebody belongs to a group from a day on; whoever enters it is responsible. Nobody else learns of a group of L5 (community.md §2.5).

    Errors: GROUP_UNKNOWN, GROUP_DATE, GROUP_KNOWN; 403 for a group above the own level.
    """
    person = queries.get_person(actor, person_id, lock=True)
    require(policy.can_edit(actor, person))
    row = GroupKind.objects.filter(code=kind).first()
    if row is None:
        raise NotFound("GROUP_UNKNOWN", "There is no such group.", field="kind")
    require(
        policy.can_enter_group(actor, person, row.level),
        gettext_noop("This group is above the level of your post."),
        hint=gettext_noop("Ask the office that looks after these people."),
    )
    if since > timezone.localdate():
        raise Invalid("GROUP_DATE", "This day lies in the future.", field="since")
    if KeyGroup.objects.filter(person=person, kind=row, until=None).exists():
        raise Conflict("GROUP_KNOWN", "The person belongs to this group already.", field="kind")
    made = KeyGroup(
        person=person,
        kind=row,
        level=row.level,
        since=since,
        responsible_id=actor.account,
        responsible_name=actor.label[:60],
        region_path=person.region_path,
    )
    made.save(force_insert=True)
    return made


@action("people.groups", audit="people.group_ended")
def end_group(actor: Actor, *, group_id: UUID, on: date) -> KeyGroup:
    """Somebody no longer belongs to a group. Ending it again changes nothing. `Invalid` GROUP_DATE before it began or in the future."""
    row = KeyGroup.objects.select_for_update(of=("self",)).filter(policy.groups.visible(actor), pk=group_id).select_related("kind").first()
    if row is None:
        raise NotFound("GROUP_UNKNOWN", "There is no such group.")
    require(row.level < Level.SPECIAL or row.responsible_id == actor.user_id)
    if row.until is not None:
        repeated()
        return row
    if on < row.since or on > timezone.localdate():
        raise Invalid("GROUP_DATE", "This day lies before the beginning or in the future.", field="on")
    row.until = on
    row.save(update_fields=["until"])
    return row
