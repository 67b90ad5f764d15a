"""What messages registers: it carries the sign-in codes and notices of accounts."""

from __future__ import annotations

import logging
from pathlib import Path

from django.utils.translation import gettext

from linli.foundation.accounts.engine import CODE_SENDERS, NOTIFIERS
from linli.foundation.accounts.types import Notice
from linli.foundation.actions.engine import LoadReport, pack_loader
from linli.foundation.messages.actions import load_templates, send
from linli.foundation.messages.models import MessageTemplate
from linli.foundation.types import Actor
from linli.lib.errors import Invalid

log = logging.getLogger(__name__)
CODE_MINUTES = 5


def send_code(actor: Actor, phone: str, code: str, purpose: str) -> None:
    """A one-time code by SMS."""
    words = {"sign_in": gettext("signing in"), "change_phone": gettext("changing your phone")}
    params = {"code": code, "minutes": CODE_MINUTES, "purpose": words.get(purpose, purpose)}
    send(actor, "accounts.sms_code", phone=phone, params=params, channels=("sms",))


CODE_SENDERS.register("messages", send_code)


def carry(actor: Actor, notice: Notice) -> None:
    """A notice of accounts, over every channel the packs have words for. A city without words for it is no reason to refuse what happened."""
    try:
        send(
            actor,
            notice.key,
            params=notice.params,
            to_user=notice.to_user,
            to_party=notice.to_party,
            phone=notice.phone,
            region_path=notice.region_path,
            dedupe=notice.dedupe,
        )
    except Invalid as error:
        log.warning("not told: %s (%s)", notice.key, error.code)


NOTIFIERS.register("messages", carry)


def load_pack(folder: Path, actor: Actor) -> LoadReport:
    """The wording of a pack; a pack without messages has nothing to load."""
    place = folder / "messages"
    before = set(MessageTemplate.objects.values_list("key", "channel", "body"))
    if place.is_dir():
        load_templates(actor, folder=place)
    after = set(MessageTemplate.objects.values_list("key", "channel", "body"))
    return LoadReport(added=len(after - before), unchanged=len(after & before))


pack_loader("messages", load_pack, order=60)
