"""How an account becomes an actor: roles give permissions, posts give ranges."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.access.models import Appointment, Role, RoleDraft
from linli.foundation.access.types import CITIZEN_PERMISSIONS, TRACKER_PERMISSIONS
from linli.foundation.accounts.models import Mandate, PostHolding, User, UserKind
from linli.foundation.accounts.queries import held
from linli.foundation.regions.queries import zone_ranges
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import MAX_RANGES
from linli.foundation.scope.queries import kept
from linli.foundation.types import ANONYMOUS, PATH_END, Actor, ActorKind, Level, RegionRange, system_actor
from linli.foundation.units.engine import Burden
from linli.foundation.units.models import Post
from linli.lib.errors import NotFound
from linli.lib.remembered import forget_all, remembered

log = logging.getLogger(__name__)


@remembered(seconds=10)
def roles() -> dict[str, Role]:
    """All roles by code, remembered for a few seconds: every request asks."""
    return {role.code: role for role in Role.objects.all()}


def forget_roles() -> None:
    """After a change, so that this process sees it at once."""
    forget_all()


def holdings(user_id: UUID, on: date) -> list[PostHolding]:
    """Posts held on a day."""
    return _holdings(user_id, on, on)


@kept
def _holdings(user_id: UUID, since: date, until: date) -> QuerySet[PostHolding]:
    rows = PostHolding.objects.filter(Q(until=None) | Q(until__gte=until), user_id=user_id, since__lte=since)
    return rows.select_related("post__unit").order_by("since")


def ranges_of(posts: Iterable[tuple[Post, Role]]) -> tuple[RegionRange, ...]:
    """What business posts reach: below the unit's region, or the towns a functional zone manages today; of the unit's line unless the post sees all."""
    zones, found = zone_ranges(), list[RegionRange]()
    for post, role in posts:
        if not role.business:
            continue
        lines = () if post.everything or not post.unit.line else (post.unit.line,)
        for lo, hi in zones.get(post.unit.region_id) or ((post.unit.region_path, post.unit.region_path + PATH_END),):
            found.append(RegionRange(lo, hi, lines, Level(role.level)))
    return tuple(dict.fromkeys(found))


def ranges_with(user_id: UUID, since: date, post: Post) -> tuple[RegionRange, ...]:
    """What somebody would reach with a further post beside those held from a day on."""
    known = roles()
    posts = [h.post for h in held(user_id, since, date.max) if h.post_id != post.pk]
    return ranges_of((one, known[one.role_code]) for one in (*posts, post) if one.role_code in known)


def reach_in_zone(zone_id: UUID, stretches: int) -> dict[str, int]:
    """Name -> ranges, of everybody with a business post in a zone, were it to have so many ``stretches``."""
    known, found = roles(), dict[str, int]()
    users = User.objects.filter(
        Q(holdings__until=None) | Q(holdings__until__gte=timezone.localdate()), holdings__post__unit__region_id=zone_id
    )
    for user in users.distinct():
        posts = [(h.post, known[h.post.role_code]) for h in held(user.id, timezone.localdate(), date.max) if h.post.role_code in known]
        inside = {("" if p.everything else p.unit.line, role.level) for p, role in posts if p.unit.region_id == zone_id and role.business}
        found[user.name] = len(inside) * stretches + len(ranges_of((p, role) for p, role in posts if p.unit.region_id != zone_id))
    return found


def _reach(user: User, posts: Iterable[tuple[Post, Role]]) -> tuple[RegionRange, ...]:
    """Appointments and zone changes are refused before somebody comes to a fifth range; should it happen all the same, nothing is open, never a part."""
    ranges = ranges_of(posts)
    if len(ranges) > MAX_RANGES:
        log.error("account %s would have %s region ranges; it gets none", user.pk, len(ranges))
        return ()
    return ranges


def staff_actor(user: User, *, address: str = "", request_id: str = "") -> Actor:
    """Ranges and permissions of everything the person holds today. An administrator's post opens no business page."""
    known = roles()
    today = [(h, known[h.post.role_code]) for h in holdings(user.id, timezone.localdate()) if h.post.role_code in known]
    return Actor(
        ActorKind.STAFF,
        user_id=user.id,
        label=user.name,
        ranges=_reach(user, ((h.post, role) for h, role in today)),
        unit_ids=tuple(dict.fromkeys(h.post.unit_id for h, role in today if role.business)),
        roles=frozenset(role.code for _, role in today),
        permissions=frozenset(p for _, role in today for p in role.permissions),
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


def actor_with(user_id: UUID) -> Actor:
    """The actor of an account by key, for a job that does what its holder ordered; nobody's when there is no such account or it is closed."""
    return actor_of(User.objects.filter(pk=user_id).first())


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


# ---- what one administrator asks for and another decides ----


def appointments(*, state: str = "open") -> QuerySet[Appointment]:
    """Appointments in one state, those that wait longest first; decided ones newest first."""
    rows = Appointment.objects.select_related("user", "post__unit", "asked_by", "decided_by")
    return (
        rows.filter(state=state).order_by("asked_at", "id") if state == "open" else rows.exclude(state="open").order_by("-decided_at", "id")
    )


def appointments_of(user_id: UUID) -> list[Appointment]:
    """What waits for one person's account."""
    return list(appointments().filter(user_id=user_id))


def get_appointment(pk: UUID) -> Appointment:
    """One appointment; `NotFound` otherwise."""
    found = Appointment.objects.select_related("user", "post__unit", "asked_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("APPOINTMENT_UNKNOWN", gettext_noop("There is no such appointment."))
    return found


def role_drafts(*, state: str = "open") -> QuerySet[RoleDraft]:
    """Drafts of roles, as `appointments`."""
    rows = RoleDraft.objects.select_related("role", "asked_by", "decided_by")
    return (
        rows.filter(state=state).order_by("asked_at", "id") if state == "open" else rows.exclude(state="open").order_by("-decided_at", "id")
    )


def draft_of(code: str) -> RoleDraft | None:
    """The draft of a role that waits."""
    return role_drafts().filter(code=code).first()


# ---- what units is told ----


def role_labels() -> dict[str, str]:
    """Role code -> name, for choosing a post's role."""
    return {code: role.name for code, role in roles().items()}


def holders_in_unit(unit_id: UUID) -> dict[UUID, list[str]]:
    """Post -> names of those who hold it today."""
    found: dict[UUID, list[str]] = {}
    for h in _current_holdings().filter(post__unit_id=unit_id).select_related("user").order_by("user__name"):
        found.setdefault(h.post_id, []).append(h.user.name)
    return found


def _held_from_today(**where: UUID) -> int:
    rows = PostHolding.objects.filter(Q(until=None) | Q(until__gte=timezone.localdate()), user__is_active=True, **where)
    return rows.values("user").distinct().count()


def holders_left(unit_id: UUID) -> Burden | None:
    """People who hold a post of a unit, now or later."""
    return _holders(_held_from_today(post__unit_id=unit_id))


def post_holders_left(post_id: UUID) -> Burden | None:
    """People who hold a post, now or later."""
    return _holders(_held_from_today(post_id=post_id))


def _holders(count: int) -> Burden | None:
    if not count:
        return None
    return Burden(
        "UNIT_HAS_STAFF",
        count,
        gettext_noop("People who hold posts in it: %(count)s."),
        gettext_noop("End their posts, or let them leave, under Staff accounts; what they have claimed is handed over there."),
    )


def appointments_left(unit_id: UUID) -> Burden | None:
    """Appointments to a unit that wait for their grant."""
    return _waiting(Appointment.objects.filter(post__unit_id=unit_id, state="open").count())


def post_appointments_left(post_id: UUID) -> Burden | None:
    """Appointments to a post that wait for their grant."""
    return _waiting(Appointment.objects.filter(post_id=post_id, state="open").count())


def _waiting(count: int) -> Burden | None:
    if not count:
        return None
    return Burden(
        "UNIT_HAS_ASKED",
        count,
        gettext_noop("Appointments to it that wait for a decision: %(count)s."),
        gettext_noop("Withdraw them on the accounts they are for, or wait for the security administrator."),
    )
