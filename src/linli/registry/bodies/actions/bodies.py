"""Entering organisations and changing what the register says of them, by the ranks of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.regions.queries import get_region, lock_regions
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, system_actor
from linli.lib.codes import table
from linli.lib.errors import Conflict, Invalid, NotFound
from linli.registry.bodies import policy, queries
from linli.registry.bodies.engine.values import check_code, read, read_name, written
from linli.registry.bodies.models import Body, BodyName, BodyStatus, Gram
from linli.registry.bodies.types import ACTIVE, ATTRIBUTES, ENDED, PREFIX
from linli.registry.sources.actions import admit, close_claim, keep_word, lock_value
from linli.registry.sources.queries import get_claim
from linli.registry.sources.types import COLLECTED

CHANGED = "bodies.body_changed"


@action("bodies.edit", audit="bodies.body_entered")
def enter_body(
    actor: Actor,
    *,
    region_id: UUID,
    name: str,
    kind: str,
    values: Mapping[str, str] | None = None,
    source: str = COLLECTED,
    position: tuple[float, float] | None = None,
) -> Body:
    """Enter an organisation. It has a credit code or a reason why not (then it gets the platform's own code).

    `Conflict` BODY_KNOWN when the city has the credit code already; `Invalid` CODE_MISSING, and those of the values, beside their fields.
    """
    given = {key: text.strip() for key, text in (values or {}).items() if text.strip()}
    coded = bool(given.get("uscc"))
    region = get_region(region_id) if coded else lock_regions([region_id])[region_id]  # codes of a region are given one after the other
    body = Body(region=region, region_path=region.path, name=read_name(name), status_since=timezone.localdate())
    require(policy.can_edit(actor, body))
    wanted = {"kind": kind, **given}
    for attribute in sorted(wanted, key=_place):
        set_value(body, attribute, wanted[attribute])
    check_identity(body)
    if position is not None:
        body.longitude, body.latitude = position
    if not coded:
        body.own_code = queries.next_own_code(region.code)
    if body.established_on:
        body.status_since = body.established_on
    save_body(body)
    BodyName(body=body, name=body.name, since=body.established_on, region_path=body.region_path).save(force_insert=True)
    BodyStatus(body=body, status=ACTIVE, on=body.status_since or timezone.localdate(), region_path=body.region_path).save(force_insert=True)
    write_grams(body, [body.name])
    for attribute in ("name", "kind", *given):
        _admit(body, attribute, queries.text_of(body, attribute), source, timezone.localdate())
    emit(CHANGED, region_path=body.region_path, body_id=body.id)
    return body


@action("bodies.edit", audit="bodies.body_corrected")
def correct_body(actor: Actor, *, body_id: UUID, values: Mapping[str, str], source: str, as_of: date) -> list[str]:
    """Offer values of one source, true of a day. What differs is written or, where a stronger source says otherwise, waits as a claim.

    Returns the attributes that wait. Errors: ATTRIBUTE_UNKNOWN, BODY_ENDED, DAY_AHEAD, CODE_MISSING, BODY_KNOWN, those of the values.
    """
    if as_of > timezone.localdate():
        raise Invalid("DAY_AHEAD", "This day lies ahead.", field="as_of", hint="Say of which day the values are true.")
    body = open_body(actor, body_id)
    for name in values:
        _place(name)
    before = {name: queries.text_of(body, name) for name in ATTRIBUTES}
    asked = [name for name in ATTRIBUTES if name in values and written(read(name, values[name])) != before[name]]
    for name in asked:
        set_value(body, name, values[name])
    check_identity(body)
    told = {name: queries.text_of(body, name) for name in asked}
    waiting = [name for name in asked if not _admit(body, name, told[name], source, as_of)]
    for name in waiting:
        set_value(body, name, before[name])
        emit("bodies.claim_opened", region_path=body.region_path, body_id=body.id, attribute=name)
    check_identity(body)
    if len(waiting) < len(asked):
        save_body(body, [*(name for name in asked if name not in waiting), "phone_index", "org_code", "own_code"])
    return waiting


@action("bodies.edit", audit="bodies.claim_decided")
def decide_claim(actor: Actor, *, body_id: UUID, claim_id: UUID, accept: bool) -> None:
    """Somebody has checked a difference: what the claim says is taken over and stands for a year, or what is there stays."""
    body = open_body(actor, body_id)
    claim = get_claim(actor, claim_id, lock=True)
    if claim.subject_id != body.pk:
        raise NotFound("CLAIM_UNKNOWN", "There is no such claim.")
    if claim.state != "open":
        raise Conflict("CLAIM_CLOSED", "This claim has been decided already.")
    if accept:
        attribute = claim.attribute.removeprefix(PREFIX)
        set_value(body, attribute, claim.value)
        check_identity(body)
        save_body(body, [attribute, "phone_index", "org_code"])
    close_claim(actor, claim, applied=accept)


def open_body(actor: Actor, body_id: UUID) -> Body:
    """A body that may be changed, locked; BODY_ENDED for one that is deregistered."""
    body = queries.get_body(actor, body_id, lock=True)
    require(policy.can_edit(actor, body))
    if body.status in ENDED:
        raise Conflict("BODY_ENDED", "This organisation is deregistered; nothing about it changes any more.")
    return body


def set_value(body: Body, attribute: str, text: str) -> None:
    """Check and set one attribute with what follows from it; `Invalid` names the attribute."""
    _place(attribute)
    setattr(body, attribute, read(attribute, text))
    if attribute == "phone":
        body.phone_index = queries.phone_index(body.phone) or None if body.phone else None
    elif attribute == "uscc" and body.uscc:
        body.org_code = body.uscc[8:17]


def _place(attribute: str) -> int:
    """The order in which values are set: a credit code says the organisation code, which may then be said otherwise and is compared."""
    if attribute not in ATTRIBUTES:
        raise Invalid("ATTRIBUTE_UNKNOWN", "%(attribute)s is not kept about organisations.", data={"attribute": attribute})
    return ATTRIBUTES.index(attribute)


def check_identity(body: Body) -> None:
    """Kind, credit code, organisation code and the reason for having none belong together.

    KIND_MISSING, CODE_MISSING, REASON_NEEDLESS, USCC_KIND, ORG_CODE_OTHER.
    """
    if body.kind not in table("body_kind"):
        raise Invalid("KIND_MISSING", "Say what kind of organisation it is.", field="kind")
    if not body.uscc and len(body.no_uscc_reason) < 2:
        raise Invalid(
            "CODE_MISSING",
            "Enter the credit code, or say why there is none.",
            field="uscc",
            hint="An organisation on file with the street has none.",
        )
    if body.uscc:
        body.no_uscc_reason = ""  # the platform's own code stays: papers carry it
        check_code(body.uscc, body.kind)
        if body.org_code and body.org_code != body.uscc[8:17]:
            raise Invalid(
                "ORG_CODE_OTHER", "The credit code contains another organisation code.", field="org_code", hint="Compare both papers."
            )
        body.org_code = body.uscc[8:17]


def save_body(body: Body, names: Iterable[str] | None = None) -> None:
    """Write a body; BODY_KNOWN when another one in the city has the credit code."""
    with scoped(system_actor("bodies.known")):
        known = bool(body.uscc) and Body.objects.filter(uscc=body.uscc).exclude(pk=body.pk).exists()
    if known:
        raise _known()
    try:
        with transaction.atomic():
            if names is None:
                body.save(force_insert=True)
            else:
                body.save(update_fields=sorted({*names, "no_uscc_reason"}))
    except IntegrityError as error:
        if "bodies_uscc_once" not in str(error):
            raise
        raise _known() from error
    if names is not None:
        emit(CHANGED, region_path=body.region_path, body_id=body.id)


def _known() -> Conflict:
    return Conflict(
        "BODY_KNOWN",
        "An organisation with this credit code is already in the register.",
        field="uscc",
        hint="Search by the code; it may be registered in another community.",
    )


def write_grams(body: Body, names: Iterable[str]) -> None:
    """What the body is found by, besides what it is found by already."""
    there = set(Gram.objects.filter(body=body).values_list("gram", flat=True))
    new = sorted(queries.grams_of(list(names)) - there)
    Gram.objects.bulk_create([Gram(body=body, gram=gram, region_path=body.region_path) for gram in new])


def note_word(body: Body, attribute: str, before: str) -> None:
    """Somebody of the community has set a name, a status or a head in place of another (``before``): that stands for a year, whatever files say. What was
    there first is only noted. Part of an action, after the body has the new value."""
    if before:
        keep_word(queries.standing_of(body), PREFIX + attribute, before)
        lock_value(body.pk, PREFIX + attribute, region_path=body.region_path, party_id=None)
    else:
        _admit(body, attribute, queries.text_of(body, attribute), COLLECTED, timezone.localdate())


def _admit(body: Body, attribute: str, text: str, source: str, as_of: date) -> bool:
    return admit(body.pk, PREFIX + attribute, text, source=source, as_of=as_of, case_id=None, region_path=body.region_path, party_id=None)
