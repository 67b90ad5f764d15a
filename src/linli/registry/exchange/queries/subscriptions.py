"""Subscriptions: for officers of the region, and for the program that uses one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts.models import User, UserKind
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound, Refused
from linli.registry.exchange import policy
from linli.registry.exchange.models import Delivery, Endpoint, Subscription

USES = ("exchange.changes_given", "exchange.records_given", "exchange.file_given")


def subscriptions(actor: Actor) -> QuerySet[Subscription]:
    """In the actor's sight, the newest application first."""
    rows = Subscription.objects.filter(policy.subscriptions.visible(actor))
    return rows.select_related("resource", "recipient", "region").order_by("-asked_at", "-id")


def get_subscription(actor: Actor, pk: UUID, *, lock: bool = False) -> Subscription:
    """One in the actor's sight; `NotFound` otherwise."""
    rows = subscriptions(actor).filter(pk=pk)
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise NotFound("SUBSCRIPTION_UNKNOWN", gettext_noop("There is no such subscription."))
    return row


def is_over(subscription: Subscription, on: date | None = None) -> bool:
    return subscription.until < (on or timezone.localdate())


def in_use(actor: Actor, pk: UUID, *, purpose: str) -> Subscription:
    """A partner's own subscription, ready to be read for the purpose it was approved for.

    Errors: `NotFound`; `Refused` SUBSCRIPTION_NOT_IN_FORCE, SUBSCRIPTION_OVER, PURPOSE_MISSING, PURPOSE_DIFFERS.
    """
    sub = subscriptions(actor).filter(recipient_id=actor.account, pk=pk).first()
    if sub is None:
        raise NotFound("SUBSCRIPTION_UNKNOWN", gettext_noop("There is no such subscription."))
    if sub.state != "approved":
        raise Refused(
            "SUBSCRIPTION_NOT_IN_FORCE",
            gettext_noop("This subscription is not in force."),
            hint=gettext_noop("Ask the office that keeps the register what became of your application."),
        )
    if is_over(sub):
        raise Refused(
            "SUBSCRIPTION_OVER", gettext_noop("The term of this subscription is over."), hint=gettext_noop("Apply for a new one.")
        )
    if not purpose:
        raise Refused(
            "PURPOSE_MISSING",
            gettext_noop("Say what the data is read for."),
            field="Purpose",
            hint=gettext_noop("Send the header Purpose."),
        )
    if purpose != sub.purpose:
        raise Refused(
            "PURPOSE_DIFFERS",
            gettext_noop("The subscription was approved for another purpose: %(purpose)s."),
            field="Purpose",
            data={"purpose": sub.purpose},
            hint=gettext_noop("For another purpose apply for another subscription."),
        )
    return sub


def own_subscriptions(actor: Actor) -> list[Subscription]:
    """Those of a program, whatever their state."""
    return list(subscriptions(actor).filter(recipient_id=actor.account))


def programs() -> list[User]:
    """Programs of other offices that may be given a subscription."""
    return list(User.objects.filter(kind=UserKind.PARTNER, is_active=True).order_by("name", "username"))


def uses_of(subscription: Subscription, *, limit: int = 50) -> list[AuditEntry]:
    """The sealed log of what was given, the newest first. The caller has read the subscription under the actor's rights; the trail is read by a job."""
    with scoped(system_actor("exchange.uses")):
        rows = AuditEntry.objects.filter(subject_type="exchange.subscription", subject_id=str(subscription.pk), action__in=USES)
        return list(rows.order_by("-at")[:limit])


def endpoint_of(actor: Actor, subscription_id: UUID) -> Endpoint | None:
    return Endpoint.objects.filter(policy.endpoints.visible(actor), subscription_id=subscription_id).first()


def deliveries_of(actor: Actor, subscription_id: UUID, *, limit: int = 20) -> list[Delivery]:
    """Messages, the dead ones first, then the newest."""
    rows = Delivery.objects.filter(policy.deliveries.visible(actor), subscription_id=subscription_id)
    dead = list(rows.filter(state="dead").order_by("-made_at")[:limit])
    return [*dead, *rows.exclude(state="dead").order_by("-made_at")[: limit - len(dead)]]
