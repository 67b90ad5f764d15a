"""Applying for data, and deciding on it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts.models import User, UserKind
from linli.foundation.actions.actions import action, require
from linli.foundation.calendar.queries import current as calendar
from linli.foundation.regions.queries import by_code
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, LinliError
from linli.lib.periods import add_months
from linli.registry.exchange import policy
from linli.registry.exchange.models import Item, Resource, Subscription
from linli.registry.exchange.queries.catalogue import get_resource, offered, purposes, terms
from linli.registry.exchange.queries.subscriptions import get_subscription, is_over


@action("exchange.manage", audit="exchange.subscription_asked")
def ask(
    actor: Actor,
    *,
    resource_id: UUID,
    recipient_id: UUID,
    office: str,
    purpose: str,
    reason: str,
    legal_basis: str,
    fields: Collection[str],
    region: str,
    until: date,
) -> Subscription:
    """Apply, in the name of an office, for some items of a resource; ``region`` is a code, ``until`` the last day.

    Errors beside their fields: SHARING_NONE, RECIPIENT_UNKNOWN, PURPOSE_UNKNOWN, TEXT_MISSING, ITEMS_UNKNOWN, REGION_OUTSIDE, TERM.
    """
    resource = get_resource(resource_id)
    _check_sharing(resource)
    _check_words(office=office, reason=reason, legal_basis=legal_basis)
    if purpose not in purposes():
        raise Invalid("PURPOSE_UNKNOWN", gettext_noop("Choose one of the purposes."), field="purpose")
    if not User.objects.filter(pk=recipient_id, kind=UserKind.PARTNER, is_active=True).exists():
        raise Invalid("RECIPIENT_UNKNOWN", gettext_noop("There is no such program at the interface."), field="recipient_id")
    items = _items(resource, fields)
    try:
        place = by_code(region)
    except LinliError:
        place = None
    if place is None or not policy.within(actor, place.path):
        raise Invalid("REGION_OUTSIDE", gettext_noop("There is no such region in your area."), field="region")
    _check_term(until)
    now = timezone.now()
    row = Subscription(
        resource=resource,
        recipient_id=recipient_id,
        office=office.strip(),
        purpose=purpose,
        reason=reason.strip(),
        legal_basis=legal_basis.strip(),
        fields=[item.name for item in items],
        level=max(item.level for item in items),
        region=place,
        region_path=place.path,
        until=until,
        asked_by=actor.account,
        asked_by_name=actor.label[:80],
        asked_at=now,
        answer_due=calendar().add_workdays(timezone.localdate(now), terms().answer_workdays).at,
    )
    row.save(force_insert=True)
    return row


def _check_sharing(resource: Resource) -> None:
    if resource.sharing == "none":
        raise Invalid(
            "SHARING_NONE",
            gettext_noop("This resource is not shared: %(basis)s"),
            field="resource_id",
            data={"basis": resource.basis},
        )


def _check_words(**texts: str) -> None:
    for name, text in texts.items():
        if len(text.strip()) < 2:
            raise Invalid("TEXT_MISSING", gettext_noop("Say it in a few words."), field=name)


def _items(resource: Resource, fields: Collection[str]) -> list[Item]:
    """The wanted items in the order of the catalogue; those about special groups are not offered to anybody."""
    wanted, known = set(fields), offered(resource.pk)
    if not wanted or wanted - {item.name for item in known}:
        raise Invalid(
            "ITEMS_UNKNOWN",
            gettext_noop("Choose among the items the resource offers."),
            field="fields",
            hint=gettext_noop("Ask for what the purpose needs, no more."),
        )
    return [item for item in known if item.name in wanted]


def _check_term(until: date) -> None:
    today, months = timezone.localdate(), terms().longest_months
    if not today < until <= add_months(today, months):
        raise Invalid("TERM", gettext_noop("The last day lies ahead, at most %(months)s months."), field="until", data={"months": months})


@action("exchange.approve", audit="exchange.subscription_approved")
def approve(actor: Actor, *, subscription_id: UUID, decision: str = "") -> Subscription:
    """Approve; where items of level 4 are asked for, the first of two only seconds. Error: SUBSCRIPTION_STATE, NOT_YOURS."""
    row = _to_decide(actor, subscription_id)
    if policy.needs_two(row) and row.state == "asked":
        row.state, row.seconded_by, row.seconded_by_name = "seconded", actor.account, actor.label[:80]
        row.save(update_fields=["state", "seconded_by", "seconded_by_name"])
        return row
    return _decided(actor, row, "approved", decision)


@action("exchange.approve", audit="exchange.subscription_refused")
def refuse(actor: Actor, *, subscription_id: UUID, decision: str) -> Subscription:
    """Refuse, with the reason. Errors: SUBSCRIPTION_STATE, NOT_YOURS, TEXT_MISSING."""
    row = _to_decide(actor, subscription_id)
    _check_words(decision=decision)
    return _decided(actor, row, "refused", decision)


@action("exchange.manage", audit="exchange.subscription_suspended")
def suspend(actor: Actor, *, subscription_id: UUID, decision: str) -> Subscription:
    """Stop a use at once, with the reason: it was not used for its purpose, its secret was lost ..."""
    row = _mine(actor, subscription_id, "approved")
    _check_words(decision=decision)
    return _decided(actor, row, "suspended", decision)


@action("exchange.manage", audit="exchange.subscription_withdrawn")
def withdraw(actor: Actor, *, subscription_id: UUID) -> Subscription:
    """Take back an application that waits, or give up a use before its term ends."""
    row = _mine(actor, subscription_id, "asked", "seconded", "approved", "suspended")
    row.state = "withdrawn"
    row.save(update_fields=["state"])
    return row


@action("exchange.approve", audit="exchange.subscription_resumed")
def resume(actor: Actor, *, subscription_id: UUID, decision: str) -> Subscription:
    """Let a suspended use go on, with the reason. Errors: SUBSCRIPTION_STATE, NOT_YOURS, SUBSCRIPTION_OVER."""
    row = get_subscription(actor, subscription_id, lock=True)
    require(policy.can_decide(actor, row), gettext_noop("Somebody else decides on what you asked for yourself."), code="NOT_YOURS")
    _in_state(row, "suspended")
    _check_words(decision=decision)
    if is_over(row):
        raise Conflict(
            "SUBSCRIPTION_OVER", gettext_noop("The term of this subscription is over."), hint=gettext_noop("Apply for a new one.")
        )
    return _decided(actor, row, "approved", decision)


def _to_decide(actor: Actor, pk: UUID) -> Subscription:
    row = get_subscription(actor, pk, lock=True)
    require(policy.can_decide(actor, row), gettext_noop("Somebody else decides on what you asked for yourself."), code="NOT_YOURS")
    _in_state(row, "asked", "seconded")
    return row


def _mine(actor: Actor, pk: UUID, *states: str) -> Subscription:
    row = get_subscription(actor, pk, lock=True)
    require(policy.can_manage(actor, row))
    _in_state(row, *states)
    return row


def _in_state(row: Subscription, *states: str) -> None:
    if row.state not in states:
        raise Conflict(
            "SUBSCRIPTION_STATE",
            gettext_noop("Somebody has decided on this subscription meanwhile."),
            hint=gettext_noop("Look at it again."),
        )


def _decided(actor: Actor, row: Subscription, state: str, decision: str) -> Subscription:
    row.state, row.decision = state, decision.strip()
    row.decided_by, row.decided_by_name, row.decided_at = actor.account, actor.label[:80], timezone.now()
    row.save(update_fields=["state", "decision", "decided_by", "decided_by_name", "decided_at"])
    return row
