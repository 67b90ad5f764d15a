"""A case in the words of the person it is about; days are written the local way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from linli.cases.casefile.models import Case, TimelineEntry
from linli.cases.casefile.queries.words import turned_down
from linli.cases.casefile.types import State
from linli.foundation.audit.engine.names import job_name
from linli.lib.masking import mask_name
from linli.ui.types import Text, TimelineItem, Tone

STATES: dict[str, tuple[Text, Tone, str]] = {
    State.SUBMITTED: (gettext_lazy("Received, being checked"), Tone.INFO, "inbox"),
    State.CORRECTING: (gettext_lazy("Waiting for you"), Tone.WARNING, "alert-triangle"),
    State.NOT_ACCEPTED: (gettext_lazy("Not accepted"), Tone.DANGER, "x"),
    State.ACCEPTED: (gettext_lazy("Accepted, in progress"), Tone.PROGRESS, "progress"),
    State.REVIEWING: (gettext_lazy("Under review"), Tone.PROGRESS, "progress"),
    State.SUSPENDED: (gettext_lazy("On hold, the clock stands still"), Tone.WARNING, "player-pause"),
    State.DECIDED_YES: (gettext_lazy("Granted"), Tone.SUCCESS, "circle-check"),
    State.DECIDED_NO: (gettext_lazy("Not granted"), Tone.DANGER, "x"),
    State.CLOSED: (gettext_lazy("Decided"), Tone.SUCCESS, "circle-check"),
    State.DELIVERED: (gettext_lazy("Finished, result delivered"), Tone.SUCCESS, "circle-check"),
    State.ARCHIVED: (gettext_lazy("Finished"), Tone.NEUTRAL, "check"),
    State.WITHDRAWN: (gettext_lazy("Withdrawn"), Tone.NEUTRAL, "x"),
    State.TERMINATED: (gettext_lazy("Ended early"), Tone.NEUTRAL, "x"),
    State.REVOKED: (gettext_lazy("Revoked"), Tone.DANGER, "x"),
}
_ENTRIES: dict[str, tuple[Tone, str]] = {
    "submitted": (Tone.INFO, "inbox"),
    "accepted": (Tone.PROGRESS, "check"),
    "refused": (Tone.DANGER, "x"),
    "correction": (Tone.WARNING, "alert-triangle"),
    "corrected": (Tone.INFO, "inbox"),
    "suspended": (Tone.WARNING, "player-pause"),
    "publicity": (Tone.WARNING, "player-pause"),
    "resumed": (Tone.PROGRESS, "clock"),
    "decided": (Tone.SUCCESS, "shield-check"),
    "delivered": (Tone.SUCCESS, "circle-check"),
    "urged": (Tone.INFO, "bell"),
    "withdrawn": (Tone.NEUTRAL, "x"),
}
BY_APPLICANT = frozenset({"submitted", "corrected", "withdrawn"})
"""Entries whose author is the applicant or who acts for her."""
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def state_words(case: Case) -> dict[str, Any]:
    """Label, tone and icon of where a case stands, for the badge component. A decided case says how it was decided."""
    state = case.state
    if state == State.CLOSED and case.outcome in ("granted", "refused"):
        state = State.DECIDED_YES if case.outcome == "granted" else State.DECIDED_NO
    label, tone, icon = STATES.get(state, (state, Tone.NEUTRAL, "point"))
    return {"label": label, "tone": tone, "icon": icon}


def day_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def limit_day(moment: datetime) -> date:
    """The last day of a limit: one that ends with a day is kept as the midnight after it."""
    return timezone.localdate(moment - timedelta(microseconds=1))


def shown(value: Any) -> Any:
    """A parameter of a stored sentence: ISO days and moments are written out, everything else stays."""
    if not isinstance(value, str):
        return value
    if _ISO_MOMENT.match(value):
        moment = datetime.fromisoformat(value)
        local = timezone.localtime(moment) if moment.tzinfo else moment
        return day_words(local.date() - timedelta(days=1)) if local.hour == local.minute == 0 else date_format(local, "DATETIME_FORMAT")
    if _ISO_DAY.fullmatch(value):
        return day_words(date.fromisoformat(value))
    return value


def sentence(msgid: str, params: Mapping[str, Any]) -> str:
    """A stored msgid with its parameters, translated; one whose parameters no longer fit is shown bare rather than not at all."""
    text = gettext(msgid)
    try:
        return text % {key: _translated(key, value) for key, value in params.items()} if params else text
    except (KeyError, TypeError, ValueError):
        return text


def _translated(key: str, value: Any) -> Any:
    """Reasons of a suspension are stored as msgids ("public notice"); names that come from the pack stay as they are."""
    value = shown(value)
    return gettext(value) if key == "reason" and isinstance(value, str) and value.isascii() and value else value


def story(entries: list[TimelineEntry], *, masked: bool = False) -> list[TimelineItem]:
    """The timeline, newest first. ``masked``: for somebody who opened the case with a code, the applicant's name is hidden."""
    items = []
    for entry in reversed(entries):
        tone, icon = _ENTRIES.get(entry.kind, (Tone.NEUTRAL, "point"))
        if turned_down(entry):
            tone, icon = Tone.DANGER, "x"
        who = mask_name(entry.actor_label) if masked and entry.kind in BY_APPLICANT else job_name(entry.actor_label)
        items.append(
            TimelineItem(
                title=sentence(entry.text, entry.params),
                when=entry.at,
                who=who,
                text=str(entry.params.get("note") or ""),
                tone=tone,
                icon=icon,
            )
        )
    return items


def explanation(reasons: list[dict[str, Any]]) -> list[str]:
    """How a due date came about, sentence by sentence."""
    return [sentence(str(one.get("msgid", "")), one.get("params") or {}) for one in reasons if one.get("msgid")]
