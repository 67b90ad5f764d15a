"""Reading accounts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from linli.foundation.accounts import policy
from linli.foundation.accounts.engine import PEOPLE, ROLES
from linli.foundation.accounts.models import Attempt, Mandate, PostHolding, SecondFactor, User, UserKind
from linli.foundation.accounts.types import KnownPerson
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor
from linli.lib.errors import NotFound


class SessionBackend(BaseBackend):
    """Loads the account of a session. Checking a password or code is `accounts.actions`, so that failures are counted and on the trail."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def phone_index(number: str) -> bytes:
    """How an account is found by its phone."""
    return blind_index(number, "phone")


def id_tail_digest(user_id: UUID, id_number: str) -> bytes:
    """The last four of an ID number, tied to one account; useless without the key."""
    return blind_index(f"{user_id}:{id_number[-4:].upper()}", "id-tail")


def own_account(actor: Actor) -> User:
    """The account that is signed in; `NotFound` when none is."""
    user = User.objects.filter(pk=actor.user_id, is_active=True).first() if actor.user_id else None
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", "There is no such account.")
    return user


def citizen_by_phone(actor: Actor, number: str) -> User | None:
    """A citizen's account, for a clerk at a counter who holds `accounts.raise`."""
    if not actor.may("accounts.raise"):
        return None
    return User.objects.filter(phone_index=phone_index(number), kind=UserKind.CITIZEN, is_active=True).first()


def has_second_factor(user_id: UUID) -> bool:
    return SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()


def attempts(kind: str, key: object, *, since: datetime) -> int:
    """How often something was tried; counted in the database, so across processes."""
    return Attempt.objects.filter(kind=kind, key=str(key), at__gte=since).count()


def verify_tries_left(actor: Actor) -> int:
    """Identity checks left until midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(0, int(settings.VERIFY_TRIES_A_DAY) - attempts("verify", actor.user_id, since=midnight))


def long_unused(user: User) -> bool:
    """Whether the phone may have a new holder by now (operators give numbers out again after months)."""
    last = max(at for at in (user.created_at, user.last_login, user.last_seen) if at is not None)
    return timezone.now() - last > timedelta(days=settings.PHONE_UNUSED_DAYS)


def known_person(person_id: UUID) -> KnownPerson | None:
    """A person as the register knows them, from the first source that does."""
    for source in PEOPLE.values():
        person = source(person_id)
        if person is not None:
            return person
    return None


def roles_known() -> dict[str, bool]:
    """Role code -> whether it is a business role."""
    return {code: business for source in ROLES.values() for code, business in source().items()}


def mandates_of(actor: Actor) -> tuple[list[Mandate], list[Mandate]]:
    """(given, received) of the signed-in person, newest first; those over are included, so that one sees what was."""
    if actor.party_id is None:
        return [], []
    rows = Mandate.objects.filter(policy.mandates.visible(actor)).order_by("-since", "-id")
    return list(rows.filter(grantor_id=actor.party_id)), list(rows.filter(grantee_id=actor.party_id))


def get_mandate(actor: Actor, pk: UUID, *, lock: bool = False) -> Mandate:
    """One mandate in the actor's sight; `NotFound` otherwise."""
    rows: QuerySet[Mandate] = Mandate.objects.filter(policy.mandates.visible(actor), pk=pk)
    mandate = (rows.select_for_update() if lock else rows).first()
    if mandate is None:
        raise NotFound("MANDATE_UNKNOWN", "There is no such mandate.")
    return mandate


def held(user_id: UUID, since: date, until: date) -> list[PostHolding]:
    """Posts held on any day of a span."""
    rows = PostHolding.objects.filter(Q(until=None) | Q(until__gte=since), user_id=user_id, since__lte=until)
    return list(rows.select_related("post__unit").order_by("since", "id"))


def posts_today(actor: Actor) -> list[PostHolding]:
    """The posts the signed-in member of staff holds today."""
    today = timezone.localdate()
    return held(actor.user_id, today, today) if actor.user_id else []
