"""Staff passwords: signing in, locking, changing."""

from __future__ import annotations

import functools
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts import policy, queries
from linli.foundation.accounts.actions.doors import at_door, count_try, count_try_afterwards, note_refusal, own, say
from linli.foundation.accounts.actions.notices import tell
from linli.foundation.accounts.models import PasswordUsed, User, UserKind
from linli.foundation.accounts.types import Notice, SignIn, Step
from linli.foundation.actions.actions import action, require
from linli.foundation.types import Actor
from linli.lib.errors import Invalid, LinliError, NotFound, TooMany

PER_ADDRESS = 50
PER_ADDRESS_MINUTES = 30
REMEMBERED = 5
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def sign_in_with_password(actor: Actor, *, username: str, password: str) -> SignIn:
    """Check a staff password. One message for unknown, wrong, closed and locked: the answer names no account.

    The problem, if any, is in the result: the count of failures must not be rolled back. `SIGN_IN_WRONG`, or `SIGN_IN_WAIT` for an address
    that tried fifty times in half an hour.
    """
    return _sign_in_with_password(at_door(actor), username=username, password=password)


@action("accounts.sign_in", audit="accounts.password_checked")
def _sign_in_with_password(actor: Actor, *, username: str, password: str) -> SignIn:
    now = timezone.now()
    if actor.address and queries.attempts("password", actor.address, since=now - timedelta(minutes=PER_ADDRESS_MINUTES)) >= PER_ADDRESS:
        return _refused(
            actor,
            None,
            TooMany(
                "SIGN_IN_WAIT",
                gettext_noop("Too many tries from this place. Wait %(minutes)s minutes."),
                data={"minutes": PER_ADDRESS_MINUTES},
            ),
        )
    user = (
        User.objects.select_for_update().filter(username=username.strip()[:40], kind=UserKind.STAFF).first()
        if "\x00" not in username
        else None
    )
    # An unknown name costs as much time as a known one.
    right = check_password(password, user.password if user else _nobody())
    if user is not None and right and user.is_active and not (user.locked_until and user.locked_until > now):
        second = queries.has_second_factor(user.id)
        if not second:  # with one, only both together make good
            forgive(user)
        say(result="second_factor" if second else "signed_in", subject_type="accounts.user", subject_id=str(user.id))
        return SignIn(user.id, Step.SECOND_FACTOR if second else Step.DONE)
    if actor.address:
        count_try("password", actor.address)
    if user is not None and not right:
        count_failure(actor, user)
    return _refused(
        actor,
        user,
        Invalid(
            "SIGN_IN_WRONG",
            gettext_noop("User name or password is wrong, or the account is locked."),
            hint=gettext_noop("After five failures an account is locked for half an hour. Your administrator can give you a new password."),
        ),
    )


@functools.cache
def _nobody() -> str:
    """A hash that no password fits."""
    return make_password(secrets.token_urlsafe(24))


def _refused(actor: Actor, user: User | None, problem: LinliError) -> SignIn:
    say(result=problem.code)
    note_refusal(actor, "accounts.sign_in_refused", problem.code, user_id=user.id if user else "")
    return SignIn(problem=problem)


def count_failure(actor: Actor, user: User) -> None:
    """One more failure; the fifth locks the account for half an hour. A failure while locked changes nothing: locks don't stretch."""
    now = timezone.now()
    if user.locked_until and user.locked_until > now:
        return
    user.failed_sign_ins += 1
    if user.failed_sign_ins >= settings.ACCOUNT_LOCK_AFTER:
        user.failed_sign_ins, user.locked_until = 0, now + timedelta(minutes=settings.ACCOUNT_LOCK_MINUTES)
        note_refusal(actor, "accounts.locked", "FAILURES", user_id=user.id)
        locked = Notice(
            "accounts.locked", {"minutes": settings.ACCOUNT_LOCK_MINUTES}, to_user=user.pk, dedupe=f"locked:{user.pk}:{now:%Y%m%d%H%M}"
        )
        tell(actor, locked)
    user.save(update_fields=["failed_sign_ins", "locked_until"])


