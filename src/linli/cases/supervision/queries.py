"""Reading clocks, ledgers and cards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_noop

from linli.cases.supervision import policy
from linli.cases.supervision.models import Card, Clock, Suspension
from linli.cases.supervision.types import RuleParams
from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor
from linli.lib.errors import NotFound


def params() -> RuleParams:
    """Thresholds of the rules; a place sets its own (settings SUPERVISION_PARAMS, from its pack)."""
    return RuleParams.from_mapping(getattr(settings, "SUPERVISION_PARAMS", {}))


def ledger(subject_id: UUID) -> list[Suspension]:
    """All intervals that did not count, oldest first."""
    return list(Suspension.objects.filter(subject_id=subject_id).order_by("since"))


def ledgers(subjects: QuerySet[Any]) -> dict[UUID, list[Suspension]]:
    """The same of many subjects, asked for once; ``subjects`` gives their keys."""
    found: dict[UUID, list[Suspension]] = {}
    for row in Suspension.objects.filter(subject_id__in=subjects).order_by("since"):
        found.setdefault(row.subject_id, []).append(row)
    return found


@kept
def _clock(subject_id: UUID) -> QuerySet[Clock]:
    return Clock.objects.filter(subject_id=subject_id)


def clock_kept(subject_id: UUID) -> Clock | None:
    """A subject's clock, for whoever computes it anew."""
    return _clock.first(subject_id)


def clock_of(actor: Actor, subject_id: UUID) -> Clock | None:
    return Clock.objects.filter(policy.clocks.visible(actor), subject_id=subject_id).first()


def get_card(actor: Actor, card_id: UUID, *, lock: bool = False) -> Card:
    rows = Card.objects.filter(policy.cards.visible(actor), pk=card_id)
    card = (rows.select_for_update() if lock else rows).first()
    if card is None:
        raise NotFound("CARD", gettext_noop("There is no such card."))
    return card


def cards(actor: Actor, *, colour: str = "", state: str = "", subject_id: UUID | None = None) -> QuerySet[Card]:
    """Cards in the actor's sight, newest first."""
    rows = Card.objects.filter(policy.cards.visible(actor))
    if colour:
        rows = rows.filter(colour=colour)
    if state:
        rows = rows.filter(state=state)
    if subject_id:
        rows = rows.filter(subject_id=subject_id)
    return rows.order_by("-issued_at")


def card_counts(actor: Actor) -> dict[str, int]:
    """Open cards by colour."""
    rows = (
        Card.objects.filter(policy.cards.visible(actor)).exclude(state__in=("closed", "cancelled")).values("colour").annotate(n=Count("id"))
    )
    return {row["colour"]: row["n"] for row in rows}
