"""Telling people what happened to their account or mandate, through whoever registered to carry it."""

from __future__ import annotations

from linli.foundation.accounts.engine import NOTIFIERS
from linli.foundation.accounts.types import Notice
from linli.foundation.types import Actor


def tell(actor: Actor, notice: Notice) -> None:
    """Part of the caller's action: nothing is sent if it rolls back."""
    for notify in NOTIFIERS.values():
        notify(actor, notice)
