"""Meeting a phone, taking what it brings, revoking it."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.foundation.actions.actions import action
from linli.foundation.scope.actions import scoped
from linli.foundation.sync import queries
from linli.foundation.sync.engine import ITEMS
from linli.foundation.sync.models import Device, Item
from linli.foundation.sync.types import Answer, Reply, State, Told
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, LinliError, NotFound

log = logging.getLogger(__name__)
QUIET = timedelta(minutes=1)
"""A contact is noted at most so often."""


def meet(actor: Actor, *, key_id: UUID, name: str) -> Device | None:
    """The phone a worker has in hand, entered when it is new; None when it was revoked: it is to forget everything."""
    if queries.is_revoked(key_id):
        note_wiped(key_id)
        return None
    now = timezone.now()
    device = Device.objects.filter(user_id=actor.account, key_id=key_id).first()
    if device is None:
        return enter_phone(actor, key_id=key_id, name=name)
    if now - device.last_contact > QUIET:
        Device.objects.filter(pk=device.pk).update(last_contact=now)
    return device


@action("sync.send", audit="sync.phone_entered")
def enter_phone(actor: Actor, *, key_id: UUID, name: str) -> Device:
    """A browser this worker comes with for the first time. Two requests of one page enter it once."""
    now = timezone.now()
    made = Device(user_id=actor.account, key_id=key_id, name=name[:60], first_seen=now, last_contact=now)
    Device.objects.bulk_create([made], ignore_conflicts=True)
    return Device.objects.get(user_id=actor.account, key_id=key_id)


def note_wiped(key_id: UUID) -> None:
    """A revoked phone has asked, and is told to forget: from now on its list says so."""
    with scoped(system_actor("sync.phone")):
        Device.objects.filter(key_id=key_id, wiped_at=None).exclude(revoked_at=None).update(wiped_at=timezone.now())


@action("admin.accounts", audit="sync.phone_revoked")
def revoke(actor: Actor, *, device_id: UUID) -> None:
    """A phone is lost or handed on: at its next contact everything on it is deleted, whoever's it is. `Conflict` PHONE_REVOKED."""
    device = queries.get_phone(actor, device_id, lock=True)
    if device.revoked_at is not None:
        raise Conflict("PHONE_REVOKED", gettext_noop("This phone has been revoked already."))
    for row in Device.objects.select_for_update().filter(key_id=device.key_id, revoked_at=None):
        row.revoked_at, row.revoked_by = timezone.now(), actor.label[:80]
        row.save(update_fields=["revoked_at", "revoked_by"])


def take(actor: Actor, *, device: Device, told: Told) -> Reply:
    """Do what one item says, once, in a savepoint of its own; what was answered before is answered again."""
    if told.worker != actor.account:
        # Not kept: it stays on the phone until its own worker signs in there.
        return _refused(
            told, Conflict("OTHER_WORKER", gettext_noop("This was noted by another worker, who has to sign in on this phone to send it."))
        )
    try:
        with scoped(actor):
            return Reply(told.key, _taken(actor, device, told))
    except LinliError as error:
        return _refused(told, error)
    except Exception:
        log.exception("an item of the kind %s could not be taken", told.kind)
        text = gettext("Something went wrong on our side. The phone will try again.")
        return Reply(told.key, Answer(State.FAILED, {"code": "FAILED", "text": text}))


def _taken(actor: Actor, device: Device, told: Told) -> Answer:
    """The row is written first: who sends the same key at the same time waits for it here."""
    row = Item(
        device=device,
        worker_id=actor.account,
        key=told.key,
        kind=told.kind[:40],
        base=told.base,
        digest=told.digest,
        state="",
        answer="{}",
        received_at=timezone.now(),
    )
    Item.objects.bulk_create([row], ignore_conflicts=True)
    kept = Item.objects.filter(key=told.key).first()
    if kept is None or kept.digest != told.digest:
        raise Conflict("KEY_TAKEN", gettext_noop("Something else was sent under the same key."), hint=gettext_noop("Note it again."))
    if kept.pk != row.pk:
        return Answer(State(kept.state), json.loads(kept.answer or "{}"))
    answer = _handled(actor, told)
    kept.state, kept.answer = answer.state, json.dumps(dict(answer.body), ensure_ascii=False)
    kept.save(update_fields=["state", "answer"])
    return answer


def _handled(actor: Actor, told: Told) -> Answer:
    try:
        if told.kind not in ITEMS:
            raise NotFound(
                "KIND_UNKNOWN", gettext_noop("This kind of note is not known."), hint=gettext_noop("Reload the page on the phone.")
            )
        with scoped(actor):
            return ITEMS.get(told.kind)(actor, told.payload, told.base)
    except LinliError as error:
        return _refused(told, error).answer
    except Http404:
        return _refused(told, NotFound("NOT_FOUND", gettext_noop("It is no longer there."))).answer


def _refused(told: Told, error: LinliError) -> Reply:
    body = {"code": error.code, "text": error.text(gettext), "hint": error.next_step(gettext), "field": error.field or ""}
    return Reply(told.key, Answer(State.REFUSED, body))


def clear_answers(before: datetime, limit: int) -> int:
    """What phones were told long ago: the words go, the key stays, so that nothing is done twice. Part of a nightly portion, under a job's rights."""
    keys = list(queries.old_answers(before).values_list("pk", flat=True)[:limit])
    return int(Item.objects.filter(pk__in=keys).update(answer=None))
