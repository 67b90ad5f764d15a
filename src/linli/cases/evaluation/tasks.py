"""Telling the calling office: that somebody is dissatisfied, that a call is late. Every message has a key, so that a repeated job tells nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from linli.cases.casefile.models import Task
from linli.cases.casefile.queries.papers import due_day
from linli.cases.casefile.queries.people import staff_of
from linli.cases.casefile.queries.words import filled
from linli.cases.casefile.tasks.past import MOST, OFFICE_DAYS, read_at_work, shortly_after
from linli.cases.evaluation.actions.rating import CALL
from linli.cases.evaluation.engine.tokens import KIND
from linli.cases.evaluation.models import Evaluation
from linli.cases.evaluation.queries import open_task_of
from linli.cases.supervision.models import Card
from linli.foundation.actions.engine import CityContext
from linli.foundation.calendar.types import day_start
from linli.foundation.messages.actions import send_note, write_told
from linli.foundation.messages.types import Note, Told
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.foundation.types import system_actor

BUILDER = system_actor("city.calls")
CALLBACK = "evaluation.callback_task"


@consumer("evaluation.rated", name="evaluation.tell_office")
def tell_office(event: Event) -> None:
    """In-app to everybody of the office that has to call."""
    rating = Evaluation.objects.select_related("case").get(pk=UUID(str(event.payload["evaluation_id"])))
    task = open_task_of(rating)
    if task is not None and task.unit_id is not None:
        with override(settings.LANGUAGE_CODE):
            _tell(task.unit_id, CALLBACK, _words(task), about=str(event.id))


def _words(task: Task) -> dict[str, str]:
    return {"matter": task.title, "case_no": task.number, "due_text": due_day(task.due_at)}


@consumer("supervision.cards_raised", name="evaluation.tell_cards")
def tell_cards(event: Event) -> None:
    """A late call is told to the office that has to answer the card."""
    ids = [UUID(pk) for pk in str(event.payload["cards"]).split(",")]
    for card in Card.objects.filter(pk__in=ids, subject_kind="evaluation").exclude(unit_id=None).order_by("issued_at", "id"):
        words = {"matter": card.subject_title, "case_no": card.subject_number, "rule": card.rule, "step": ""}
        words["reason"] = filled(card.reason, card.params)
        assert card.unit_id is not None  # noqa: S101 - narrows a type
        with override(settings.LANGUAGE_CODE):
            _tell(card.unit_id, "supervision.card_issued", {**words, "due_text": due_day(card.reply_due_at)}, about=str(card.pk))


def _tell(unit_id: UUID, key: str, words: dict[str, str], *, about: str) -> None:
    for user_id in sorted(staff_of({unit_id})[unit_id]):
        send_note(current_actor(), _note(user_id, key, words, about))


def _note(user_id: UUID, key: str, words: dict[str, str], about: str) -> Note:
    return Note(key, words, f"{about}:{user_id}", user_id, channels=("inapp",))


def tell_city(city: CityContext) -> None:
    """What the calling offices of a synthetic city heard of the bad ratings, as the builder `calls`."""
    now = day_start(city.as_of)
    with scoped(BUILDER), override(settings.LANGUAGE_CODE):
        calls = Task.objects.filter(kind=KIND, step_id=CALL, opened_at__gte=now - timedelta(days=OFFICE_DAYS), opened_at__lt=now)
        tasks = list(calls.exclude(unit_id=None).order_by("-opened_at", "number")[:MOST]) if city.notes.get("cases") else []
        city.say(f"  {write_told(BUILDER, list(_called(tasks, now))):,} messages")


def _called(tasks: list[Task], now: datetime) -> Iterator[Told]:
    staff = staff_of({unit for task in tasks if (unit := task.unit_id) is not None})
    for task in tasks:
        at = shortly_after(task.opened_at, task.number)
        for user_id in sorted(staff[task.unit_id] if task.unit_id else ()):
            yield Told(_note(user_id, CALLBACK, _words(task), str(task.pk)), at, read_at_work(at, now, task.number))
