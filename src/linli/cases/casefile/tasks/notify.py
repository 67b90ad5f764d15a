"""Telling people what happened to a case: the resident at each step, the office when it is urged or gets a card.

Consumers run once per event (topics write the receipt in the same transaction), and every message has a key made of the event and the
person, so that a job which is run again writes nothing twice. Sending - SMS, mail - is the job of `messages`, which alone marks a
message as sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case, Task, TimelineEntry
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.casefile.queries.papers import due_day
from linli.cases.casefile.queries.people import staff_of, supervisors
from linli.cases.casefile.queries.words import filled
from linli.cases.casefile.types import State
from linli.cases.supervision.models import Card
from linli.cases.supervision.types import Colour
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.messages.actions import send, send_inapp, send_note
from linli.foundation.messages.types import Note, Telling
from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.lib.masking import mask_name

Words = tuple[str, dict[str, Any]]
"""Key of a pack's message, and its values."""
NAMED = 3
"""Case numbers that a message about many names."""
STEP_RULE = "R06"
"""Rings when a step, not the case, has passed its limit; its cards name step and day."""


def received(case: Case) -> Words | None:
    return "cases.received", {"query_code": query_code(case.number)}


def accepted(case: Case) -> Words | None:
    unit = case.unit.name if case.unit else case.region.name
    return "cases.deemed_accepted" if case.deemed_accepted else "cases.accepted", {"unit": unit, "due_text": due_day(case.due_at)}


def correction(case: Case) -> Words | None:
    asked = case.decision.get("correction") or {}
    until = str(asked.get("until") or "")
    return "cases.correction", {
        "missing_count": len(asked.get("items", [])),
        "due_text": date_format(date.fromisoformat(until), "DATE_FORMAT") if until else "",
    }


def refused(case: Case) -> Words | None:
    return "cases.refused", {"reason": case.decision.get("reason", "")}


def decided(case: Case) -> Words | None:
    if case.outcome == "granted":
        return "cases.decided_yes", {"result_name": _result(case)}
    return "cases.decided_no", {"reason": case.decision.get("reason", "")}


def closed(case: Case) -> Words | None:
    if case.state == State.WITHDRAWN:
        return "cases.correction_lapsed" if case.outcome == "correction_lapsed" else "cases.withdrawn", {}
    if case.state == State.TERMINATED:
        return "cases.terminated", {"reason": case.decision.get("reason", "")}
    if case.delivered_at is not None:
        return "cases.delivered", {"result_name": _result(case), "delivery_form": gettext("electronic delivery")}
    return None


def extended(case: Case) -> Words | None:
    granted = case.decision.get("extension") or {}
    return "cases.extended", {"reason": granted.get("reason", ""), "due_text": due_day(case.due_at)}


def _result(case: Case) -> str:
    """The name of what the applicant gets; a refusal hands over the decision."""
    results = definition_for(case).spec.results
    return results[0].name if results and case.outcome == "granted" else gettext("decision")


RESIDENT: dict[str, Callable[[Case], Words | None]] = {
    "cases.case_submitted": received,
    "cases.case_accepted": accepted,
    "cases.correction_asked": correction,
    "cases.case_refused": refused,
    "cases.case_decided": decided,
    "cases.case_closed": closed,
    "cases.case_extended": extended,
}
TOLD = frozenset({*RESIDENT, "cases.case_urged"})
"""Topics of cases somebody is told about; the others (`cases.case_moved`) only wake open pages."""


def tell_resident(event: Event) -> None:
    """In-app to the person's and the creator's account, SMS to the telephone of the case."""
    if event.payload.get("again"):  # a correction that was answered is not a new application
        return
    case = Case.objects.select_related("unit", "region").get(pk=UUID(str(event.payload["case_id"])))
    with override(settings.LANGUAGE_CODE):
        words = RESIDENT[event.topic](case)
        if words is None:
            return
        key, values = words
        to_applicant(str(event.id), case, key, {**common(case), **values})
        if event.topic == "cases.case_submitted" and case.mandate_id and case.party_id:
            values = {"agent_title": mask_name(case.agent_name), "matter": case.title}
            send(
                current_actor(),
                "mandates.used",
                to_party=case.party_id,
                params=values,
                case_id=case.id,
                region_path=case.region_path,
                dedupe=f"{event.id}:mandate",
            )


def common(case: Case) -> dict[str, Any]:
    """What every message about a case may name."""
    return {"matter": case.title, "case_no": case.number, "applicant_title": mask_name(case.applicant)}


def to_applicant(about: str, case: Case, key: str, params: Mapping[str, Any]) -> int:
    """Tell the applicant and whoever handed the case in; how many messages were written. The same ``about`` tells nothing twice."""
    creator = User.objects.filter(pk=case.created_by, kind=UserKind.CITIZEN).first() if case.created_by else None
    return sum(len(send_note(current_actor(), note)) for note in notes_to_applicant(about, case, key, params, creator))


def notes_to_applicant(about: str, case: Case, key: str, params: Mapping[str, Any], creator: User | None) -> list[Note]:
    """What the applicant is told, and (in the app alone) ``creator``, the resident who handed the case in for somebody else."""
    own = creator is not None and (case.party_id is None or creator.person_id == case.party_id)
    to_user = creator.pk if own and creator else None
    notes = [Note(key, params, about, to_user, case.party_id, case.phone or "", case.pk, case.region_path, ("inapp", "sms"))]
    if creator is not None and not own:
        notes.append(Note(key, params, f"{about}:creator", creator.pk, case_id=case.pk, region_path=case.region_path, channels=("inapp",)))
    return notes


