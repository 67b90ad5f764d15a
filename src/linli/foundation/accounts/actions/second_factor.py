"""The second factor of staff: setting it up, checking it, taking it away."""

from __future__ import annotations

import hmac
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.foundation.accounts import policy, queries
from linli.foundation.accounts.actions.doors import at_door, note_refusal, own, say
from linli.foundation.accounts.actions.passwords import count_failure, forgive
from linli.foundation.accounts.engine import matching_step, new_recovery_codes, new_secret, provisioning_uri
from linli.foundation.accounts.models import Passkey, SecondFactor, User, UserKind
from linli.foundation.accounts.types import SignIn
from linli.foundation.actions.actions import action, require
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, NotFound


def _wrong() -> Invalid:
    return Invalid(
        "SECOND_FACTOR_WRONG",
        gettext_noop("This code is wrong or was used already."),
        field="code",
        hint=gettext_noop("Wait for the next code of the app, or use a recovery code."),
    )


def start_second_factor(actor: Actor) -> tuple[str, str]:
    """A new secret, not yet in force: (secret for typing, address for the QR code). Conflict SECOND_FACTOR_SET when one is in force."""
    return _start(own(actor))


@action("accounts.own", audit="accounts.second_factor_started")
def _start(actor: Actor) -> tuple[str, str]:
    user = queries.own_account(actor)
    factor = SecondFactor.objects.select_for_update().filter(user=user).first() or SecondFactor(user=user)
    if factor.confirmed_at:
        raise Conflict("SECOND_FACTOR_SET", gettext_noop("A second factor is set already."))
    factor.secret = new_secret()
    factor.save()
    return factor.secret, provisioning_uri(factor.secret, user.username or user.name, gettext("Linli workbench"))


def confirm_second_factor(actor: Actor, *, code: str) -> list[str]:
    """Put the secret in force when the app shows the right code; the recovery codes, shown once."""
    return _confirm(own(actor), code=code)


@action("accounts.own", audit="accounts.second_factor_set")
def _confirm(actor: Actor, *, code: str) -> list[str]:
    factor = SecondFactor.objects.select_for_update().filter(user=queries.own_account(actor), confirmed_at=None).first()
    if factor is None:
        raise Conflict("SECOND_FACTOR_SET", gettext_noop("There is no second factor to confirm."), hint=gettext_noop("Start again."))
    step = matching_step(factor.secret, code, timezone.now().timestamp())
    if step is None:
        raise _wrong()
    codes = new_recovery_codes()
    factor.confirmed_at, factor.last_step = timezone.now(), step
    factor.recovery = [_recovery_digest(factor.user_id, word) for word in codes]
    factor.save()
    return codes


def _recovery_digest(user_id: UUID, code: str) -> str:
    plain = "".join(c for c in code.casefold() if c.isalnum())
    return blind_index(f"{user_id}:{plain}", "recovery-code").hex()


def recovery_for(user: User) -> list[str]:
    """Recovery codes for whoever had none, inside an action; empty when there are some already."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first() or SecondFactor(user=user, secret=new_secret())
    if factor.recovery or factor.confirmed_at:
        return []
    codes = new_recovery_codes()
    factor.recovery = [_recovery_digest(user.pk, word) for word in codes]
    factor.save()
    return codes


def check_second_factor(actor: Actor, *, user_id: UUID, code: str) -> SignIn:
    """The second step of a staff sign-in, with the app's code or a recovery code; each works once. Failures count towards the lock."""
    return _check(at_door(actor), user_id=user_id, code=code)


@action("accounts.sign_in", audit="accounts.second_factor_checked")
def _check(actor: Actor, *, user_id: UUID, code: str) -> SignIn:
    user = User.objects.select_for_update().filter(pk=user_id, kind=UserKind.STAFF, is_active=True).first()
    if user is None or not queries.has_second_factor(user_id):
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    factor = SecondFactor.objects.select_for_update().filter(user_id=user_id).first()  # none: only passkeys, and no recovery codes
    locked = user.locked_until is not None and user.locked_until > timezone.now()
    if not locked and factor is not None and _accepts(factor, code):
        forgive(user)
        say(result="signed_in", subject_type="accounts.user", subject_id=str(user.id))
        return SignIn(user.id)
    count_failure(actor, user)
    problem = _wrong()
    say(result=problem.code)
    note_refusal(actor, "accounts.sign_in_refused", problem.code, user_id=user.id)
    return SignIn(problem=problem)


def _accepts(factor: SecondFactor, code: str) -> bool:
    step = matching_step(factor.secret, code, timezone.now().timestamp()) if factor.confirmed_at else None
    if step is not None and step > factor.last_step:
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return True
    given = _recovery_digest(factor.user_id, code)
    left = [word for word in factor.recovery if not hmac.compare_digest(word, given)]
    if len(left) == len(factor.recovery):
        return False
    factor.recovery = left
    factor.save(update_fields=["recovery"])
    return True


@action("admin.accounts", audit="accounts.second_factor_removed")
def remove_second_factor(actor: Actor, *, user_id: UUID) -> None:
    """For somebody who lost the telephone and the recovery codes; another administrator does it. Passkeys go too: one may be on that telephone."""
    user = User.objects.filter(pk=user_id).first()
    rows = [*SecondFactor.objects.filter(user_id=user_id), *Passkey.objects.filter(user_id=user_id)]
    if user is None or not rows:
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    require(policy.can_administer(actor, user), gettext_noop("Nobody removes the own second factor."), code="OWN_ACCOUNT")
    for row in rows:
        row.delete()
