"""How surely we know who signs in: matching to a person, the counter, a changed phone."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts import queries
from linli.foundation.accounts.actions.codes import use_code
from linli.foundation.accounts.actions.doors import count_try, lock_on, note_refusal, own, say
from linli.foundation.accounts.actions.notices import tell
from linli.foundation.accounts.engine import VERIFIERS
from linli.foundation.accounts.models import Assurance, User, UserKind
from linli.foundation.accounts.types import Notice, Verified
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor
from linli.lib.contact import parse_mobile
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused, TooMany, Unavailable
from linli.lib.idcard import parse_id_number
from linli.lib.masking import mask_phone
from linli.lib.names import parse_person_name


def verify_person(actor: Actor, *, name: str, id_number: str) -> Verified:
    """Match the own account to one person of the register (L1). Five tries a day; a number that cannot be one costs no try.

    Raises `Invalid` for malformed input. Other problems are in the result, because the count of tries must not be rolled back:
    PERSON_NOT_MATCHED, PERSON_TRIES, PERSON_TAKEN.
    """
    return _verify_person(own(actor), name=name, id_number=id_number)


@action("accounts.own", audit="accounts.person_verified")
def _verify_person(actor: Actor, *, name: str, id_number: str) -> Verified:
    name = parse_person_name(name)
    number = parse_id_number(id_number, today=timezone.localdate()).number
    user = User.objects.select_for_update().get(pk=queries.own_account(actor).pk)
    if user.kind != UserKind.CITIZEN:
        raise Refused("CITIZENS_ONLY", gettext_noop("Only a resident's account is matched to a person."))
    left = queries.verify_tries_left(actor)
    if left <= 0:
        return _unmatched(
            actor,
            user,
            0,
            TooMany(
                "PERSON_TRIES",
                gettext_noop("The five tries of today are used up."),
                hint=gettext_noop("Try again tomorrow, or go to a community service counter with your identity card."),
            ),
        )
    count_try("verify", user.id)
    problem = _match_account(user, name, number)
    if problem is not None:
        return _unmatched(actor, user, left - 1, problem)
    return Verified(user.person_id, tries_left=left - 1)


def _match_account(user: User, name: str, number: str) -> LinliError | None:
    """Link the account to the person of this name and number, or say why not."""
    person_id = match_person(name, number)
    if person_id is None:
        return Invalid(
            "PERSON_NOT_MATCHED",
            gettext_noop("Name and identity number do not belong together in our register."),
            field="id_number",
            hint=gettext_noop("Compare both with the card. If they are right, a community service counter can register you."),
        )
    lock_on(f"person:{person_id}")
    if _others(person_id, user).exclude(phone_index=None).exists():
        return Conflict(
            "PERSON_TAKEN",
            gettext_noop("This person has another account already."),
            field="id_number",
            hint=gettext_noop("Sign in with the other phone, or go to a counter with your identity card."),
        )
    seen_before = user.person_id == person_id and user.assurance == Assurance.SEEN
    _attach(user, person_id, name, number, Assurance.SEEN if seen_before else Assurance.MATCHED)
    return None


def match_person(name: str, number: str) -> UUID | None:
    """The person a name and a valid ID number belong to, from the first verifier that knows. NO_VERIFIER when nobody can tell."""
    if not VERIFIERS:
        raise Unavailable("NO_VERIFIER", gettext_noop("Identities cannot be checked right now."))
    return next((found for verify in VERIFIERS.values() if (found := verify(name, number)) is not None), None)


def _others(person_id: UUID, user: User) -> QuerySet[User]:
    return User.objects.filter(person_id=person_id, kind=UserKind.CITIZEN, is_active=True, assurance__gte=Assurance.MATCHED).exclude(
        pk=user.pk
    )


def _attach(user: User, person_id: UUID, name: str, number: str, assurance: int) -> None:
    """Link account and person. Accounts of the same person without a phone can no longer be entered; they let go of the person."""
    for other in _others(person_id, user):
        _let_go(other)
    user.person_id, user.name, user.assurance = person_id, name, assurance
    user.id_tail = queries.id_tail_digest(user.id, number)
    user.save(update_fields=["person_id", "name", "assurance", "id_tail"])


def _let_go(user: User) -> None:
    user.person_id, user.assurance, user.id_tail = None, Assurance.PHONE, None
    user.save(update_fields=["person_id", "assurance", "id_tail"])


def _unmatched(actor: Actor, user: User, left: int, problem: LinliError) -> Verified:
    say(result=problem.code)
    note_refusal(actor, "accounts.person_not_verified", problem.code, user_id=user.id)
    return Verified(problem=problem, tries_left=left)


@action("accounts.raise", audit="accounts.person_seen")
def raise_to_seen(actor: Actor, *, user_id: UUID, name: str, id_number: str) -> User:
    """A clerk has the person and the card at the counter (L2). Another account of the same person lets go of it: the card decides.

    Errors: ACCOUNT_UNKNOWN, PERSON_NOT_MATCHED, OWN_ACCOUNT and those of malformed input.
    """
    name = parse_person_name(name)
    number = parse_id_number(id_number, today=timezone.localdate()).number
    user = User.objects.select_for_update().filter(pk=user_id, kind=UserKind.CITIZEN, is_active=True).first()
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    person_id = match_person(name, number)
    if person_id is None:
        raise Invalid(
            "PERSON_NOT_MATCHED", gettext_noop("Name and identity number do not belong together in our register."), field="id_number"
        )
    lock_on(f"person:{person_id}")
    _attach(user, person_id, name, number, Assurance.SEEN)
    return user


def change_phone(actor: Actor, *, phone: str, code: str) -> LinliError | None:
    """Move the own account to another phone, proved by a code sent there (purpose "change_phone"). The account drops to L0.

    The problem is returned, because the count of wrong codes must not be rolled back: those of a code, PHONE_TAKEN.
    """
    return _change_phone(own(actor), phone=phone, code=code)


@action("accounts.own", audit="accounts.phone_changed")
def _change_phone(actor: Actor, *, phone: str, code: str) -> LinliError | None:
    number = parse_mobile(phone, field="phone").number
    user = User.objects.select_for_update().get(pk=queries.own_account(actor).pk)
    if user.kind != UserKind.CITIZEN:
        raise Refused("CITIZENS_ONLY", gettext_noop("A staff phone is changed by the administrator."))
    problem = use_code(number, "change_phone", code)
    index = queries.phone_index(number)
    if problem is None and User.objects.filter(phone_index=index).exclude(pk=user.pk).exists():
        problem = Conflict(
            "PHONE_TAKEN",
            gettext_noop("This number has an account of its own."),
            field="phone",
            hint=gettext_noop("Sign in with that number, or use another one."),
        )
    if problem is not None:
        say(result=problem.code)
        note_refusal(actor, "accounts.phone_not_changed", problem.code, user_id=user.id)
        return problem
    former = user.phone
    user.phone, user.phone_index, user.name = number, index, mask_phone(number)
    user.person_id, user.assurance, user.id_tail = None, Assurance.PHONE, None
    user.last_seen = timezone.now()  # the new number is in this hand today
    user.set_unusable_password()  # ends the sessions elsewhere
    user.save(update_fields=["phone", "phone_index", "name", "person_id", "assurance", "id_tail", "last_seen", "password"])
    # to the old telephone: its holder is the one who has to know when it was somebody else
    tell(actor, Notice("accounts.phone_changed", {"phone_tail": number[-4:]}, to_user=user.pk, phone=former))
    return None
