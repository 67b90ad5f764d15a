"""Subscriptions are seen by officers of their region and by the program they are for; the log of changes by the range a subscription has."""

from __future__ import annotations

from linli.foundation.scope.models import Own, Power, Protection, Region, User
from linli.foundation.types import Actor, Level
from linli.registry.exchange.models import Change, DataFile, Delivery, Endpoint, Given, Subscription

subscriptions = Protection(Subscription, [Region("region_path"), User("recipient_id"), Power("system")])
endpoints = Protection(Endpoint, [Region("region_path"), Power("system")])
deliveries = Protection(Delivery, [Region("region_path"), Power("system")])
changes = Protection(Change, [Region("region_path"), Power("system")], open_insert=True)
files = Protection(DataFile, [Region("region_path"), User("recipient_id"), Power("system")])
given = Protection(Given, [Own("person_id"), Power("system")])

TWO_NEEDED = int(Level.SENSITIVE)
"""From this level on two people approve (domain/community.md §13.2: purpose and authorisation)."""


def within(actor: Actor, path: str) -> bool:
    """Whether a region lies in one of the actor's, whatever her department's line: what is shared belongs to no line."""
    return any(one.lo <= path < one.hi for one in actor.ranges)


def can_manage(actor: Actor, subscription: Subscription) -> bool:
    return actor.may("exchange.manage") and within(actor, subscription.region_path)


def can_decide(actor: Actor, subscription: Subscription) -> bool:
    """Nobody decides on what she asked for herself, and nobody is both of two."""
    mine = actor.user_id in (subscription.asked_by, subscription.seconded_by)
    return actor.may("exchange.approve") and within(actor, subscription.region_path) and not mine


def needs_two(subscription: Subscription) -> bool:
    return subscription.level >= TWO_NEEDED
