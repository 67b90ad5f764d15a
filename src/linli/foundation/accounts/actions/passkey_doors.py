"""Signing in with a passkey: alone, or as the second step after a password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts import queries
from linli.foundation.accounts.actions.doors import at_door, count_try, note_refusal, say
from linli.foundation.accounts.actions.passkeys import make_challenge, use_challenge
from linli.foundation.accounts.actions.passwords import PER_ADDRESS, PER_ADDRESS_MINUTES, count_failure, forgive
from linli.foundation.accounts.engine import BadPasskeyError, credential_named, question, read_signed, site_of, went_back
from linli.foundation.accounts.models import Passkey, PasskeyChallenge, User, UserKind
from linli.foundation.accounts.types import SignIn
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor
from linli.lib.errors import Invalid, LinliError, TooMany

CHALLENGES_PER_ADDRESS = 300
"""In half an hour; an office of some hundred people behind one address signs in on a Monday morning."""
SIGN_IN, SECOND_FACTOR = "sign_in", "second_factor"


def _wait() -> TooMany:
    return TooMany(
        "SIGN_IN_WAIT",
        gettext_noop("Too many tries from this place. Wait %(minutes)s minutes."),
        data={"minutes": PER_ADDRESS_MINUTES},
    )


def _wrong(code: str = "PASSKEY_WRONG") -> Invalid:
    """One sentence for unknown, foreign, copied, closed and locked: the answer names no account."""
    return Invalid(
        code,
        gettext_noop("This passkey does not open an account here, or the account is locked."),
        hint=gettext_noop("Sign in another way and look at the passkeys of your account."),
    )


def ask_for_passkey(actor: Actor, *, user_id: UUID | None = None) -> tuple[UUID, dict[str, Any]]:
    """Options for the browser: (number of the challenge, options). ``user_id``: after the right password, the second step of that account.

    SIGN_IN_WAIT when an address asked three hundred times in half an hour.
    """
    return _ask(at_door(actor), user_id=user_id)


@action("accounts.sign_in", audit="accounts.passkey_challenge_made")
def _ask(actor: Actor, *, user_id: UUID | None) -> tuple[UUID, dict[str, Any]]:
    since = timezone.now() - timedelta(minutes=PER_ADDRESS_MINUTES)
    asked = PasskeyChallenge.objects.filter(address=actor.address, made_at__gt=since)
    if actor.address and asked.count() >= CHALLENGES_PER_ADDRESS:
        raise _wait()
    row = make_challenge(actor, purpose=SECOND_FACTOR if user_id else SIGN_IN, user_id=user_id)
    known = queries.passkeys_known(user_id) if user_id else []
    return row.pk, question(site_of(settings.SITE_URL), challenge=bytes(row.challenge), known=known)


def sign_in_with_passkey(actor: Actor, *, challenge_id: UUID | None, answer: str) -> SignIn:
    """A passkey alone opens its account: device and finger, face or PIN are two factors. Assurance stays what the account was proven to.

    The problem is in the result: PASSKEY_EXPIRED, PASSKEY_WRONG, PASSKEY_COPIED, SIGN_IN_WAIT.
    """
    return _sign_in(at_door(actor), challenge_id=challenge_id, answer=answer)


@action("accounts.sign_in", audit="accounts.passkey_checked")
def _sign_in(actor: Actor, *, challenge_id: UUID | None, answer: str) -> SignIn:
    since = timezone.now() - timedelta(minutes=PER_ADDRESS_MINUTES)
    if actor.address and queries.attempts("passkey", actor.address, since=since) >= PER_ADDRESS:
        return _refused(actor, None, _wait())
    challenge = use_challenge(challenge_id, SIGN_IN)
    if isinstance(challenge, LinliError):
        return _refused(actor, None, challenge)
    user, problem, detail = _holder(answer, challenge)
    if user is None or problem is not None:
        if actor.address:
            count_try("passkey", actor.address)
        return _refused(actor, user, problem or _wrong(), detail=detail)
    return _opened(user)


def _opened(user: User) -> SignIn:
    # A resident's `last_seen` is about the telephone (who holds the number by now); a passkey says nothing of it.
    if user.kind == UserKind.STAFF:
        forgive(user)
    say(result="signed_in", subject_type="accounts.user", subject_id=str(user.id))
    return SignIn(user.id)


def check_passkey_factor(actor: Actor, *, user_id: UUID, challenge_id: UUID | None, answer: str) -> SignIn:
    """The second step of a staff sign-in with a passkey of that account. Failures count towards the lock, as those of a code do."""
    return _check_factor(at_door(actor), user_id=user_id, challenge_id=challenge_id, answer=answer)


@action("accounts.sign_in", audit="accounts.passkey_factor_checked")
def _check_factor(actor: Actor, *, user_id: UUID, challenge_id: UUID | None, answer: str) -> SignIn:
    challenge = use_challenge(challenge_id, SECOND_FACTOR, user_id)
    if isinstance(challenge, LinliError):
        return _refused(actor, User.objects.filter(pk=user_id).first(), challenge)
    user, problem, detail = _holder(answer, challenge)
    if user is not None and problem is None and user.pk == user_id and user.kind == UserKind.STAFF:
        return _opened(user)
    named = User.objects.select_for_update().filter(pk=user_id, kind=UserKind.STAFF).first()
    if named is not None:
        count_failure(actor, named)
    return _refused(actor, named, problem or _wrong(), detail=detail)


def _holder(answer: str, challenge: bytes) -> tuple[User | None, LinliError | None, str]:
    """(whose passkey signed the challenge, what is wrong, why - for the trail). The account and then the passkey are locked."""
    try:
        credential_id, handle = credential_named(answer)
    except BadPasskeyError as error:
        return None, _wrong(), str(error)
    named = Passkey.objects.filter(credential_id=credential_id).values_list("user_id", flat=True).first()
    user = User.objects.select_for_update().filter(pk=named).first() if named else None
    passkey = Passkey.objects.select_for_update().filter(credential_id=credential_id, user=user).first() if user else None
    if user is None or passkey is None:
        return None, _wrong(), "unknown credential"
    if handle is not None and handle != user.pk.bytes:
        return user, _wrong(), "user handle of another account"
    try:
        count = read_signed(site_of(settings.SITE_URL), answer, challenge, bytes(passkey.public_key))
    except BadPasskeyError as error:
        return user, _wrong(), str(error)
    if went_back(passkey.sign_count, count):
        return user, _wrong("PASSKEY_COPIED"), f"sign count {count} after {passkey.sign_count}"
    if (closed := _closed(user)) is not None:
        return user, _wrong(), closed
    passkey.sign_count, passkey.last_used_at = count, timezone.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return user, None, ""


def _closed(user: User) -> str | None:
    """Why an account cannot be entered now; None when it can."""
    if not user.is_active:
        return "closed"
    if user.locked_until is not None and user.locked_until > timezone.now():
        return "locked"
    if user.kind == UserKind.CITIZEN and user.phone_index is None:
        return "without a telephone"  # somebody else has the number now; only a counter opens this account again
    return None


def _refused(actor: Actor, user: User | None, problem: LinliError, *, detail: str = "") -> SignIn:
    say(result=problem.code, detail=detail)
    note_refusal(actor, "accounts.sign_in_refused", problem.code, user_id=user.id if user else "", detail=detail)
    return SignIn(problem=problem)
