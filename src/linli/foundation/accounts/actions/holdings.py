"""Posts over time: absences and stand-ins (A/B pairs), ends, leavers and what they leave in their inbox."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts import policy, queries
from linli.foundation.accounts.actions.doors import lock_on, say
from linli.foundation.accounts.actions.staff import roles_clash
from linli.foundation.accounts.engine import TASK_MOVERS
from linli.foundation.accounts.models import Absence, PostHolding, User, UserKind
from linli.foundation.actions.actions import action, require
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, NotFound


def set_absence(actor: Actor, *, user_id: UUID, deputy_id: UUID, since: date, until: date, reason: str = "") -> Absence:
    """Somebody is away from ``since`` to ``until`` (both included); the deputy holds the same posts for those days.

    For oneself, or as administrator. Errors: ACCOUNT_UNKNOWN, ABSENCE_DATES, ABSENCE_ONESELF, ABSENCE_TWICE, DEPUTY_AWAY, DEPUTY_UNIT
    (only an administrator may choose somebody of another unit), DEPUTY_POST, ROLES_APART, POSTS_TOO_MANY.
    """
    widened = actor.but(permissions=actor.permissions | {"accounts.own"})
    return _set_absence(widened, user_id=user_id, deputy_id=deputy_id, since=since, until=until, reason=reason)


@action("accounts.own", audit="accounts.absence_set")
def _set_absence(actor: Actor, *, user_id: UUID, deputy_id: UUID, since: date, until: date, reason: str) -> Absence:
    require(policy.can_set_absence(actor, user_id))
    for locked in sorted((str(user_id), str(deputy_id))):
        lock_on(f"holdings:{locked}")
    user, deputy = _staff(user_id), _staff(deputy_id)
    if until < since or until < timezone.localdate():
        raise Invalid("ABSENCE_DATES", gettext_noop("The last day comes before the first, or is over."), field="until")
    if user.pk == deputy.pk:
        raise Invalid("ABSENCE_ONESELF", gettext_noop("Somebody else stands in."), field="deputy_id")
    if Absence.objects.filter(user=user, since__lte=until, until__gte=since).exists():
        raise Conflict("ABSENCE_TWICE", gettext_noop("There is an absence in these days already."), hint=gettext_noop("End it first."))
    if Absence.objects.filter(user=deputy, since__lte=until, until__gte=since).exists():
        raise Conflict("DEPUTY_AWAY", gettext_noop("The deputy is away in these days too."), field="deputy_id")
    own = [h for h in queries.held(user.pk, since, until) if h.acting_for_id is None]
    theirs = queries.held(deputy.pk, since, until)
    if not any(h.acting_for_id is None for h in theirs):  # else an absence would give a post that nobody granted
        raise Invalid(
            "DEPUTY_POST",
            gettext_noop("The deputy holds no post of the own in these days."),
            field="deputy_id",
            hint=gettext_noop("Ask for an appointment first."),
        )
    if not actor.may("admin.accounts") or actor.user_id == user.pk:
        require(
            {h.post.unit_id for h in own} <= {h.post.unit_id for h in theirs},
            gettext_noop("A deputy of your own choice works in the same unit."),
            code="DEPUTY_UNIT",
        )
    _stand_in(user, deputy, own, theirs, since, until)
    absence = Absence(user=user, deputy=deputy, since=since, until=until, reason=reason[:60])
    absence.save(force_insert=True)
    if since <= timezone.localdate():
        hand_over(actor, absence)
    return absence


def hand_over(actor: Actor, absence: Absence) -> int:
    """What the absent person has claimed goes to the deputy where that one works, else back to the office; how many tasks."""
    moved = sum(mover(actor, absence.user_id, absence.deputy_id) for mover in TASK_MOVERS.values())
    say(moved=moved)
    return moved


@action("system", audit="accounts.absences_begun")
def begin_absences(actor: Actor, *, day: date) -> int:
    """The absences whose first day is ``day``: their tasks change hands. Repeating it finds nothing left to move."""
    return sum(hand_over(actor, absence) for absence in Absence.objects.filter(since=day))


def _staff(pk: UUID) -> User:
    user = User.objects.filter(pk=pk, kind=UserKind.STAFF, is_active=True).first()
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    return user


def _stand_in(user: User, deputy: User, own: list[PostHolding], theirs: list[PostHolding], since: date, until: date) -> None:
    roles, posts = queries.roles_known(), {h.post_id for h in theirs}
    held = {h.post.role_code for h in theirs}
    for holding in own:
        posts.add(holding.post_id)
        for clash in roles_clash(held, holding.post.role_code, roles, posts=len(posts)):
            raise clash
        last = min(until, holding.until) if holding.until else until
        PostHolding(user=deputy, post=holding.post, since=max(since, holding.since), until=last, acting_for=user).save(force_insert=True)


def end_absence(actor: Actor, *, absence_id: UUID, last_day: date) -> Absence:
    """Back earlier: the absence and the deputy's posts end with ``last_day``; a day before the first takes all of it back."""
    return _end_absence(actor.but(permissions=actor.permissions | {"accounts.own"}), absence_id=absence_id, last_day=last_day)


