"""The ticket for the event stream: who may be told what, signed, good for a minute. The events process reads it without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from linli.foundation.types import Actor

SECONDS = 60
_SALT = "linli.live"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Region ranges as (lo, hi) and parties of one account."""

    user: str
    ranges: tuple[tuple[str, str], ...]
    parties: frozenset[str]

    def hears(self, region_path: str, party: str) -> bool:
        """Whether a change is this listener's business. Something that has neither region nor party is everybody's.

        Coarse on purpose: the stream says only that something changed, and the page fetches again under its own rights.
        """
        if not region_path and not party:
            return True
        return (party != "" and party in self.parties) or any(lo <= region_path < hi for lo, hi in self.ranges)


def ticket_for(actor: Actor) -> str:
    """A ticket of a signed-in actor; ValueError for somebody who is not."""
    if actor.user_id is None:
        raise ValueError("only an account gets a ticket")
    body = {"u": str(actor.user_id), "r": [[r.lo, r.hi] for r in actor.ranges], "p": [str(p) for p in actor.parties]}
    return TimestampSigner(salt=_SALT).sign_object(body, compress=True)


def stream_address(actor: Actor) -> str:
    """The whole address that a page opens: the events process of the demo, or /events/ behind nginx."""
    return f"{settings.EVENTS_URL.rstrip('/')}/events/?{urlencode({'ticket': ticket_for(actor)})}"


def read_ticket(text: str) -> Ticket | None:
    """The ticket, or None when it is forged, stale or not one of ours."""
    try:
        body: Mapping[str, Any] = TimestampSigner(salt=_SALT).unsign_object(text, max_age=SECONDS)
        return Ticket(str(body["u"]), tuple((str(lo), str(hi)) for lo, hi in body["r"]), frozenset(str(p) for p in body["p"]))
    except (BadSignature, KeyError, TypeError, ValueError):
        return None
