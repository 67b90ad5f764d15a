"""How an account becomes an actor: roles give permissions, posts give ranges."""

from __future__ import annotations

import time
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from linli.foundation.access.models import Role
from linli.foundation.access.types import CITIZEN_PERMISSIONS, TRACKER_PERMISSIONS
from linli.foundation.accounts.models import Mandate, PostHolding, User, UserKind
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, Level, RegionRange, system_actor
from linli.lib.errors import NotFound

_ROLES: tuple[float, dict[str, Role]] = (0.0, {})
ROLE_CACHE_SECONDS = 10


def roles() -> dict[str, Role]:
    """All roles by code, remembered for a few seconds: every request asks."""
    global _ROLES
    if time.monotonic() - _ROLES[0] > ROLE_CACHE_SECONDS or not _ROLES[1]:
        _ROLES = (time.monotonic(), {role.code: role for role in Role.objects.all()})
    return _ROLES[1]


def holdings(user_id: UUID, on: date) -> list[PostHolding]:
    """Posts held on a day."""
    rows = PostHolding.objects.filter(Q(until=None) | Q(until__gte=on), user_id=user_id, since__lte=on)
    return list(rows.select_related("post__unit").order_by("since"))


def staff_actor(user: User, *, address: str = "", request_id: str = "") -> Actor:
    """Ranges and permissions of everything the person holds today. An administrator's post opens no business page."""
    known = roles()
    held = [(h, known[h.post.role_code]) for h in holdings(user.id, timezone.localdate()) if h.post.role_code in known]
    ranges = tuple(
        RegionRange.below(
            h.post.unit.region_path, lines=() if h.post.everything or not h.post.unit.line else (h.post.unit.line,), level=Level(role.level)
        )
        for h, role in held
        if role.business
    )
    return Actor(
        ActorKind.STAFF,
        user_id=user.id,
        label=user.name,
        ranges=tuple(dict.fromkeys(ranges)),
        unit_ids=tuple(dict.fromkeys(h.post.unit_id for h, role in held if role.business)),
        roles=frozenset(role.code for _, role in held),
        permissions=frozenset(p for _, role in held for p in role.permissions),
        party_id=None,
        assurance=user.assurance,
        address=address,
        request_id=request_id,
    )


def citizen_actor(user: User, *, address: str = "", request_id: str = "") -> Actor:
    """A resident: own rows from assurance L1 on, and those of people who gave a mandate that is in force today."""
    party = user.person_id if user.assurance >= 1 else None
    mandators: tuple[UUID, ...] = ()
    if party:
        today = timezone.localdate()
        with scoped(system_actor("access.mandates")):
            rows = Mandate.objects.filter(grantee_id=party, revoked_at=None, since__lte=today, until__gte=today)
            mandators = tuple(rows.order_by("grantor_id").values_list("grantor_id", flat=True).distinct())
    return Actor(
        ActorKind.CITIZEN,
        user_id=user.id,
        label=user.name,
        party_id=party,
        mandators=mandators,
        permissions=CITIZEN_PERMISSIONS,
        assurance=user.assurance,
        address=address,
        request_id=request_id,
    )


def actor_of(user: User | None, *, address: str = "", request_id: str = "", opened_case: UUID | None = None) -> Actor:
    """The actor of a request: staff, citizen, tracker of one opened case, or nobody."""
    if user is not None and user.is_active and user.is_authenticated:
        make = staff_actor if user.kind == UserKind.STAFF else citizen_actor
        return make(user, address=address, request_id=request_id)
    if opened_case:
        return Actor(ActorKind.TRACKER, case_id=opened_case, permissions=TRACKER_PERMISSIONS, address=address, request_id=request_id)
    return ANONYMOUS.but(address=address, request_id=request_id)


def get_role(code: str) -> Role:
    """A role by code; `NotFound` otherwise."""
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise NotFound("ROLE_UNKNOWN", "There is no such role.")
    return role


def _current_holdings() -> QuerySet[PostHolding]:
    today = timezone.localdate()
    return PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, user__is_active=True)


def holders_by_role() -> dict[str, int]:
    """How many people hold each role today."""
    rows = _current_holdings().values("post__role_code").annotate(n=Count("user", distinct=True)).order_by()
    return {row["post__role_code"]: row["n"] for row in rows}


def holders_of(code: str, *, limit: int = 500) -> list[PostHolding]:
    """Who holds a role today, by unit."""
    return list(
        _current_holdings()
        .filter(post__role_code=code)
        .select_related("user", "post__unit")
        .order_by("post__unit__region_path", "user__name")[:limit]
    )


def staff(text: str = "") -> QuerySet[User]:
    """Staff accounts by name; narrowed by the beginning of a name or user name."""
    rows = (
        User.objects.filter(kind=UserKind.STAFF)
        .order_by("name", "id")
        .prefetch_related(Prefetch("holdings", _current_holdings().select_related("post__unit"), to_attr="current"))
    )
    return rows.filter(Q(name__startswith=text) | Q(username__startswith=text)) if text else rows


def get_staff(pk: UUID) -> User:
    """One staff account; `NotFound` otherwise."""
    user = User.objects.filter(kind=UserKind.STAFF, pk=pk).first()
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", "There is no such account.")
    return user


def all_holdings(user_id: UUID) -> list[PostHolding]:
    """Posts held ever, the present ones first."""
    return list(
        PostHolding.objects.filter(user_id=user_id)
        .select_related("post__unit", "acting_for")
        .order_by(F("until").desc(nulls_first=True), "-since")
    )
