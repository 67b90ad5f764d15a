"""Reading accounts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from linli.foundation.accounts import policy
from linli.foundation.accounts.engine import PEOPLE, ROLES, KnownPasskey
from linli.foundation.accounts.models import Attempt, Mandate, Passkey, PostHolding, SecondFactor, User, UserKind
from linli.foundation.accounts.types import KnownPerson
from linli.foundation.scope.engine import blind_index
from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor
from linli.lib.errors import NotFound


@kept
def _session(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """Django's sessions in the database, read by a statement that is kept: every request reads one."""

    def _get_session_from_db(self) -> Session | None:
        row = _session.first(self.session_key, timezone.now()) if self.session_key else None
        if row is None:
            self._session_key = None
        return row


class SessionBackend(BaseBackend):
    """Loads the account of a session. Checking a password or code is `accounts.actions`, so that failures are counted and on the trail."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: Any) -> User | None:
        # the number is decrypted for the few pages that show it
        return _signed_in.first(UUID(str(user_id)))


@kept
def _signed_in(key: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=key, is_active=True).defer("phone")


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


def has_app(user_id: UUID) -> bool:
    """Whether an authenticator app is set up."""
    return SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()


def has_passkey(user_id: UUID) -> bool:
    return Passkey.objects.filter(user_id=user_id).exists()


def has_second_factor(user_id: UUID) -> bool:
    """Whether a password alone does not open the account: an authenticator app, or a passkey in its place."""
    return has_app(user_id) or has_passkey(user_id)


def passkeys_of(actor: Actor) -> list[Passkey]:
    """The passkeys of the account that is signed in, oldest first."""
    return list(own_account(actor).passkeys.order_by("added_at", "id"))


def passkeys_known(user_id: UUID) -> list[KnownPasskey]:
    """What a browser is told of an account's passkeys: their ids and how the device is reached."""
    rows = Passkey.objects.filter(user_id=user_id).order_by("added_at")
    return [KnownPasskey(bytes(row.credential_id), tuple(row.transports)) for row in rows]


def attempts(kind: str, key: object, *, since: datetime) -> int:
    """How often something was tried; counted in the database, so across processes."""
    return Attempt.objects.filter(kind=kind, key=str(key), at__gte=since).count()


def verify_tries_left(actor: Actor) -> int:
    """Identity checks left until midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(0, int(settings.VERIFY_TRIES_A_DAY) - attempts("verify", actor.user_id, since=midnight))


def long_unused(user: User) -> bool:
    """Whether the phone may have a new holder by now (operators give numbers out again after months)."""
    # `last_login` does not count: a passkey sets it too, and says nothing of the number.
    last = max(at for at in (user.created_at, user.last_seen) if at is not None)
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


def mandates_with_papers(actor: Actor, text: str = "") -> QuerySet[Mandate]:
    """Guardianships and legal representations in the actor's area, those in force first; narrowed by the beginning of either name."""
    rows = Mandate.objects.filter(policy.mandates.visible(actor), kind__in=policy.COUNTER_KINDS)
    if text:
        rows = rows.filter(Q(grantor_name__startswith=text) | Q(grantee_name__startswith=text))
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-until", "id")


def held(user_id: UUID, since: date, until: date) -> list[PostHolding]:
    """Posts held on any day of a span."""
    rows = PostHolding.objects.filter(Q(until=None) | Q(until__gte=since), user_id=user_id, since__lte=until)
    return list(rows.select_related("post__unit").order_by("since", "id"))


def posts_today(actor: Actor) -> list[PostHolding]:
    """The posts the signed-in member of staff holds today."""
    today = timezone.localdate()
    return held(actor.user_id, today, today) if actor.user_id else []


def at_work_within(lo: str, hi: str) -> int:
    """How many people hold a post today in the units of a subtree of regions."""
    today = timezone.localdate()
    held = PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today)
    return held.filter(post__unit__region_path__gte=lo, post__unit__region_path__lt=hi).values("user_id").distinct().count()