def forgive(user: User) -> None:
    """A full sign-in: earlier failures are forgotten."""
    user.failed_sign_ins, user.locked_until, user.last_seen = 0, None, timezone.now()
    user.save(update_fields=["failed_sign_ins", "locked_until", "last_seen"])


def set_password(actor: Actor, *, old: str, new: str) -> User:
    """Change the own password. Errors: PASSWORD_OLD_WRONG, PASSWORD_WEAK (with the reasons), PASSWORD_REUSED, PASSWORD_TRIES."""
    return _set_password(own(actor), old=old, new=new)


@action("accounts.own", audit="accounts.password_changed")
def _set_password(actor: Actor, *, old: str, new: str) -> User:
    user = User.objects.select_for_update().get(pk=queries.own_account(actor).pk)
    if (
        queries.attempts("old_password", user.id, since=timezone.now() - timedelta(minutes=PER_ADDRESS_MINUTES))
        >= settings.ACCOUNT_LOCK_AFTER
    ):
        raise TooMany("PASSWORD_TRIES", gettext_noop("The present password was wrong too often. Wait half an hour."), field="old")
    if not check_password(old, user.password):
        count_try_afterwards("old_password", user.id)
        raise Invalid("PASSWORD_OLD_WRONG", gettext_noop("The present password is wrong."), field="old")
    _check_new(user, new)
    _remember(user)
    user.set_password(new)
    user.must_change_password, user.password_changed_at = False, timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    return user


def _check_new(user: User, new: str) -> None:
    """Ten characters of three kinds, not common, not like the name, none of the last five."""
    kinds = sum(
        (any(c.islower() for c in new), any(c.isupper() for c in new), any(c.isdigit() for c in new), any(not c.isalnum() for c in new))
    )
    if kinds < 3:
        raise Invalid(
            "PASSWORD_WEAK",
            gettext_noop("A password has at least three of: small letters, capital letters, digits, other signs."),
            field="new",
        )
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Invalid("PASSWORD_WEAK", " ".join(error.messages), field="new") from error
    used = [user.password, *user.passwords_used.order_by("-at").values_list("password", flat=True)[: REMEMBERED - 1]]
    if any(check_password(new, hashed) for hashed in used):
        raise Invalid("PASSWORD_REUSED", gettext_noop("This is one of your last five passwords. Choose another."), field="new")


def _remember(user: User) -> None:
    PasswordUsed.objects.create(user=user, password=user.password, at=timezone.now())
    keep = list(user.passwords_used.order_by("-at", "-id").values_list("pk", flat=True)[:REMEMBERED])
    user.passwords_used.exclude(pk__in=keep).delete()


def first_password() -> str:
    """Twelve characters of three kinds without those that look alike, to be typed once."""
    return (
        "".join(secrets.choice(_ALPHABET) for _ in range(11))
        + secrets.choice("23456789")
        + secrets.choice("abcdefgh")
        + secrets.choice("ABCDEFGH")
    )


@action("admin.accounts", audit="accounts.password_reset")
def reset_password(actor: Actor, *, user_id: UUID) -> str:
    """A first password for somebody who forgot theirs, shown once; it must be changed at the next sign-in. The second factor stays."""
    user = User.objects.select_for_update().filter(pk=user_id, kind=UserKind.STAFF).first()
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    require(policy.can_administer(actor, user), gettext_noop("Nobody resets the own password this way."), code="OWN_ACCOUNT")
    password = first_password()
    _remember(user)
    user.set_password(password)
    user.must_change_password, user.failed_sign_ins, user.locked_until = True, 0, None
    user.save(update_fields=["password", "must_change_password", "failed_sign_ins", "locked_until"])
    return password


@action("admin.accounts", audit="accounts.lock_lifted")
def unlock(actor: Actor, *, user_id: UUID) -> User:
    """Lift the lock of somebody whose password was tried wrongly five times; the password stays. Errors: ACCOUNT_UNKNOWN, OWN_ACCOUNT."""
    user = User.objects.select_for_update().filter(pk=user_id, kind=UserKind.STAFF).first()
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    require(policy.can_administer(actor, user), gettext_noop("Nobody unlocks the own account."), code="OWN_ACCOUNT")
    user.failed_sign_ins, user.locked_until = 0, None
    user.save(update_fields=["failed_sign_ins", "locked_until"])
    return user
