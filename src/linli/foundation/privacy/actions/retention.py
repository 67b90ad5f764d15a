"""What has been kept long enough ends, night by night, in bounded portions."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.privacy.engine.declared import KEEPINGS
from linli.foundation.privacy.models import DataRequest, Export, Rule, Sweep
from linli.foundation.privacy.queries.rules import keep_rules
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor

JOB = system_actor("privacy.retention")
SWEEP = "privacy.sweep"
PORTION = 500
"""Records of a portion: one transaction, well under a second."""
TURN_S = 10.0


def before(rule: Rule, now: datetime) -> datetime:
    """What had its event before this moment has been kept long enough."""
    return now - timedelta(days=rule.days)


def work(now: datetime) -> bool:
    """Ten seconds of ending; whether something is left. Each portion is a transaction of its own: after a kill the next call goes on."""
    until = time.monotonic() + TURN_S
    with scoped(JOB):
        rules = keep_rules(active=True)
    for rule in rules:
        while sweep(JOB, code=rule.code, before=before(rule, now), day=timezone.localdate(now)) >= PORTION:
            if time.monotonic() > until:
                return True
    return False


@action("system", audit="privacy.records_ended")
def sweep(actor: Actor, *, code: str, before: datetime, day: date) -> int:
    """End one portion of one kind and count it; how many. A night on which nothing is due leaves nothing on the trail."""
    ended = KEEPINGS.get(code).sweep(before, PORTION)
    row, _ = Sweep.objects.get_or_create(code=code, day=day)
    Sweep.objects.filter(pk=row.pk).update(ended=F("ended") + ended, done_at=timezone.now())
    record = recording.get()
    if not ended:
        repeated()
    elif record is not None:
        record.notes |= {"kind": code, "records": ended, "before": before.isoformat()}
    return ended


def clear_copies(before: datetime, limit: int) -> int:
    """Copies whose days are over: the content goes, the request stays."""
    keys = list(DataRequest.objects.filter(content_until__lt=before).order_by("content_until").values_list("pk", flat=True)[:limit])
    return int(DataRequest.objects.filter(pk__in=keys, content_until__lt=before).update(content=None, content_until=None))


def clear_requests(before: datetime, limit: int) -> int:
    """Answered requests: what the resident wrote goes; that she asked and was answered stays."""
    rows = DataRequest.objects.filter(decided_at__lt=before).exclude(name="")
    keys = list(rows.order_by("decided_at").values_list("pk", flat=True)[:limit])
    return int(rows.filter(pk__in=keys).update(text=None, value=None, name=""))


def remove_exports(before: datetime, limit: int) -> int:
    """Orders of lists whose files are long gone, with whose data was in them: the trail keeps that they were."""
    rows = Export.objects.filter(made_at__lt=before, state__in=("gone", "refused", "failed"))
    keys = list(rows.order_by("made_at").values_list("pk", flat=True)[:limit])
    Export.objects.filter(pk__in=keys).delete()
    return len(keys)
