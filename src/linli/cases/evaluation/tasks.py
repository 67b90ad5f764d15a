"""Telling the calling office: that somebody is dissatisfied, that a call is late. Every message has a key, so that a repeated job tells nothing twice."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from linli.cases.casefile.queries.papers import due_day
from linli.cases.casefile.queries.people import staff_of
from linli.cases.evaluation.models import Evaluation
from linli.cases.evaluation.queries import open_task_of
from linli.cases.supervision.models import Card
from linli.foundation.messages.actions import send
from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event


@consumer("evaluation.rated", name="evaluation.tell_office")
def tell_office(event: Event) -> None:
    """In-app to everybody of the office that has to call."""
    rating = Evaluation.objects.select_related("case").get(pk=UUID(str(event.payload["evaluation_id"])))
    task = open_task_of(rating)
    if task is not None and task.unit_id is not None:
        words = {"matter": task.title, "case_no": task.number}
        with override(settings.LANGUAGE_CODE):
            _tell(task.unit_id, "evaluation.callback_task", {**words, "due_text": due_day(task.due_at)}, about=str(event.id))


@consumer("supervision.cards_raised", name="evaluation.tell_cards")
def tell_cards(event: Event) -> None:
    """A late call is told to the office that has to answer the card."""
    ids = [UUID(pk) for pk in str(event.payload["cards"]).split(",")]
    for card in Card.objects.filter(pk__in=ids, subject_kind="evaluation").exclude(unit_id=None).order_by("issued_at", "id"):
        words = {"matter": card.subject_title, "case_no": card.subject_number, "rule": card.rule, "step": ""}
        assert card.unit_id is not None  # noqa: S101 - narrows a type
        with override(settings.LANGUAGE_CODE):
            _tell(card.unit_id, "supervision.card_issued", {**words, "due_text": due_day(card.reply_due_at)}, about=str(card.pk))


def _tell(unit_id: UUID, key: str, words: dict[str, str], *, about: str) -> None:
    for user_id in sorted(staff_of({unit_id})[unit_id]):
        send(current_actor(), key, to_user=user_id, params=words, dedupe=f"{about}:{user_id}", channels=("inapp",))
