"""One-time codes by SMS: sending, using, signing in with them."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts import queries
from linli.foundation.accounts.actions.doors import at_door, count_try, lock_on, note_refusal, say
from linli.foundation.accounts.engine import CODE_SENDERS
from linli.foundation.accounts.models import SignInCode, User, UserKind
from linli.foundation.accounts.types import SignIn, Step
from linli.foundation.actions.actions import action
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor
from linli.lib.contact import parse_mobile
from linli.lib.errors import Conflict, Invalid, LinliError, Refused, TooMany, Unavailable
from linli.lib.masking import mask_phone

CODE_MINUTES = 5
CODE_TRIES = 5
PER_PHONE_WAIT_S = 60
PER_PHONE_A_DAY = 10
PER_ADDRESS_AN_HOUR = 30
TAIL_TRIES = 3


def request_code(actor: Actor, *, phone: str, purpose: str = "sign_in") -> str:
    """Send a code of six digits that is good for five minutes; the normalised number is returned.

    Says nothing of whether the number has an account. Errors: MOBILE_FORMAT, CODE_WAIT (429, with the seconds), CODE_NO_SENDER.
    """
    return _send_code(at_door(actor), phone=phone, purpose=purpose)


@action("accounts.sign_in", audit="accounts.code_sent")
def _send_code(actor: Actor, *, phone: str, purpose: str) -> str:
    number = parse_mobile(phone, field="phone").number
    index = queries.phone_index(number)
    lock_on(f"code:{index.hex()}")
    now = timezone.now()
    _check_pace(index, actor.address, now)
    if not CODE_SENDERS:
        raise Unavailable("CODE_NO_SENDER", gettext_noop("Text messages cannot be sent right now."), field="phone")
    code = f"{secrets.randbelow(1_000_000):06d}"
    SignInCode.objects.create(
        phone_index=index,
        purpose=purpose,
        digest=_digest(number, purpose, code),
        sent_at=now,
        expires_at=now + timedelta(minutes=CODE_MINUTES),
        address=actor.address,
    )
    say(phone=mask_phone(number), purpose=purpose)
    for sender in CODE_SENDERS.values():
        sender(actor, number, code, purpose)
    return number


def _check_pace(index: bytes, address: str, now: datetime) -> None:
    """One a minute and ten a day to a phone, thirty an hour from an address."""
    mine = SignInCode.objects.filter(phone_index=index)
    last = mine.order_by("-sent_at").values_list("sent_at", flat=True).first()
    if last is not None and (wait := PER_PHONE_WAIT_S - (now - last).total_seconds()) > 0:
        raise _wait(int(wait) + 1)
    day = mine.filter(sent_at__gt=now - timedelta(days=1)).order_by("sent_at")
    if day.count() >= PER_PHONE_A_DAY and (oldest := day.values_list("sent_at", flat=True).first()):
        raise _wait(int((oldest + timedelta(days=1) - now).total_seconds()) + 1)
    hour = SignInCode.objects.filter(address=address, sent_at__gt=now - timedelta(hours=1)).order_by("sent_at")
    if address and hour.count() >= PER_ADDRESS_AN_HOUR and (oldest := hour.values_list("sent_at", flat=True).first()):
        raise _wait(int((oldest + timedelta(hours=1) - now).total_seconds()) + 1)


def _wait(seconds: int) -> TooMany:
    return TooMany(
        "CODE_WAIT",
        gettext_noop("Too many codes were asked for. The next one can be sent in %(seconds)s seconds."),
        field="phone",
        hint=gettext_noop("A code that has arrived stays good for five minutes."),
        data={"seconds": seconds},
    )


def _digest(number: str, purpose: str, code: str) -> bytes:
    return blind_index(f"{number}|{purpose}|{code}", "sign-in-code")


def use_code(number: str, purpose: str, code: str) -> LinliError | None:
    """Use the newest code of a phone, inside an action; what is wrong with it, or None. Of two at once, one waits for the row and loses."""
    row = SignInCode.objects.select_for_update().filter(phone_index=queries.phone_index(number), purpose=purpose).order_by("-id").first()
    if row is None or row.used_at or row.expires_at <= timezone.now():
        return Invalid("CODE_EXPIRED", gettext_noop("This code is no longer good."), field="code", hint=gettext_noop("Ask for a new one."))
    if row.tries >= CODE_TRIES:
        return Invalid("CODE_TRIES", gettext_noop("The code was wrong five times."), field="code", hint=gettext_noop("Ask for a new one."))
    row.tries += 1
    right = hmac.compare_digest(bytes(row.digest), _digest(number, purpose, "".join(code.split())))
    row.used_at = timezone.now() if right else None
    row.save(update_fields=["tries", "used_at"])
    if right:
        return None
    return Invalid(
        "CODE_WRONG",
        gettext_noop("The code is wrong. You can try %(left)s more times."),
        field="code",
        hint=gettext_noop("Use the newest message."),
        data={"left": CODE_TRIES - row.tries},
    )


def sign_in_with_code(actor: Actor, *, phone: str, code: str) -> SignIn:
    """Open (or on first use make) a citizen's account. A problem is in the result: the count of tries must not be rolled back."""
    return _sign_in_with_code(at_door(actor), phone=phone, code=code)


