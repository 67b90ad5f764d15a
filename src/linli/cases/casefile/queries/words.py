"""States, steps, outcomes and due dates in words, with the tone that goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext

from linli.cases.casefile.models import Case, TimelineEntry
from linli.cases.casefile.types import State
from linli.foundation.audit.engine.names import job_name
from linli.foundation.calendar.queries import current
from linli.lib.masking import mask_name
from linli.ui.types import Text, TimelineItem, Tone

STATES: dict[str, tuple[Text, Tone]] = {
    State.DRAFT: (gettext_lazy("Draft"), Tone.NEUTRAL),
    State.SUBMITTED: (gettext_lazy("Handed in"), Tone.INFO),
    State.CORRECTING: (gettext_lazy("Waiting for a correction"), Tone.WARNING),
    State.NOT_ACCEPTED: (gettext_lazy("Not accepted"), Tone.NEUTRAL),
    State.ACCEPTED: (gettext_lazy("Accepted"), Tone.PROGRESS),
    State.REVIEWING: (gettext_lazy("Under review"), Tone.PROGRESS),
    State.SUSPENDED: (gettext_lazy("Suspended"), Tone.WARNING),
    State.DECIDED_YES: (gettext_lazy("Granted"), Tone.SUCCESS),
    State.DECIDED_NO: (gettext_lazy("Not granted"), Tone.DANGER),
    State.CLOSED: (gettext_lazy("Decided, to be delivered"), Tone.SUCCESS),
    State.DELIVERED: (gettext_lazy("Delivered"), Tone.SUCCESS),
    State.ARCHIVED: (gettext_lazy("Archived"), Tone.NEUTRAL),
    State.WITHDRAWN: (gettext_lazy("Withdrawn"), Tone.NEUTRAL),
    State.TERMINATED: (gettext_lazy("Ended early"), Tone.NEUTRAL),
    State.REVOKED: (gettext_lazy("Revoked"), Tone.DANGER),
}
KINDS: dict[str, Text] = {
    "accept": gettext_lazy("Acceptance"),
    "review": gettext_lazy("Review"),
    "survey": gettext_lazy("Survey"),
    "verify": gettext_lazy("Verification"),
    "publicity": gettext_lazy("Public notice"),
    "hearing": gettext_lazy("Hearing"),
    "decide": gettext_lazy("Decision"),
    "deliver": gettext_lazy("Delivery"),
    "dispatch": gettext_lazy("Dispatch"),
    "reply": gettext_lazy("Reply"),
    "task": gettext_lazy("Task"),
    "visit": gettext_lazy("Visit"),
    "callback": gettext_lazy("Call-back"),
}
OUTCOMES: dict[str, Text] = {
    "accept": gettext_lazy("Accepted"),
    "refuse": gettext_lazy("Not accepted"),
    "agree": gettext_lazy("Agree"),
    "disagree": gettext_lazy("Disagree"),
    "done": gettext_lazy("Done"),
    "confirmed": gettext_lazy("Confirmed"),
    "not_confirmed": gettext_lazy("Not confirmed"),
    "no_objection": gettext_lazy("No objection"),
    "objection": gettext_lazy("Objection"),
    "delivered": gettext_lazy("Handed over"),
    "replied": gettext_lazy("Replied"),
    "dispatched": gettext_lazy("Dispatched"),
    "pass": gettext_lazy("Pass"),
    "redo": gettext_lazy("Do again"),
    "return": gettext_lazy("Sent back"),
    "valid": gettext_lazy("The complaint is right"),
    "invalid": gettext_lazy("Mistaken"),
    "no_basis": gettext_lazy("Without ground"),
    "rectified": gettext_lazy("Put right"),
}
TASK_STATES: dict[str, Text] = {
    "open": gettext_lazy("open"),
    "done": gettext_lazy("done"),
    "cancelled": gettext_lazy("no longer counts"),
    "paused": gettext_lazy("waiting for the applicant"),
}
MANDATES: dict[str, Text] = {
    "family": gettext_lazy("relative or friend"),
    "helper": gettext_lazy("helper"),
    "guardian": gettext_lazy("guardian"),
    "legal": gettext_lazy("legal representative"),
}
MATERIAL_STATES: dict[str, tuple[Text, Tone]] = {
    "given": (gettext_lazy("Received"), Tone.SUCCESS),
    "shared": (gettext_lazy("Proved by shared data"), Tone.SUCCESS),
    "waived": (gettext_lazy("Not needed"), Tone.NEUTRAL),
    "missing": (gettext_lazy("Missing"), Tone.DANGER),
    "promised": (gettext_lazy("Promised"), Tone.WARNING),
}
PAPER_STATES: dict[str, tuple[Text, Tone]] = {
    "waiting": (gettext_lazy("Being printed"), Tone.INFO),
    "ready": (gettext_lazy("Ready"), Tone.SUCCESS),
    "failed": (gettext_lazy("Could not be printed"), Tone.DANGER),
    "void": (gettext_lazy("Void"), Tone.NEUTRAL),
}
COLOURS: dict[str, tuple[Text, Tone]] = {
    "blue": (gettext_lazy("Blue reminder"), Tone.INFO),
    "yellow": (gettext_lazy("Yellow card"), Tone.WARNING),
    "red": (gettext_lazy("Red card"), Tone.DANGER),
}
ENTRY_TONES = {
    "accepted": (Tone.PROGRESS, "check"),
    "refused": (Tone.DANGER, "x"),
    "correction": (Tone.WARNING, "adjustments"),
    "suspended": (Tone.WARNING, "player-pause"),
    "publicity": (Tone.WARNING, "player-pause"),
    "decided": (Tone.SUCCESS, "shield-check"),
    "delivered": (Tone.SUCCESS, "check"),
    "urged": (Tone.DANGER, "bell"),
    "withdrawn": (Tone.NEUTRAL, "x"),
    "returned": (Tone.WARNING, "arrow-back-up"),
    "transferred": (Tone.INFO, "arrow-right"),
    "signed": (Tone.INFO, "check"),
}


@dataclass(frozen=True)
class DueWords:
    """A due date as it is shown: the day, in how many working days, and the tone. Colour never stands alone."""

    at: datetime | None
    day: str
    words: str
    tone: Tone


def kind_label(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def outcome_label(outcome: str) -> str:
    return str(OUTCOMES.get(outcome, outcome))


def due_words(at: datetime | None, now: datetime, *, still: bool = False) -> DueWords:
    """How a due date reads today, in working days; ``still``: the clock is suspended."""
    if at is None:
        return DueWords(None, "", gettext("no limit"), Tone.NEUTRAL)
    # a limit that ends with a day is stored as the midnight after it
    last = timezone.localdate(at - timedelta(seconds=1))
    today = timezone.localdate(now)
    if still:
        return DueWords(at, last.isoformat(), gettext("the clock stands still"), Tone.NEUTRAL)
    if now >= at:
        days = max(1, current().workdays_between(last, today))
        return DueWords(
            at, last.isoformat(), ngettext("overdue by %(n)s working day", "overdue by %(n)s working days", days) % {"n": days}, Tone.DANGER
        )
    left = current().workdays_between(today, last)
    if left <= 0:
        return DueWords(at, last.isoformat(), gettext("due today"), Tone.WARNING)
    tone = Tone.WARNING if left == 1 else Tone.NEUTRAL
    return DueWords(at, last.isoformat(), ngettext("%(n)s working day left", "%(n)s working days left", left) % {"n": left}, tone)


def filled(text: str, params: dict[str, Any]) -> str:
    """A stored msgid with its values; moments and days in the values are shown the local way."""
    shown = {key: _value(value) for key, value in params.items()}
    try:
        return gettext(text) % shown
    except (KeyError, ValueError, TypeError):
        return gettext(text)


def _value(value: Any) -> Any:
    if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        if len(value) == 10:
            return value
        local = timezone.localtime(moment) if moment.tzinfo else moment
        if local.hour == local.minute == 0:  # the end of the day before
            return (local.date() - timedelta(days=1)).isoformat()
        return date_format(local, "Y-m-d H:i")
    return value


def turned_down(entry: TimelineEntry) -> bool:
    """Whether a line of the story is a decision against the applicant: only such a sentence gives its reason."""
    return entry.kind == "decided" and "%(reason)s" in entry.text


def story(entries: list[TimelineEntry], case: Case, *, full: bool = False) -> list[TimelineItem]:
    """The timeline for the component, newest first; the applicant's name is masked unless everything is shown in full."""
    hidden = set() if full else {case.applicant, case.agent_name} - {""}
    items = []
    for entry in reversed(entries):
        tone, icon = ENTRY_TONES.get("refused" if turned_down(entry) else entry.kind, (Tone.NEUTRAL, "point"))
        note = str(entry.params.get("note") or entry.params.get("opinion") or "")
        reason = str(entry.params.get("reason") or "")
        text = "\n".join(part for part in (note, reason if "%(reason)s" not in entry.text else "") if part)
        items.append(
            TimelineItem(
                title=filled(entry.text, entry.params),
                when=entry.at,
                who=mask_name(entry.actor_label) if entry.actor_label in hidden else job_name(entry.actor_label),
                text=text,
                tone=tone,
                icon=icon,
            )
        )
    return items


def state_badge(case: Case) -> tuple[Text, Tone]:
    return STATES[case.state]


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""
