"""Who gets a post: the system administrator asks, the security administrator grants. Neither can do both, and neither for himself."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.access import queries
from linli.foundation.access.models import Appointment
from linli.foundation.accounts.actions import end_holding
from linli.foundation.accounts.actions.doors import lock_on
from linli.foundation.accounts.actions.staff import roles_clash
from linli.foundation.accounts.models import PostHolding, User, UserKind
from linli.foundation.accounts.queries import held, roles_known
from linli.foundation.actions.actions import action, require
from linli.foundation.scope.engine import MAX_RANGES
from linli.foundation.types import Actor
from linli.foundation.units.models import Post
from linli.foundation.units.queries import get_post
from linli.lib.errors import Conflict, Invalid, NotFound

AHEAD = timedelta(days=366)


@action("admin.accounts", audit="access.appointment_asked")
def ask_appointment(actor: Actor, *, user_id: UUID, post_id: UUID, since: date, reason: str) -> Appointment:
    """Somebody is to hold a post from a day on. It gives nothing before another administrator grants it.

    Errors: ACCOUNT_UNKNOWN, OWN_ACCOUNT, POST_UNKNOWN, POST_CLOSED, APPOINT_DATE, APPOINT_REASON, APPOINT_TWICE, ROLES_APART, POSTS_TOO_MANY,
    REACH_TOO_WIDE.
    """
    if not reason.strip():
        raise Invalid("APPOINT_REASON", gettext_noop("Say why: the one who grants it does not know the person."), field="reason")
    if not timezone.localdate() <= since <= timezone.localdate() + AHEAD:
        raise Invalid("APPOINT_DATE", gettext_noop("An appointment begins today or within a year."), field="since")
    user = _staff(user_id)
    require(actor.user_id != user.pk, gettext_noop("Nobody gives posts to oneself."), code="OWN_ACCOUNT")
    post = get_post(post_id, lock=True)
    _check(user, post, since)
    if Appointment.objects.filter(user=user, post=post, state="open").exists():
        raise Conflict(
            "APPOINT_TWICE", gettext_noop("This has been asked for already."), hint=gettext_noop("The security administrator decides.")
        )
    return _ask(actor, user.pk, post.pk, since, reason)


def _ask(actor: Actor, user_id: UUID, post_id: UUID, since: date, reason: str) -> Appointment:
    asked = Appointment(user_id=user_id, post_id=post_id, since=since, asked_by_id=actor.user_id, reason=reason.strip()[:200])
    asked.save(force_insert=True)
    return asked


def ask_for_new_staff(actor: Actor, user_id: UUID, post_id: UUID, since: date) -> bool:
    """A post out of a staff list waits for its grant as well (accounts asks). False: a job fills posts by itself. Part of the caller's action."""
    if actor.may("system"):
        return False
    if not Appointment.objects.filter(user_id=user_id, post_id=post_id, state="open").exists():
        _ask(actor, user_id, post_id, since, "")
    return True


@action("admin.roles", audit="access.appointment_decided")
def decide_appointment(actor: Actor, *, appointment_id: UUID, grant: bool, remark: str = "") -> Appointment:
    """Grant or refuse; a refusal says why. APPOINTMENT_UNKNOWN, ASKED_OVER, OWN_ACCOUNT, REMARK_MISSING; what asking checks is checked again."""
    asked = Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    if asked is None:
        raise NotFound("APPOINTMENT_UNKNOWN", gettext_noop("There is no such appointment."))
    _require_open(asked.state)
    require(actor.user_id not in (asked.asked_by_id, asked.user_id), gettext_noop("Nobody decides about oneself."), code="OWN_ACCOUNT")
    if not grant and not remark.strip():
        raise Invalid("REMARK_MISSING", gettext_noop("A refusal needs its reason."), field="remark")
    if grant:
        since = max(asked.since, timezone.localdate())
        _check(_staff(asked.user_id), get_post(asked.post_id, lock=True), since)
        PostHolding(user_id=asked.user_id, post_id=asked.post_id, since=since).save(force_insert=True)
    asked.state, asked.decided_by_id, asked.decided_at = "granted" if grant else "refused", actor.user_id, timezone.now()
    asked.remark = remark.strip()[:200]
    asked.save(update_fields=["state", "decided_by", "decided_at", "remark"])
    return asked


