"""Files of a subscription are ordered: by its program, from the desk, or regularly as the resource is updated."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording, repeated
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid
from linli.registry.exchange import policy
from linli.registry.exchange.engine.writing import WRITERS
from linli.registry.exchange.models import DataFile, Subscription
from linli.registry.exchange.queries.files import due_subscriptions, files_of, under_way
from linli.registry.exchange.queries.subscriptions import get_subscription, in_use, is_over

BUILD: Final = "exchange.build_file"


@action("exchange.read", audit="exchange.file_ordered")
def order_file(actor: Actor, *, subscription_id: UUID, form: str, purpose: str, key: str) -> DataFile:
    """By the program itself; the same ``key`` is the same order. Errors: those of `in_use`, FORM_UNKNOWN, FILE_UNDER_WAY."""
    sub = in_use(actor, subscription_id, purpose=purpose)
    known = files_of(actor, sub.pk).filter(key=key).first() if key else None
    if known is not None:
        repeated()
        return known
    return _ordered(sub, form, "program", by=actor, key=key)


@action("exchange.manage", audit="exchange.file_ordered_at_desk")
def order_from_desk(actor: Actor, *, subscription_id: UUID, form: str) -> DataFile:
    """By an officer of the region, for the program: she does not get it herself. Errors: SUBSCRIPTION_STATE, FORM_UNKNOWN, FILE_UNDER_WAY."""
    sub = _managed(actor, subscription_id)
    return _ordered(sub, form, "desk", by=actor)


@action("exchange.manage", audit="exchange.file_cycle_set")
def set_cycle(actor: Actor, *, subscription_id: UUID, form: str) -> Subscription:
    """Write a file in this form as often as the resource is updated; "" for no more. Errors: SUBSCRIPTION_STATE, FORM_UNKNOWN, NO_CYCLE."""
    sub = _managed(actor, subscription_id)
    if form:
        _check_form(form)
    if form and sub.resource.cycle == "never":
        raise Invalid("NO_CYCLE", gettext_noop("This resource is not updated: order a single file."), field="form")
    sub.file_form = form
    sub.save(update_fields=["file_form"])
    return sub


def _managed(actor: Actor, subscription_id: UUID) -> Subscription:
    sub = get_subscription(actor, subscription_id, lock=True)
    require(policy.can_manage(actor, sub))
    if sub.state != "approved" or is_over(sub):
        raise Conflict("SUBSCRIPTION_STATE", gettext_noop("Only a subscription in use is given files."))
    return sub


@action("system", audit="exchange.files_ordered_by_cycle")
def order_due(actor: Actor, *, today: date) -> int:
    """Each night: order what is due. How many files."""
    ordered = 0
    for sub in due_subscriptions(today):
        if not under_way(sub.pk, sub.file_form):
            _ordered(sub, sub.file_form, "cycle", by=None)
            ordered += 1
    record = recording.get()
    if record is not None:
        record.notes["files"] = ordered
    if not ordered:
        repeated()
    return ordered


def _check_form(form: str) -> None:
    if form not in WRITERS:
        raise Invalid(
            "FORM_UNKNOWN",
            gettext_noop("Choose one of the forms %(forms)s."),
            field="form",
            data={"forms": ", ".join(WRITERS)},
        )


def _ordered(sub: Subscription, form: str, cause: str, *, by: Actor | None, key: str = "") -> DataFile:
    _check_form(form)
    if under_way(sub.pk, form):
        raise Conflict(
            "FILE_UNDER_WAY",
            gettext_noop("A file of this form is being written for this subscription."),
            field="form",
            hint=gettext_noop("Wait until it is ready; it holds what you would get now."),
        )
    row = DataFile(
        subscription=sub,
        recipient_id=sub.recipient_id,
        form=form,
        cause=cause,
        key=key,
        ordered_by=by.account if by else None,
        ordered_by_name=by.label[:80] if by else "",
        ordered_at=timezone.now(),
        region_path=sub.region_path,
    )
    row.save(force_insert=True)
    put_jobs(BUILD, "default", {"file_id": str(row.pk)}, unhurried=True)
    return row
