"""Writing messages, sending them, reading them; templates of packs."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from linli.foundation.accounts.models import User
from linli.foundation.actions.actions import action
from linli.foundation.messages import queries
from linli.foundation.messages.engine import CONTACTS, backoff_s, read_pack, render
from linli.foundation.messages.engine.delivery import MOST_TRIES
from linli.foundation.messages.models import Message, MessageTemplate, ReceivedSms
from linli.foundation.messages.types import Contact, DeliveryError, Outgoing, Telling, Wording
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Invalid

SEND_ONE = "messages.send_one"
TAKEN_OVER_AFTER = timedelta(minutes=5)  # a worker that died while sending


def send(
    actor: Actor,
    key: str,
    *,
    params: Mapping[str, object],
    to_user: UUID | None = None,
    to_party: UUID | None = None,
    phone: str = "",
    case_id: UUID | None = None,
    region_path: str = "",
    dedupe: str = "",
    channels: Collection[str] | None = None,
) -> list[Message]:
    """Tell one person something, over every channel that ``key`` has words for (or those of ``channels``) and the person is reached by.

    Part of the caller's transaction, like `topics.emit`: nothing is sent if it rolls back. In-app messages are there at once,
    SMS and mail go through one job each. The same ``dedupe`` sends nothing twice. Returns the messages written.
    Errors: MESSAGE_UNKNOWN, MESSAGE_PARAM.
    """
    wordings = {t.channel: t for t in MessageTemplate.objects.filter(key=key)}
    if not wordings:
        raise Invalid("MESSAGE_UNKNOWN", "No pack has words for the message %(key)s.", data={"key": key})
    user, contact = _recipient(to_user, to_party, phone)
    dedupe = dedupe or uuid.uuid4().hex
    written = []
    for channel in ("inapp", "sms", "mail"):
        wording = wordings.get(channel)
        address = {"inapp": "", "sms": contact.phone, "mail": contact.email if settings.EMAIL_HOST else ""}[channel]
        reachable = bool(user or to_party) if channel == "inapp" else bool(address)
        if wording is None or not reachable or (channels is not None and channel not in channels):
            continue
        message = _compose(wording, params, address)
        message.user_id, message.party_id = (user.id if user else None), to_party
        message.case_id, message.region_path, message.dedupe = case_id, region_path, f"{dedupe}:{channel}"[:120]
        if _write(message):
            written.append(message)
    return written


def send_inapp(actor: Actor, key: str, tellings: Iterable[Telling]) -> int:
    """Many in-app messages at once, each composed once for all it goes to: a sweep that rings twenty thousand timers tells a hundred thousand.

    Otherwise as `send`: part of the caller's transaction, the same ``about`` tells nobody twice. Returns how many were meant.
    Errors: MESSAGE_UNKNOWN, MESSAGE_PARAM.
    """
    wording = MessageTemplate.objects.filter(key=key, channel="inapp").first()
    if wording is None:
        raise Invalid("MESSAGE_UNKNOWN", "No pack has words for the message %(key)s.", data={"key": key})
    meant = list(tellings)
    wanted = {user_id for telling in meant for user_id in telling.to}
    active = set(User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    rows = []
    for telling in meant:
        one = _compose(wording, telling.params, "")
        for user_id in sorted(active & telling.to):
            rows.append(
                Message(
                    channel="inapp",
                    key=key,
                    user_id=user_id,
                    link=one.link,
                    subject=one.subject,
                    body=one.body,
                    state=one.state,
                    sent_at=one.sent_at,
                    case_id=telling.case_id,
                    region_path=telling.region_path,
                    dedupe=f"{telling.about}:{user_id}:inapp"[:120],
                )
            )
    with scoped(system_actor("messages.send")):
        Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def _recipient(to_user: UUID | None, to_party: UUID | None, phone: str) -> tuple[User | None, Contact]:
    """The account, and where the person is reached: what the caller says, else the account's, else the register's."""
    accounts = User.objects.filter(is_active=True)
    user = accounts.filter(pk=to_user).first() if to_user else None
    if user is None and to_party:
        user = accounts.filter(person_id=to_party, assurance__gte=1).order_by("-last_seen").first()
    contact = Contact(phone or (user.phone if user else ""), user.email if user else "")
    if to_party and not contact.phone:
        known = next((found for source in CONTACTS.values() if (found := source(to_party))), Contact())
        contact = Contact(known.phone, contact.email or known.email)
    return user, contact


def _compose(wording: MessageTemplate, params: Mapping[str, object], address: str) -> Message:
    values = {"hotline": settings.HOTLINE, "url": settings.SITE_URL, **params}
    link = render(wording.link, values, one_line=True) if wording.link else ""
    if link:
        values.setdefault("link", link)
        if "url" not in params:
            values["url"] = settings.SITE_URL.rstrip("/") + link
    return Message(
        channel=wording.channel,
        key=wording.key,
        address=address,
        link=link[:200],
        subject=render(wording.subject, values, one_line=True)[:120],
        body=render(wording.body, values, one_line=wording.channel == "sms"),
        state="sent" if wording.channel == "inapp" else "queued",
        sent_at=timezone.now() if wording.channel == "inapp" else None,
    )


def _write(message: Message) -> bool:
    """Insert and enqueue; False when this message was written before."""
    with scoped(system_actor("messages.send")):
        if Message.objects.filter(dedupe=message.dedupe).exists():
            return False
        try:
            with transaction.atomic():
                message.save(force_insert=True)
        except IntegrityError:  # somebody else wrote it at the same moment
            return False
        if message.state == "queued":
            app.configure_task(SEND_ONE, queue="messages").defer(message_id=str(message.id))
    return True


def claim(message_id: UUID) -> tuple[str, Outgoing] | None:
    """Take a message for one try, with its channel; None when it is sent, given up, or in another worker's hands."""
    now = timezone.now()
    due = Q(state__in=("queued", "failed")) | Q(state="sending", claimed_at__lt=now - TAKEN_OVER_AFTER)
    message = Message.objects.select_for_update(skip_locked=True).filter(due, pk=message_id).first()
    if message is None:
        return None
    message.state, message.claimed_at, message.tries = "sending", now, message.tries + 1
    message.save(update_fields=["state", "claimed_at", "tries"])
    return message.channel, Outgoing(message.id, message.address, message.subject, message.body)