def tell_urged(event: Event) -> None:
    """In-app to everybody of the offices that hold the case."""
    case = Case.objects.get(pk=UUID(str(event.payload["case_id"])))
    entry = TimelineEntry.objects.filter(case=case, kind="urged").order_by("-at").first()
    held = Task.objects.filter(case=case, state="open").values_list("unit_id", flat=True)
    units = {unit for unit in held if unit is not None}
    with override(settings.LANGUAGE_CODE):
        note = str(entry.params.get("note") or "") if entry else ""
        params = {**common(case), "reason": note or gettext("the applicant waits for an answer")}
        for user_id in sorted({user for users in staff_of(units).values() for user in users}):
            _to_staff(event, "cases.urge", user_id, case.id, case.region_path, params)


def tell_cards(event: Event) -> None:
    """In-app: a reminder to the office, a card to the office and to the supervisors of its region and line. A card is told once to each,
    and to whom many of one sweep go, they go in one message."""
    ids = [UUID(pk) for pk in str(event.payload["cards"]).split(",")]
    cards = list(Card.objects.filter(pk__in=ids, subject_kind="case").order_by("issued_at", "id"))
    subjects = [card.subject_id for card in cards]
    steps = dict(Task.objects.filter(case_id__in=subjects, state="open").values_list("case_id", "name"))
    around = Around(
        staff_of({unit for card in cards if (unit := card.unit_id) is not None}),
        supervisors(),
        {card.pk: steps[card.subject_id] for card in cards if card.subject_id in steps},
        dict(Case.objects.filter(pk__in=subjects).values_list("pk", "due_at")),
    )
    with override(settings.LANGUAGE_CODE):
        for key, tellings in tellings_of(str(event.id), cards, around).items():
            send_inapp(current_actor(), key, tellings)


@dataclass(frozen=True)
class Around:
    """What is known about the cards that are told of."""

    staff: Mapping[UUID, list[UUID]]  # unit -> accounts
    watching: Sequence[tuple[str, str, UUID]]  # region path, line, account of those whose post issues cards
    steps: Mapping[UUID, str]  # card -> the step its case was at
    due: Mapping[UUID, datetime | None]  # case -> its promised date


def tellings_of(about: str, cards: Sequence[Card], around: Around) -> dict[str, list[Telling]]:
    """What is told of the cards of one event, by key of the message."""
    heard: dict[tuple[bool, UUID], list[Card]] = {}
    for card in cards:
        blue = card.colour == Colour.BLUE
        people = set(around.staff.get(card.unit_id, []) if card.unit_id else [])
        if not blue:
            people |= {user for path, line, user in around.watching if card.region_path.startswith(path) and line in ("", card.line)}
        for user_id in people:
            heard.setdefault((blue, user_id), []).append(card)
    alike: dict[tuple[bool, tuple[UUID, ...]], set[UUID]] = {}  # colleagues of one office hear the same
    for (blue, user_id), meant in heard.items():
        alike.setdefault((blue, tuple(card.pk for card in meant)), set()).add(user_id)
    by_key, told = {card.pk: card for card in cards}, dict[str, list[Telling]]()
    for (blue, keys), users in alike.items():
        meant = [by_key[key] for key in keys]
        days = [day for card in meant if (day := _last_day(card, around.due.get(card.subject_id) if blue else card.reply_due_at))]
        until = date_format(min(days), "DATE_FORMAT") if days else ""
        if len(meant) > 1:
            key, telling = _gathered(about, blue, meant, until, users)
        else:
            key, telling = _single(blue, meant[0], around.steps.get(meant[0].pk, gettext("acceptance")), until, users)
        told.setdefault(key, []).append(telling)
    return told


def _last_day(card: Card, limit: datetime | None) -> date | None:
    """The day something ends: of the case, or (before it is accepted it has no promise) of the step the reminder is about."""
    if limit is not None:
        return timezone.localdate(limit - timedelta(microseconds=1))
    return date.fromisoformat(str(card.params["date"])) if card.rule == STEP_RULE else None


def _single(blue: bool, card: Card, step: str, until: str, users: Iterable[UUID]) -> tuple[str, Telling]:
    params = {"matter": card.subject_title, "case_no": card.subject_number, "rule": card.rule, "step": step, "due_text": until}
    params["reason"] = filled(card.reason, card.params)
    key = "supervision.reminder" if blue else "supervision.card_issued"
    if blue and card.rule == STEP_RULE:
        key = "supervision.step_passed"
        params |= {"step": str(card.params["step"]), "due_text": date_format(date.fromisoformat(str(card.params["date"])), "DATE_FORMAT")}
    return key, Telling(frozenset(users), params, str(card.pk), card.subject_id, card.region_path)


def _gathered(about: str, blue: bool, cards: list[Card], until: str, users: Iterable[UUID]) -> tuple[str, Telling]:
    """Several at once are one message, which names the first few and leads to the list."""
    named, rules = (card.subject_number for card in cards[:NAMED]), sorted({card.rule for card in cards})
    params = {"count": len(cards), "case_nos": ", ".join(named), "rule": ", ".join(rules), "due_text": until}
    key = "supervision.reminders" if blue else "supervision.cards_issued"
    return key, Telling(frozenset(users), params, f"{about}:{key}")


def _to_staff(event: Event, key: str, user_id: UUID, case_id: UUID, region_path: str, params: Mapping[str, Any]) -> None:
    send(
        current_actor(),
        key,
        to_user=user_id,
        params=params,
        case_id=case_id,
        region_path=region_path,
        dedupe=f"{event.id}:{user_id}",
        channels=("inapp",),
    )


for _topic in RESIDENT:
    consumer(_topic, name=f"casefile.tell_resident.{_topic.partition('.')[2]}")(tell_resident)
consumer("cases.case_urged", name="casefile.tell_urged")(tell_urged)
consumer("supervision.cards_raised", name="casefile.tell_cards")(tell_cards)
