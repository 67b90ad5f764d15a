"""Who is what in an organisation: legal representative, owner, shareholder, contact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.lib.errors import Conflict, Invalid
from linli.lib.names import parse_person_name
from linli.registry.bodies import queries
from linli.registry.bodies.actions.bodies import CHANGED, note_word, open_body
from linli.registry.bodies.models import Body, BodyRole
from linli.registry.bodies.types import HEADS
from linli.registry.people.queries import find_by_id_number, get_person

ALL_SHARES = Decimal(100)
ONE_HOLDER = ("legal", "owner")


@action("bodies.edit", audit="bodies.role_added")
def add_role(
    actor: Actor,
    *,
    body_id: UUID,
    role: str,
    since: date,
    name: str = "",
    id_number: str = "",
    person_id: UUID | None = None,
    share: Decimal | None = None,
) -> BodyRole:
    """Somebody becomes something in a body: by key or identity number when the register knows her, else by name. The legal representative and
    the owner of a business follow each other: who was it until now ends on that day.

    PERSON_UNKNOWN, NAME_MISSING, NAME_OTHER, ROLE_TWICE, SHARE_WRONG, SHARE_TOO_MUCH, DAY_AHEAD, BODY_ENDED.
    """
    body = open_body(actor, body_id)
    table("body_role").check(role, field="role")
    if since > timezone.localdate():
        raise Invalid("DAY_AHEAD", "This day lies ahead.", field="since")
    person = get_person(actor, person_id) if person_id else None
    if id_number.strip():
        person = find_by_id_number(actor, id_number)
        if person is None:
            raise Invalid(
                "PERSON_UNKNOWN", "Nobody in your area has this number.", field="id_number", hint="Leave it empty and enter the name only."
            )
    if person is None and not name.strip():
        raise Invalid("NAME_MISSING", "Enter an identity number or a name.", field="name")
    wanted = parse_person_name(name, field="name") if name.strip() else ""
    if person is not None and wanted and wanted != person.name:
        raise Invalid(
            "NAME_OTHER", "The register has another name for this number.", field="name", hint="Compare both with the identity card."
        )
    called = person.name if person is not None else wanted
    _check(body, role, person.pk if person else None, called, share)
    if role in ONE_HOLDER:
        _end(body, BodyRole.objects.select_for_update().filter(body=body, role=role, until=None).first(), since)
    row = BodyRole(body=body, person=person, name=called, role=role, share=share, since=since, region_path=body.region_path)
    row.save(force_insert=True)
    _name_head(body)
    return row


@action("bodies.edit", audit="bodies.role_ended")
def end_role(actor: Actor, *, body_id: UUID, role_id: UUID, until: date) -> BodyRole:
    """Somebody is no longer what she was. ROLE_ENDED, DAY_AHEAD, DAY_EARLY."""
    body = open_body(actor, body_id)
    row = queries.get_role(actor, body, role_id)
    if row.until is not None:
        raise Conflict("ROLE_ENDED", "This has ended already.")
    if until > timezone.localdate():
        raise Invalid("DAY_AHEAD", "This day lies ahead.", field="until")
    if row.since is not None and until < row.since:
        raise Invalid("DAY_EARLY", "This day lies before %(since)s.", field="until", data={"since": row.since})
    _end(body, row, until)
    _name_head(body)
    return row


def end_roles(body: Body, on: date) -> None:
    """Part of an action: everybody's role ends with the body. Who headed it last stays its representative: it is found by her."""
    for row in BodyRole.objects.select_for_update().filter(body=body, until=None):
        row.until = max(on, row.since) if row.since else on
        row.save(update_fields=["until"])


def _check(body: Body, role: str, person_id: UUID | None, name: str, share: Decimal | None) -> None:
    present = BodyRole.objects.filter(body=body, role=role, until=None)
    same = present.filter(person_id=person_id) if person_id else present.filter(person=None, name=name)
    if same.exists():
        raise Conflict("ROLE_TWICE", "She is this already.", field="role")
    if share is None:
        return
    if role != "shareholder" or not 0 < share <= ALL_SHARES:
        raise Invalid("SHARE_WRONG", "Only shareholders have a share: more than 0, at most 100 percent.", field="share")
    given = present.aggregate(given=Sum("share"))["given"] or Decimal(0)
    if given + share > ALL_SHARES:
        raise Invalid(
            "SHARE_TOO_MUCH",
            "Together the shares would be more than 100 percent.",
            field="share",
            hint="End the share that was sold first.",
        )


def _end(body: Body, row: BodyRole | None, until: date) -> None:
    if row is not None:
        row.until = max(until, row.since) if row.since else until
        row.save(update_fields=["until"])


def _name_head(body: Body) -> None:
    """The body is found by who heads it."""
    heads = {row.role: row.name for row in BodyRole.objects.filter(body=body, role__in=HEADS, until=None)}
    name = next((heads[role] for role in HEADS if role in heads), "")
    if name != body.representative:
        before, body.representative = body.representative, name
        body.save(update_fields=["representative"])
        note_word(body, "representative", before)
    emit(CHANGED, region_path=body.region_path, body_id=body.id)