@action("admin.accounts", audit="access.appointment_withdrawn")
def withdraw_appointment(actor: Actor, *, appointment_id: UUID) -> Appointment:
    """What was asked for is not wanted any more. APPOINTMENT_UNKNOWN, ASKED_OVER."""
    asked = Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    if asked is None:
        raise NotFound("APPOINTMENT_UNKNOWN", gettext_noop("There is no such appointment."))
    _require_open(asked.state)
    asked.state, asked.decided_by_id, asked.decided_at = "withdrawn", actor.user_id, timezone.now()
    asked.save(update_fields=["state", "decided_by", "decided_at"])
    return asked


@action("admin.roles", audit="access.post_revoked")
def end_post(actor: Actor, *, holding_id: UUID, last_day: date) -> PostHolding:
    """The security administrator takes a post away; less needs one pair of eyes only. HOLDING_UNKNOWN, HOLDING_OVER, OWN_ACCOUNT, APPOINT_DATE."""
    if last_day < timezone.localdate() - timedelta(days=1):
        raise Invalid(
            "APPOINT_DATE",
            gettext_noop("The last day is yesterday or later: what was done in the post was done rightly."),
            field="last_day",
        )
    return end_holding(actor.but(permissions=actor.permissions | {"admin.accounts"}), holding_id=holding_id, last_day=last_day)


def _staff(user_id: UUID) -> User:
    user = User.objects.filter(pk=user_id, kind=UserKind.STAFF, is_active=True).first()
    if user is None:
        raise NotFound("ACCOUNT_UNKNOWN", gettext_noop("There is no such account."))
    return user


def _require_open(state: str) -> None:
    if state != "open":
        raise Conflict("ASKED_OVER", gettext_noop("This has been decided already."), hint=gettext_noop("Load the page again."))


def _check(user: User, post: Post, since: date) -> None:
    """Whether the person may hold the post beside what she holds from that day on."""
    if post.valid_to is not None or post.unit.valid_to is not None:
        raise Conflict("POST_CLOSED", gettext_noop("This post is closed."), hint=gettext_noop("Choose a post that exists."))
    lock_on(f"holdings:{user.pk}")
    holdings = held(user.pk, since, date.max)
    if any(h.post_id == post.pk and h.acting_for_id is None and h.until is None for h in holdings):
        raise Conflict("APPOINT_TWICE", gettext_noop("The person holds this post already."))
    known = roles_known()
    if post.role_code not in known:
        raise Conflict(
            "POST_ROLE", gettext_noop("The post's role does not exist any more."), hint=gettext_noop("Close the post and add it anew.")
        )
    for clash in roles_clash(
        {h.post.role_code for h in holdings}, post.role_code, known, posts=len({h.post_id for h in holdings} | {post.pk})
    ):
        raise Invalid(clash.code, clash.message, field="post")
    if len(queries.ranges_with(user.pk, since, post)) > MAX_RANGES:
        raise Invalid(
            "REACH_TOO_WIDE",
            gettext_noop("The person's posts would reach more than four regions."),
            field="post",
            hint=gettext_noop("End another post first."),
        )


def check_zone_reach(zone_id: UUID, stretches: int) -> None:
    """Before a zone gets another town: nobody who works there may come to a fifth range (regions asks)."""
    for name, count in queries.reach_in_zone(zone_id, stretches).items():
        if count > MAX_RANGES:
            raise Conflict(
                "REACH_TOO_WIDE",
                gettext_noop("%(name)s would reach more than four regions with all posts together."),
                hint=gettext_noop("End one of the posts first."),
                data={"name": name},
            )