@action("accounts.sign_in", audit="accounts.code_used")
def _sign_in_with_code(actor: Actor, *, phone: str, code: str) -> SignIn:
    number = parse_mobile(phone, field="phone").number
    problem = use_code(number, "sign_in", code)
    if problem is None:
        user = User.objects.select_for_update().filter(phone_index=queries.phone_index(number)).first()
        problem = _closed_to_codes(user)
        if problem is None:
            return _open(user, number)
    note_refusal(actor, "accounts.sign_in_refused", problem.code, phone=mask_phone(number))
    say(result=problem.code)
    return SignIn(problem=problem)


def _open(user: User | None, number: str) -> SignIn:
    if user is None:
        user = new_citizen(number)
        say(result="new_account")
    elif user.assurance > 0 and queries.long_unused(user):
        say(result="asked_for_id_tail", subject_type="accounts.user", subject_id=str(user.id))
        return SignIn(user.id, Step.ID_TAIL)
    else:
        _seen(user)
        say(result="signed_in", subject_type="accounts.user", subject_id=str(user.id))
    return SignIn(user.id)


def _closed_to_codes(user: User | None) -> LinliError | None:
    """A staff account never opens to an SMS alone, and a closed one to nobody."""
    if user is not None and user.kind != UserKind.CITIZEN:
        return Refused(
            "CODE_NOT_FOR_STAFF",
            gettext_noop("This number belongs to a staff account."),
            field="phone",
            hint=gettext_noop("Sign in at the workbench."),
        )
    if user is not None and not user.is_active:
        return Refused(
            "ACCOUNT_CLOSED",
            gettext_noop("This account is closed."),
            field="phone",
            hint=gettext_noop("Ask at a community service counter."),
        )
    return None


def new_citizen(number: str) -> User:
    """An account that knows a phone and nothing else (L0)."""
    user = User(
        name=mask_phone(number), kind=UserKind.CITIZEN, phone=number, phone_index=queries.phone_index(number), last_seen=timezone.now()
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def confirm_holder(actor: Actor, *, user_id: UUID, phone: str, id_tail: str) -> SignIn:
    """Let in the one whose ID number ends so, after a right code to a phone long unused. Three tries; then only a new account is left."""
    return _confirm_holder(at_door(actor), user_id=user_id, phone=phone, id_tail=id_tail)


@action("accounts.sign_in", audit="accounts.holder_confirmed")
def _confirm_holder(actor: Actor, *, user_id: UUID, phone: str, id_tail: str) -> SignIn:
    user = _holder(user_id, phone)
    if queries.attempts("id_tail", user.id, since=timezone.now() - timedelta(days=1)) >= TAIL_TRIES:
        problem: LinliError = TooMany(
            "ID_TAIL_TRIES",
            gettext_noop("The last four characters were wrong three times."),
            field="id_tail",
            hint=gettext_noop("Start with a new account; at a counter you can be matched again."),
        )
    else:
        count_try("id_tail", user.id)
        digest = queries.id_tail_digest(user.id, id_tail.strip())
        if user.id_tail is not None and len(id_tail.strip()) == 4 and hmac.compare_digest(bytes(user.id_tail), digest):
            _seen(user)
            return SignIn(user.id)
        problem = Invalid("ID_TAIL_WRONG", gettext_noop("These are not the last four characters of the ID number."), field="id_tail")
    note_refusal(actor, "accounts.sign_in_refused", problem.code, user_id=user.id)
    return SignIn(problem=problem)


def take_over_phone(actor: Actor, *, user_id: UUID, phone: str) -> SignIn:
    """A new holder of a number: the old account loses the phone, a new one at L0 begins. Nothing of the old account is shown."""
    return _take_over_phone(at_door(actor), user_id=user_id, phone=phone)


@action("accounts.sign_in", audit="accounts.phone_taken_over")
def _take_over_phone(actor: Actor, *, user_id: UUID, phone: str) -> SignIn:
    release_phone(_holder(user_id, phone))
    return SignIn(new_citizen(parse_mobile(phone).number).id)


def _holder(user_id: UUID, phone: str) -> User:
    index = queries.phone_index(parse_mobile(phone).number)
    user = User.objects.select_for_update().filter(pk=user_id, phone_index=index, kind=UserKind.CITIZEN, is_active=True).first()
    if user is None or not queries.long_unused(user):
        raise Conflict("SIGN_IN_AGAIN", gettext_noop("This sign-in is over."), hint=gettext_noop("Start again with a new code."))
    return user


def release_phone(user: User) -> None:
    """Take the phone from an account and end its sessions; it can be reached at a counter only."""
    user.phone, user.phone_index = "", None
    user.set_unusable_password()  # what a session is tied to
    user.save(update_fields=["phone", "phone_index", "password"])


def _seen(user: User) -> None:
    user.last_seen = timezone.now()
    user.save(update_fields=["last_seen"])
