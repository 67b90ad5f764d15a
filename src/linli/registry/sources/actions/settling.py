"""Choosing anew what the register says of some subjects, after entries came, went or were linked to somebody else."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from linli.foundation.scope.engine import current_actor
from linli.foundation.scope.models import insert_rows, update_rows
from linli.registry.sources import queries
from linli.registry.sources.actions.claims import open_clue
from linli.registry.sources.engine import Weighed
from linli.registry.sources.models import Entry, Provenance
from linli.registry.sources.types import Offer, Standing

BEHIND = ("source_id", "as_of", "entry_id", "verified", "locked_until", "case_id")
Outcome = tuple[Standing, str, Weighed]


def settle(subjects: Sequence[Standing], attributes: Collection[str], *, on: date) -> dict[UUID, dict[str, str]]:
    """Subject -> attribute -> the value that now stands, where it is another than before; "" where nobody says anything any more.

    Part of the caller's action, under a job's rights and with the subjects locked; the caller writes the values. What was entered by hand
    and gives way to a file becomes an entry of its own, so that it comes back when the file is taken back. Where a person has to decide,
    what stood stands and a claim is opened.
    """
    outcomes = queries.weighed(current_actor(), subjects, attributes, on=on)
    _note(outcomes, attributes)
    insert_rows(list(_baselines(outcomes)))
    for one, attribute, found in outcomes:
        if (clue := found.clue) is not None:
            about = {"case_id": None, "region_path": one.region_path, "party_id": one.party_id, "source": clue.source}
            open_clue(one.subject_id, attribute, clue.value, **about)  # type: ignore[arg-type]
    changed: dict[UUID, dict[str, str]] = {}
    for one, attribute, found in outcomes:
        if found.value is not None:
            changed.setdefault(one.subject_id, {})[attribute] = found.value
    return changed


def _note(outcomes: Sequence[Outcome], attributes: Collection[str]) -> None:
    """Write down whose word stands now."""
    touched = [one.subject_id for one, _, found in outcomes if found.stands is not None or found.gone]
    rows = Provenance.objects.select_for_update().filter(subject_id__in=touched, attribute__in=list(attributes))
    known = {(row.subject_id, row.attribute): row for row in rows}
    new, changed, gone = [], [], []
    for one, attribute, found in outcomes:
        row = known.get((one.subject_id, attribute))
        if found.gone and row is not None:
            gone.append(row.pk)
        if found.stands is None:
            continue
        if row is None:
            row = Provenance(subject_id=one.subject_id, attribute=attribute, region_path=one.region_path, party_id=one.party_id)
            new.append(row)
        else:
            changed.append(row)
        _point(row, found.stands)
    insert_rows(new)
    update_rows(changed, BEHIND)
    if gone:
        Provenance.objects.filter(pk__in=gone).delete()


def _point(row: Provenance, stands: Offer) -> None:
    row.source, row.as_of, row.entry_id = queries.source(stands.source), stands.as_of, stands.entry_id
    row.verified, row.locked_until, row.case_id = stands.verified, stands.locked_until, None


def _baselines(outcomes: Iterable[Outcome]) -> Iterator[Entry]:
    """What was entered by hand and gives way, as entries: one for each subject, source and day."""
    kept: dict[tuple[UUID, str, date, bool], tuple[Standing, dict[str, str]]] = {}
    for one, attribute, found in outcomes:
        if (was := found.kept) is not None:
            kept.setdefault((one.subject_id, was.source, was.as_of, was.verified), (one, {}))[1][attribute] = was.value
    for (subject_id, source, as_of, verified), (one, values) in kept.items():
        yield Entry(
            source=queries.source(source),
            subject_id=subject_id,
            as_of=as_of,
            verified=verified,
            content=json.dumps(values, ensure_ascii=False, sort_keys=True),
            region_path=one.region_path,
            party_id=one.party_id,
        )
