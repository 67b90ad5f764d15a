"""Requests of residents are answered: a copy is put together, a value corrected, what may go is erased; or a no with its reason."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.foundation.accounts.actions.notices import tell
from linli.foundation.accounts.models import User
from linli.foundation.accounts.types import Notice
from linli.foundation.actions.actions import action, require
from linli.foundation.privacy import policy
from linli.foundation.privacy.engine.declared import CORRECTABLE, ERASERS
from linli.foundation.privacy.models import DataRequest
from linli.foundation.privacy.queries import requests as queries
from linli.foundation.privacy.queries.rules import erase_rules
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.queries import units_of
from linli.lib.errors import Conflict, Invalid

JOB = system_actor("privacy.requests")
COPY_DAYS = 7
"""So many days a copy can be fetched."""


@action("privacy.decide", audit="privacy.request_granted")
def grant(actor: Actor, *, request_id: UUID, value: str = "", reason: str = "") -> DataRequest:
    """Do what was asked. ``value``: of a correction, what is written where that is not what the resident wrote (a code).

    Errors: 404 out of sight, `Refused` for one's own, `Conflict` REQUEST_STATE, those of the value; of an erasure nothing: what must stay is said.
    """
    request = _to_decide(actor, request_id)
    state = "done"
    if request.kind == "copy":
        request.content, request.content_until = queries.content_of(request.person_id), timezone.now() + timedelta(days=COPY_DAYS)
    elif request.kind == "correct":
        one, written = CORRECTABLE.get(request.attribute), value.strip() or str(request.value)
        one.check(written)
        one.apply(actor, request.person_id, written, gettext("Asked for by the resident, %(number)s") % {"number": request.number})
    else:
        request.outcome = _erased(request)
        state = "done" if all(one["done"] for one in request.outcome) else "partly"
    return _decided(actor, request, state, reason)


@action("privacy.decide", audit="privacy.request_refused")
def refuse(actor: Actor, *, request_id: UUID, reason: str) -> DataRequest:
    """A no, with the reason that the resident reads. REQUEST_REASON without one."""
    if len(reason.strip()) < 4:
        raise Invalid(
            "REQUEST_REASON",
            gettext_noop("Say why not: the resident reads it."),
            field="reason",
            hint=gettext_noop("Name the rule, and what she can do."),
        )
    return _decided(actor, _to_decide(actor, request_id), "refused", reason)


def _to_decide(actor: Actor, request_id: UUID) -> DataRequest:
    request = queries.request_in_area(actor, request_id, lock=True)
    herself = User.objects.filter(pk=actor.account, person_id=request.person_id).exists()
    require(
        policy.may_decide(actor, request) and not herself,
        gettext_noop("Another person has to decide this request."),
        code="REQUEST_OWN",
    )
    if request.state != "open":
        raise Conflict(
            "REQUEST_STATE", gettext_noop("This request has been decided meanwhile."), hint=gettext_noop("Look at the page again.")
        )
    return request


def _erased(request: DataRequest) -> list[dict[str, object]]:
    """What became of each part. What is paid or promised by law stays, and says why."""
    outcome = []
    with scoped(JOB):
        for rule in erase_rules(erasable=True):
            if rule.code in request.scope:
                eraser = ERASERS.get(rule.code)
                why = eraser.kept(request.person_id)
                if not why:
                    eraser.erase(request.person_id)
                outcome.append({"what": rule.name, "done": not why, "why": why or rule.basis})
    gone = len(request.scope) - len(outcome)
    if gone:
        outcome.append(
            {"what": gettext("What may not be erased any more"), "done": False, "why": gettext("The rules have changed meanwhile.")}
        )
    return outcome


def _decided(actor: Actor, request: DataRequest, state: str, reason: str) -> DataRequest:
    request.state, request.reason, request.decided_at = state, reason.strip()[:300], timezone.now()
    request.decided_by, request.decided_by_name = actor.account, actor.label[:80]
    request.unit = " ".join(unit.name for unit in units_of(actor.unit_ids))[:80]
    request.save()
    tell(
        actor,
        Notice(
            "privacy.request_answered",
            {"unit": request.unit, "matter": request.number},
            to_party=request.person_id,
            region_path=request.region_path,
            dedupe=f"privacy.request:{request.pk}",
        ),
    )
    return request


@action("privacy.own", audit="privacy.copy_fetched")
def fetch_copy(actor: Actor, *, request_id: UUID) -> DataRequest:
    """The resident takes her copy. `Conflict` COPY_OVER after its days."""
    return _fetched(queries.my_request(actor, request_id, lock=True))


@action("privacy.file", audit="privacy.copy_handed_over")
def hand_over(actor: Actor, *, request_id: UUID) -> DataRequest:
    """A clerk hands over the copy of somebody who asked at the counter; the resident reads that it was."""
    request = queries.request_in_area(actor, request_id, lock=True)
    require(policy.may_hand_over(actor, request), gettext_noop("This copy is fetched by the resident herself."), code="COPY_NOT_HERE")
    return _fetched(request)


def _fetched(request: DataRequest) -> DataRequest:
    over = request.content_until is None or request.content_until <= timezone.now() or not request.content
    if over:
        raise Conflict(
            "COPY_OVER",
            gettext_noop("This copy cannot be fetched, or no longer: it is kept for 7 days."),
            hint=gettext_noop("Ask for a copy again."),
        )
    request.downloads += 1
    request.save(update_fields=["downloads"])
    return request
