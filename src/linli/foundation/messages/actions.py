"""Writing messages, sending them, reading them; templates of packs."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from linli.foundation.accounts.models import User
from linli.foundation.actions.actions import action
from linli.foundation.messages import queries
from linli.foundation.messages.engine import CONTACTS, backoff_s, read_pack, render
from linli.foundation.messages.engine.delivery import MOST_TRIES
from linli.foundation.messages.models import Message, MessageTemplate, ReceivedSms
from linli.foundation.messages.types import CHANNELS, Contact, DeliveryError, Note, Outgoing, Telling, Told, Wording
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Invalid

SEND_ONE = "messages.send_one"
TAKEN_OVER_AFTER = timedelta(minutes=5)  # a worker that died while sending
CLAIMED_AFTER, ARRIVED_AFTER = timedelta(seconds=1), timedelta(seconds=2)  # an idle worker and a quick gateway
TOLD_AT_ONCE = 5000  # messages of a synthetic city in one statement: some four megabytes


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
    return send_note(
        actor,
        Note(
            key,
            params,
            dedupe or uuid.uuid4().hex,
            to_user,
            to_party,
            phone,
            case_id,
            region_path,
            CHANNELS if channels is None else channels,
        ),
    )


def send_note(actor: Actor, note: Note) -> list[Message]:
    """`send`, of what somebody else has put together."""
    wordings = {t.channel: t for t in MessageTemplate.objects.filter(key=note.key)}
    if not wordings:
        raise Invalid("MESSAGE_UNKNOWN", "No pack has words for the message %(key)s.", data={"key": note.key})
    user, contact = _recipient(note)
    return [message for message in _written_out(note, wordings, user, contact) if _write(message)]


def _written_out(note: Note, wordings: Mapping[str, MessageTemplate], user: User | None, contact: Contact) -> Iterator[Message]:
    """One message for each channel there are words for and the person is reached by."""
    for channel in CHANNELS:
        wording = wordings.get(channel)
        address = {"inapp": "", "sms": contact.phone, "mail": contact.email if settings.EMAIL_HOST else ""}[channel]
        reachable = bool(user or note.to_party) if channel == "inapp" else bool(address)
        if wording is None or not reachable or channel not in note.channels:
            continue
        message = _compose(wording, note.params, address)
        message.user_id, message.party_id = (user.id if user else None), note.to_party
        message.case_id, message.region_path, message.dedupe = note.case_id, note.region_path, f"{note.about}:{channel}"[:120]
        yield message


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


def _recipient(note: Note) -> tuple[User | None, Contact]:
    """The account, and where the person is reached: what the caller says, else the account's, else the register's."""
    accounts = User.objects.filter(is_active=True)
    user = accounts.filter(pk=note.to_user).first() if note.to_user else None
    if user is None and note.to_party:
        user = accounts.filter(person_id=note.to_party, assurance__gte=1).order_by("-last_seen").first()
    return user, _contact(note, user)


def _contact(note: Note, user: User | None) -> Contact:
    contact = Contact(note.phone or (user.phone if user else ""), user.email if user else "")
    if note.to_party and not contact.phone:
        known = next((found for source in CONTACTS.values() if (found := source(note.to_party))), Contact())
        contact = Contact(known.phone, contact.email or known.email)
    return contact


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
            put_jobs(SEND_ONE, "messages", {"message_id": str(message.id)})
    return True


def write_told(actor: Actor, told: Sequence[Told]) -> int:
    """What people were told before a synthetic city opened: rows as `send` writes and `delivered` leaves them, and no job that would send them.

    Part of the caller's transaction; the same ``about`` is written once. Returns how many messages are new.
    Errors: MESSAGE_UNKNOWN, MESSAGE_PARAM.
    """
    wordings: dict[str, dict[str, MessageTemplate]] = {}
    for template in MessageTemplate.objects.filter(key__in={one.note.key for one in told}):
        wordings.setdefault(template.key, {})[template.channel] = template
    by_key, of_person = _accounts([one.note for one in told])
    rows: list[Message] = []
    for one in told:
        note = one.note
        if note.key not in wordings:
            raise Invalid("MESSAGE_UNKNOWN", "No pack has words for the message %(key)s.", data={"key": note.key})
        user = by_key.get(note.to_user) or of_person.get(note.to_party)
        for message in _written_out(note, wordings[note.key], user, _contact(note, user)):
            rows.append(_arrived(message, one))
    with scoped(system_actor("messages.send")):
        return sum(_insert(rows[first : first + TOLD_AT_ONCE]) for first in range(0, len(rows), TOLD_AT_ONCE))


def _accounts(notes: Sequence[Note]) -> tuple[dict[UUID | None, User], dict[UUID | None, User]]:
    """Accounts by key and by person, chosen as `_recipient` does."""
    accounts = User.objects.filter(is_active=True)
    named = accounts.filter(pk__in={note.to_user for note in notes if note.to_user})
    of_people = accounts.filter(person_id__in={note.to_party for note in notes if note.to_party}, assurance__gte=1)
    latest = of_people.order_by("person_id", "-last_seen").distinct("person_id")
    return {user.pk: user for user in named}, {user.person_id: user for user in latest}


def _arrived(message: Message, told: Told) -> Message:
    """The message as it is some time after it was written."""
    message.created_at = message.sent_at = told.at
    if message.channel == "inapp":
        message.read_at = told.read_at if message.user_id else None  # without an account there was nobody to read it
    else:
        message.state, message.tries, message.claimed_at, message.sent_at = "sent", 1, told.at + CLAIMED_AFTER, told.at + ARRIVED_AFTER
    return message


def _insert(rows: Sequence[Message]) -> int:
    """All in one statement; `bulk_create` would date them today."""
    fields = Message._meta.concrete_fields
    columns = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    names, kinds = ", ".join(str(field.column) for field in fields), ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO notices_message ({names}) SELECT * FROM unnest({kinds}) ON CONFLICT (dedupe) DO NOTHING", columns)
        return int(cursor.rowcount)


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
        put_jobs(SEND_ONE, "messages", {"message_id": str(message_id)}, wait_s=int(TAKEN_OVER_AFTER.total_seconds()) + 5)


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
        put_jobs(SEND_ONE, "messages", {"message_id": str(message_id)}, wait_s=backoff_s(message.tries))


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
