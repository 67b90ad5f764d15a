"""The register is compared with another database: ordered, carried out by a job, signed."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording, repeated
from linli.foundation.files.engine.proofs import sign_document
from linli.foundation.regions.queries import by_path, in_ranges
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Invalid, LinliError
from linli.registry.imports.queries import get_batch
from linli.registry.imports.types import PEOPLE
from linli.registry.quality.engine.buckets import Side, Tally
from linli.registry.quality.models import Comparison
from linli.registry.quality.queries.comparing import REPORT, Outcome, Theirs, side_by_side

JOB: Final = system_actor("quality.compare")
COMPARE = "quality.compare"
LEVELS = ("city", "county", "street", "community")


@action("quality.run", audit="quality.comparison_ordered")
def order_comparison(actor: Actor, *, batch_id: UUID, region: str) -> Comparison:
    """Compare the people of a region (its code) with the file of a batch, brought by hand or by a connector. REGION_UNKNOWN."""
    batch = get_batch(actor, batch_id)
    place = in_ranges(actor.ranges, *LEVELS).filter(code=region).first()
    if place is None:
        raise Invalid("REGION_UNKNOWN", gettext_noop("There is no such region in your area."), field="region")
    require(batch.state != "dropped" and batch.subject == PEOPLE)
    row = Comparison(batch=batch, name=batch.file_name, region_path=place.path, made_by=actor.label[:80], made_at=timezone.now())
    row.save(force_insert=True)
    put_jobs(COMPARE, "default", {"comparison_id": str(row.pk)}, unhurried=True)
    return row


@action("system", audit="quality.compared")
def compare_now(actor: Actor, *, comparison_id: UUID) -> Comparison:
    """Carry out a comparison and sign its report; one that is done stays as it is."""
    row = Comparison.objects.select_for_update().get(pk=comparison_id)
    if row.state != "running" or row.batch_id is None:
        repeated()
        return row
    batch = get_batch(actor, row.batch_id)
    outcome = side_by_side(Theirs(batch, row.region_path))
    tally = _tally(outcome)
    row.report = report_of(outcome, tally, row, _about(row, batch.source.name, batch.sha256))
    row.signature, row.alarm = sign_document(REPORT, row.report), tally.alarm
    row.lists = json.dumps(outcome.lists, ensure_ascii=False)
    row.state, row.ended_at = "done", timezone.now()
    row.save(update_fields=["report", "signature", "alarm", "lists", "state", "ended_at"])
    record = recording.get()
    if record is not None:
        record.notes |= {"agreement": row.report["agreement"], "alarm": tally.alarm}
    return row


def _tally(outcome: Outcome) -> Tally:
    common = outcome.ours.count - len(outcome.found.ours)
    return Tally(outcome.ours.count, outcome.theirs.count, common, len(outcome.found.differ))


def _about(row: Comparison, source: str, sha256: str) -> dict[str, Any]:
    place = by_path(row.region_path)
    return {
        "source": source,
        "file": row.name,
        "sha256": sha256,
        "region": place.code if place else "",
        "region_name": place.name if place else "",
        "ordered_by": row.made_by,
        "as_of": timezone.localtime().isoformat(timespec="seconds"),
    }


def report_of(outcome: Outcome, tally: Tally, row: Comparison, about: dict[str, Any]) -> dict[str, Any]:
    """What is signed: numbers only, nobody's name."""
    return {
        **about,
        "id": str(row.pk),
        "ours": tally.ours,
        "theirs": tally.theirs,
        "common": tally.common,
        "only_ours": tally.only_ours,
        "only_theirs": tally.only_theirs,
        "differ": tally.differ,
        "unread": outcome.unread,
        "agreement": round(tally.agreement, 1),
        "difference_rate": round(tally.difference_rate, 3),
        "alarm": tally.alarm,
        "buckets_that_differ": outcome.found.looked,
        "communities": _communities(outcome.ours, outcome.theirs),
    }


def _communities(ours: Side, theirs: Side) -> dict[str, list[int]]:
    codes = sorted(ours.communities.keys() | theirs.communities.keys())
    return {code: [ours.communities.get(code, 0), theirs.communities.get(code, 0)] for code in codes}


def give_up(comparison_id: UUID, error: Exception) -> None:
    """A comparison that failed is never shown as one that agreed."""
    with scoped(JOB):
        row = Comparison.objects.select_for_update().filter(pk=comparison_id, state="running").first()
        if row is not None:
            row.state, row.ended_at = "failed", timezone.now()
            row.error = error.code if isinstance(error, LinliError) else type(error).__name__
            row.save(update_fields=["state", "ended_at", "error"])