def look_again(message_id: UUID) -> None:
    """A message in another worker's hands: come back when that one may be taken for dead."""
    if Message.objects.filter(pk=message_id, state="sending").exists():
        wait = {"seconds": int(TAKEN_OVER_AFTER.total_seconds()) + 5}
        app.configure_task(SEND_ONE, queue="messages", schedule_in=wait).defer(message_id=str(message_id))


def delivered(message_id: UUID, gateway_id: str) -> None:
    """The channel took it."""
    message = Message.objects.select_for_update().get(pk=message_id)
    message.state, message.sent_at, message.gateway_id, message.error = "sent", timezone.now(), gateway_id, ""
    message.save(update_fields=["state", "sent_at", "gateway_id", "error"])


def not_delivered(message_id: UUID, failure: DeliveryError) -> None:
    """The channel did not: try again later, or give up after eight tries. A dead message is never called sent."""
    message = Message.objects.select_for_update().get(pk=message_id)
    dead = failure.final or message.tries >= MOST_TRIES
    message.state, message.error = "dead" if dead else "failed", failure.reason[:200]
    message.save(update_fields=["state", "error"])
    if not dead:
        wait = {"seconds": backoff_s(message.tries)}
        app.configure_task(SEND_ONE, queue="messages", schedule_in=wait).defer(message_id=str(message_id))


def mark_read(actor: Actor, *, message_id: UUID) -> Message:
    """Note that the one it was written to has opened it. 404 for anybody else's."""
    message = queries.get_message(actor, message_id)
    if message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message


@action("system", audit="messages.templates_loaded")
def load_templates(actor: Actor, *, folder: Path) -> int:
    """Take over the wording of a pack's `messages` folder; how many templates it has. Later packs override earlier ones key by key."""
    wordings = read_pack(folder)
    known = {(t.key, t.channel): t for t in MessageTemplate.objects.all()}
    for wording in wordings:
        _load_one(known.get((wording.key, wording.channel)) or MessageTemplate(key=wording.key, channel=wording.channel), wording)
    return len(wordings)


def _load_one(template: MessageTemplate, wording: Wording) -> None:
    if (template.subject, template.body, template.link) != (wording.subject, wording.body, wording.link):
        template.subject, template.body, template.link = wording.subject, wording.body, wording.link
        template.save()


def receive_sms(*, message_id: UUID, phone: str, text: str) -> ReceivedSms:
    """The local gateway of a demo takes a text message; the same one twice is one."""
    with scoped(system_actor("messages.local_gateway")):
        known = ReceivedSms.objects.filter(message_id=message_id).first()
        if known is not None:
            return known
        received = ReceivedSms(message_id=message_id, phone=phone, text=text)
        received.save(force_insert=True)
        return received
