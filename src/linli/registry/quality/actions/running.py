"""An examination: community by community, each in a transaction of its own; one that broke off goes on behind its last community."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording, repeated
from linli.foundation.regions.queries import below
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.lib.errors import Conflict, LinliError
from linli.registry.quality.models import Examination, Issue, Result, Rule
from linli.registry.quality.queries.examining import Round
from linli.registry.quality.types import Failing, Found

JOB: Final = system_actor("quality.examine")
EXAMINE = "quality.examine"
TURN_S = 10.0
MOST_TASKS = 1000
"""Tasks of one rule in one community at a time: the numbers say how many there are, a list of thousands nobody works off."""
STALE = timedelta(hours=6)
"""An examination that has not ended after so long is taken for dead: another may be ordered."""
CHUNK = 1000


@action("quality.run", audit="quality.examination_ordered")
def order_examination(actor: Actor) -> Examination:
    """Examine the communities of the orderer's widest range. `Conflict` EXAMINATION_RUNS while another one does."""
    path = min((one.lo for one in actor.ranges), key=lambda lo: (len(lo), lo))
    if Examination.objects.filter(state="running", begun_at__gt=timezone.now() - STALE).exists():
        raise Conflict(
            "EXAMINATION_RUNS",
            gettext_noop("The register is being examined already."),
            hint=gettext_noop("Its result is shown here when it has ended."),
        )
    row = Examination(region_path=path, ordered_by=actor.account, orderer=actor.label[:80], begun_at=timezone.now())
    row.save(force_insert=True)
    put_jobs(EXAMINE, "default", {"examination_id": str(row.pk)}, unhurried=True)
    return row


@action("system", audit="quality.examination_begun")
def begin_nightly(actor: Actor, *, now: datetime) -> UUID | None:
    """The city's examination of the night; None when one runs."""
    if Examination.objects.filter(state="running", begun_at__gt=now - STALE).exists():
        repeated()
        return None
    row = Examination(region_path="0", begun_at=now)
    row.save(force_insert=True)
    put_jobs(EXAMINE, "default", {"examination_id": str(row.pk)}, unhurried=True)
    return row.pk


def examine_on(examination_id: UUID, *, turn_s: float = TURN_S) -> bool:
    """One turn; True when there is more to do (the next job is queued)."""
    until, asked = time.monotonic() + turn_s, Round(timezone.localdate())
    while True:
        with scoped(JOB):
            row = Examination.objects.filter(pk=examination_id, state="running").first()
            waiting = [] if row is None else [one.path for one in below(row.region_path, "community") if one.path > row.done][:1]
        if row is None:
            return False
        if not waiting:
            _end(examination_id)
            return False
        examine_community(JOB, path=waiting[0], examination_id=examination_id, asked=asked)
        if time.monotonic() > until:
            with scoped(JOB):
                put_jobs(EXAMINE, "default", {"examination_id": str(examination_id)}, unhurried=True)
            return True


def _end(examination_id: UUID) -> None:
    with scoped(JOB):
        row = Examination.objects.select_for_update().get(pk=examination_id)
        if row.state == "running":
            row.state, row.ended_at = "done", timezone.now()
            row.save(update_fields=["state", "ended_at"])


def give_up(examination_id: UUID, error: Exception) -> None:
    """A job gave up: what was found stays, and the page says so."""
    with scoped(JOB):
        row = Examination.objects.select_for_update().filter(pk=examination_id, state="running").first()
        if row is not None:
            row.state, row.ended_at = "failed", timezone.now()
            row.error = error.code if isinstance(error, LinliError) else type(error).__name__
            row.save(update_fields=["state", "ended_at", "error"])


@action("system", audit="quality.community_examined")
def examine_community(actor: Actor, *, path: str, examination_id: UUID | None = None, asked: Round | None = None) -> int:
    """All rules in one community; how many problems are new. A repeated examination finds the same and writes nothing twice."""
    asked = asked or Round(timezone.localdate())
    row = Examination.objects.select_for_update().get(pk=examination_id) if examination_id else None
    if row is not None and row.done >= path:  # another worker was quicker
        repeated()
        return 0
    now, fresh = timezone.now(), 0
    for rule in Rule.objects.filter(active=True).order_by("order"):
        found = asked.examine(rule, path)
        _results(rule, path, found, now)
        fresh += _issues(rule, path, found.failing if rule.level != "I" else [], now, asked.today)
    Issue.objects.filter(_in(path), rule__active=False).exclude(state="mended").update(state="mended", ended_at=now, ended_by="")
    Result.objects.filter(region_path=path, as_of__lt=now).delete()
    if row is not None:
        row.done, row.communities = path, row.communities + 1
        row.save(update_fields=["done", "communities"])
    record = recording.get()
    if record is not None:
        record.notes |= {"path": path, "new": fresh}
    return fresh


def _in(path: str) -> Q:
    return Q(region_path__gte=path, region_path__lt=path + PATH_END)


def _results(rule: Rule, path: str, found: Found, now: datetime) -> None:
    rows = [
        Result(rule=rule, region_path=path, source=source, total=total, failed=failed, as_of=now)
        for source, (total, failed) in found.counts.items()
    ]
    Result.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["rule", "region_path", "source"], update_fields=["total", "failed", "as_of"]
    )


def _issues(rule: Rule, path: str, failing: list[Failing], now: datetime, today: date) -> int:
    """New problems are written, those found again opened again, those not found any more closed; how many are new or open again."""
    wrong = dict(failing)
    known = {one.subject_id: one for one in Issue.objects.filter(_in(path), rule=rule)}
    moved = [key for key in wrong if key not in known]
    for begin in range(0, len(moved), CHUNK):  # a problem that came here with somebody who moved
        rows = Issue.objects.filter(rule=rule, subject_id__in=moved[begin : begin + CHUNK])
        known |= {one.subject_id: one for one in rows}
    gone = [one.pk for key, one in known.items() if key not in wrong and one.state != "mended"]
    if gone:
        Issue.objects.filter(pk__in=gone).update(state="mended", ended_at=now, ended_by="")
    strayed = [one for key, one in known.items() if key in wrong and one.region_path != wrong[key]]
    for one in strayed:
        one.region_path = wrong[one.subject_id]
    Issue.objects.bulk_update(strayed, ["region_path"], batch_size=CHUNK)
    due = today + timedelta(days=rule.days)
    again = [one.pk for key, one in known.items() if key in wrong and one.state == "mended"]
    if again:
        Issue.objects.filter(pk__in=again).update(state="open", due_on=due, found_at=now, ended_at=None, ended_by="", reason="")
    room = max(0, MOST_TASKS - sum(one.state == "open" for one in known.values()) - len(again))
    fresh = [Issue(rule=rule, subject_id=key, region_path=where, due_on=due, found_at=now) for key, where in failing if key not in known][
        :room
    ]
    Issue.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=CHUNK)
    return len(again) + len(fresh)


def carry_issues(person_id: UUID, path: str) -> None:
    """What is wrong with somebody's record is a task of the community she lives in now. Part of the caller's action."""
    Issue.objects.filter(subject_id=person_id).update(region_path=path)
