"""Passkeys of an account: inviting a device, adding what it answers, removing it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.foundation.accounts import queries
from linli.foundation.accounts.actions.doors import lock_on, note_refusal, own, say
from linli.foundation.accounts.actions.notices import tell
from linli.foundation.accounts.actions.second_factor import recovery_for
from linli.foundation.accounts.engine import BadPasskeyError, invitation, read_new, site_of
from linli.foundation.accounts.engine.passkeys import CHALLENGE_BYTES, NewCredential
from linli.foundation.accounts.models import Passkey, PasskeyChallenge, SecondFactor, User, UserKind
from linli.foundation.accounts.types import AddedPasskey, Notice
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, TooMany
from linli.lib.masking import mask_phone

CHALLENGE_MINUTES = 5
FRESH_MINUTES = 15
"""So long after signing in a passkey can be added: an open screen nobody sits at must not become a key to the house."""
MOST = 10
INVITATIONS_AN_HOUR = 30


def make_challenge(actor: Actor, *, purpose: str, user_id: UUID | None = None) -> PasskeyChallenge:
    """A new challenge, inside an action. Its number goes into the session and nowhere else."""
    now = timezone.now()
    row = PasskeyChallenge(
        purpose=purpose,
        user_id=user_id,
        challenge=secrets.token_bytes(CHALLENGE_BYTES),
        made_at=now,
        expires_at=now + timedelta(minutes=CHALLENGE_MINUTES),
        address=actor.address,
    )
    row.save(force_insert=True)
    return row


def use_challenge(challenge_id: UUID | None, purpose: str, user_id: UUID | None = None) -> bytes | LinliError:
    """Use up a challenge, inside an action; of two answers to the same one, the later waits for the row and is refused."""
    row = PasskeyChallenge.objects.select_for_update().filter(pk=challenge_id).first() if challenge_id else None
    if row is None or row.purpose != purpose or row.user_id != user_id or row.used_at or row.expires_at <= timezone.now():
        return Invalid(
            "PASSKEY_EXPIRED",
            gettext_noop("This took too long, or the page was used already."),
            hint=gettext_noop("Try again from the beginning."),
        )
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    return bytes(row.challenge)


def invite_passkey(actor: Actor, *, signed_in_at: datetime | None) -> tuple[UUID, dict[str, Any]]:
    """Options for the browser to make a passkey of the own account: (number of the challenge, options).

    Errors: PASSKEY_SIGN_IN_AGAIN (the sign-in is older than fifteen minutes), PASSKEY_MOST, PASSKEY_WAIT.
    """
    return _invite(own(actor), signed_in_at=signed_in_at)


@action("accounts.own", audit="accounts.passkey_asked")
def _invite(actor: Actor, *, signed_in_at: datetime | None) -> tuple[UUID, dict[str, Any]]:
    user = queries.own_account(actor)
    _require_fresh(signed_in_at)
    _require_room(user)
    since = timezone.now() - timedelta(hours=1)
    if PasskeyChallenge.objects.filter(user=user, made_at__gt=since).count() >= INVITATIONS_AN_HOUR:
        raise TooMany("PASSKEY_WAIT", gettext_noop("Too many tries. Wait an hour."))
    row = make_challenge(actor, purpose="add", user_id=user.pk)
    options = invitation(
        site_of(settings.SITE_URL),
        challenge=bytes(row.challenge),
        site_name=gettext("Linli workbench") if user.kind == UserKind.STAFF else gettext("Linli community services"),
        user_handle=user.pk.bytes,
        user_name=user.username or mask_phone(user.phone),
        display_name=user.name,
        known=queries.passkeys_known(user.pk),
    )
    return row.pk, options


def _require_fresh(signed_in_at: datetime | None) -> None:
    if signed_in_at is None or timezone.now() - signed_in_at > timedelta(minutes=FRESH_MINUTES):
        raise Conflict(
            "PASSKEY_SIGN_IN_AGAIN",
            gettext_noop("You signed in more than fifteen minutes ago."),
            hint=gettext_noop("Sign out, sign in again and then add the passkey, so that nobody else can do it at your open screen."),
        )


def _require_room(user: User) -> None:
    if user.passkeys.count() >= MOST:
        raise Conflict("PASSKEY_MOST", gettext_noop("An account has at most ten passkeys."), hint=gettext_noop("Remove one first."))


def add_passkey(actor: Actor, *, challenge_id: UUID | None, answer: str, name: str) -> AddedPasskey:
    """Keep what a device answered to `invite_passkey`. It says who somebody is and never how surely: assurance stays what it was.

    Problems (returned): PASSKEY_NAME, PASSKEY_EXPIRED, PASSKEY_WRONG, PASSKEY_KNOWN, PASSKEY_MOST.
    """
    return _add(own(actor), challenge_id=challenge_id, answer=answer, name=name)


@action("accounts.own", audit="accounts.passkey_added")
def _add(actor: Actor, *, challenge_id: UUID | None, answer: str, name: str) -> AddedPasskey:
    user = User.objects.select_for_update().get(pk=queries.own_account(actor).pk)
    challenge = use_challenge(challenge_id, "add", user.pk)
    if isinstance(challenge, LinliError):
        return _not_added(actor, user, challenge)
    name = " ".join(name.split())[:60]
    if not name:
        return _not_added(actor, user, Invalid("PASSKEY_NAME", gettext_noop("Give the passkey a name."), field="name"))
    try:
        made = read_new(site_of(settings.SITE_URL), answer, challenge)
    except BadPasskeyError as error:
        problem = Invalid("PASSKEY_WRONG", gettext_noop("The device's answer does not fit this page."), hint=gettext_noop("Try again."))
        return _not_added(actor, user, problem, detail=str(error))
    lock_on(f"passkey:{made.credential_id.hex()}")
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        return _not_added(actor, user, Conflict("PASSKEY_KNOWN", gettext_noop("This passkey is in use already.")))
    try:
        _require_room(user)
    except Conflict as error:
        return _not_added(actor, user, error)
    return AddedPasskey(tuple(_keep(actor, user, made, name)))


def _keep(actor: Actor, user: User, made: NewCredential, name: str) -> list[str]:
    """The row, recovery codes for staff who had none, and a notice to the owner."""
    passkey = Passkey(
        user=user,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=list(made.transports),
        name=name,
        added_at=timezone.now(),
    )
    passkey.save(force_insert=True)
    tell(actor, Notice("accounts.passkey_added", to_user=user.pk, dedupe=f"passkey:{passkey.pk}"))
    return recovery_for(user) if user.kind == UserKind.STAFF else []


def _not_added(actor: Actor, user: User, problem: LinliError, **notes: Any) -> AddedPasskey:
    say(result=problem.code, **notes)
    note_refusal(actor, "accounts.passkey_refused", problem.code, user_id=user.pk, **notes)
    return AddedPasskey(problem=problem)


def remove_passkey(actor: Actor, *, passkey_id: UUID) -> None:
    """Remove a passkey of the own account; `NotFound` PASSKEY_UNKNOWN for anybody else's. With the last second factor its recovery codes go."""
    _remove(own(actor), passkey_id=passkey_id)


@action("accounts.own", audit="accounts.passkey_removed")
def _remove(actor: Actor, *, passkey_id: UUID) -> None:
    user = User.objects.select_for_update().get(pk=queries.own_account(actor).pk)
    passkey = Passkey.objects.filter(pk=passkey_id, user=user).first()
    if passkey is None:
        raise NotFound("PASSKEY_UNKNOWN", gettext_noop("There is no such passkey."))
    say(name=passkey.name)
    passkey.delete()
    if not user.passkeys.exists():
        for factor in SecondFactor.objects.filter(user=user, confirmed_at=None):
            factor.delete()