@action("accounts.own", audit="accounts.absence_ended")
def _end_absence(actor: Actor, *, absence_id: UUID, last_day: date) -> Absence:
    absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if absence is None:
        raise NotFound("ABSENCE_UNKNOWN", gettext_noop("There is no such absence."))
    require(policy.can_end_absence(actor, absence))
    if last_day >= absence.until:
        raise Invalid("ABSENCE_DATES", gettext_noop("This is not earlier than it ends anyway."), field="last_day")
    acting = PostHolding.objects.filter(
        user_id=absence.deputy_id, acting_for_id=absence.user_id, since__lte=absence.until, until__gte=absence.since
    )
    for holding in acting:
        _cut(holding, last_day)
    if last_day < absence.since:
        absence.delete()
        return absence
    absence.until = last_day
    absence.save(update_fields=["until"])
    return absence


def _cut(holding: PostHolding, last_day: date) -> None:
    """End a holding with a day; one that never began by then is taken back (the trail keeps it)."""
    if last_day < holding.since:
        holding.delete()
        return
    holding.until = last_day
    holding.save(update_fields=["until"])


@action("admin.accounts", audit="accounts.holding_ended")
def end_holding(actor: Actor, *, holding_id: UUID, last_day: date) -> PostHolding:
    """Somebody gives up a post. Errors: HOLDING_UNKNOWN, HOLDING_OVER, OWN_ACCOUNT."""
    holding = PostHolding.objects.select_for_update().filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("HOLDING_UNKNOWN", gettext_noop("There is no such post held."))
    require(policy.can_administer(actor, holding.user), gettext_noop("Nobody changes the own posts."), code="OWN_ACCOUNT")
    if holding.until is not None and holding.until <= last_day:
        raise Conflict("HOLDING_OVER", gettext_noop("This post has ended by then already."))
    _cut(holding, last_day)
    return holding


@action("admin.accounts", audit="accounts.tasks_handed_over")
def move_tasks(actor: Actor, *, from_user: UUID, to_user: UUID | None = None, reason: str = "") -> int:
    """Hand over everything somebody has claimed: to a colleague where that one works in the task's office, else back to the office.

    How many tasks changed hands; the reason is on the trail. Each floor that has tasks does its own part.
    """
    if to_user is not None:
        _staff(to_user)
    if from_user == to_user:
        raise Invalid("MOVE_ONESELF", gettext_noop("Choose somebody else."), field="to_user")
    moved = sum(mover(actor, from_user, to_user) for mover in TASK_MOVERS.values())
    say(from_user=str(from_user), to_user=str(to_user or ""), moved=moved, reason=reason.strip()[:200])
    return moved


@action("admin.accounts", audit="accounts.staff_left")
def leave(actor: Actor, *, user_id: UUID, successor_id: UUID | None = None, reason: str = "") -> int:
    """Somebody leaves today: the inbox goes to the successor (or back to the offices), posts and sessions end, the account is closed. Returns tasks moved."""
    user = User.objects.select_for_update().filter(pk=user_id, kind=UserKind.STAFF, is_active=True).first()
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    require(policy.can_administer(actor, user), gettext_noop("Nobody closes the own account."), code="OWN_ACCOUNT")
    moved = move_tasks(actor, from_user=user_id, to_user=successor_id, reason=reason)
    yesterday = timezone.localdate() - timedelta(days=1)
    for holding in queries.held(user_id, timezone.localdate(), date.max):
        _cut(holding, yesterday)
    for stand_in in PostHolding.objects.filter(acting_for=user, until__gte=timezone.localdate()):
        _cut(stand_in, yesterday)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    return moved
