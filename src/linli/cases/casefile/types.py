"""States of a case (services.md §2.3) and the words of its timeline."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_noop


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    NOT_ACCEPTED = "not_accepted"
    ACCEPTED = "accepted"
    REVIEWING = "reviewing"
    SUSPENDED = "suspended"
    DECIDED_YES = "decided_yes"
    DECIDED_NO = "decided_no"
    CLOSED = "closed"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    REVOKED = "revoked"


FINAL = frozenset({State.NOT_ACCEPTED, State.ARCHIVED, State.WITHDRAWN, State.TERMINATED, State.REVOKED})
OPEN = frozenset({State.SUBMITTED, State.CORRECTING, State.ACCEPTED, State.REVIEWING, State.SUSPENDED})

# what may follow what; `move_to` refuses anything else
NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.CORRECTING, State.NOT_ACCEPTED, State.ACCEPTED, State.WITHDRAWN}),
    State.CORRECTING: frozenset({State.SUBMITTED, State.WITHDRAWN, State.ACCEPTED}),
    State.ACCEPTED: frozenset({State.REVIEWING, State.SUSPENDED, State.DECIDED_YES, State.DECIDED_NO, State.WITHDRAWN, State.TERMINATED}),
    State.REVIEWING: frozenset({State.SUSPENDED, State.DECIDED_YES, State.DECIDED_NO, State.WITHDRAWN, State.TERMINATED}),
    State.SUSPENDED: frozenset({State.REVIEWING, State.ACCEPTED, State.WITHDRAWN, State.TERMINATED}),
    State.DECIDED_YES: frozenset({State.CLOSED}),
    State.DECIDED_NO: frozenset({State.CLOSED}),
    State.CLOSED: frozenset({State.DELIVERED, State.REVOKED}),
    State.DELIVERED: frozenset({State.ARCHIVED, State.REVOKED}),
}


class Channel(StrEnum):
    PORTAL = "portal"
    COUNTER = "counter"
    KIOSK = "kiosk"
    PHONE = "phone"
    API = "api"


# titles as msgids; the pack's template prints its own Chinese heading
PAPER_TITLES = {
    "receipt": gettext_noop("Receipt"),
    "acceptance": gettext_noop("Notice of acceptance"),
    "refusal": gettext_noop("Notice of non-acceptance"),
    "correction": gettext_noop("Correction notice"),
    "extension": gettext_noop("Notice of extension"),
    "publicity": gettext_noop("Public notice"),
    "decision": gettext_noop("Decision"),
    "delivery": gettext_noop("Proof of delivery"),
    "result": gettext_noop("Result"),
}
