"""What messages registers: it carries the sign-in codes of accounts."""

from __future__ import annotations

from django.utils.translation import gettext

from linli.foundation.accounts.engine import CODE_SENDERS
from linli.foundation.messages.actions import send
from linli.foundation.types import Actor

CODE_MINUTES = 5


def send_code(actor: Actor, phone: str, code: str, purpose: str) -> None:
    """A one-time code by SMS."""
    words = {"sign_in": gettext("signing in"), "change_phone": gettext("changing your phone")}
    params = {"code": code, "minutes": CODE_MINUTES, "purpose": words.get(purpose, purpose)}
    send(actor, "accounts.sms_code", phone=phone, params=params, channels=("sms",))


CODE_SENDERS.register("messages", send_code)
