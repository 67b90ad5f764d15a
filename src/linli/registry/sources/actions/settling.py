"""Choosing anew what the register says of some subjects, after entries came, went or were linked to somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import current_actor
from linli.foundation.scope.models import insert_rows
from linli.foundation.types import system_actor
from linli.registry.sources import queries
from linli.registry.sources.actions.claims import open_clue
from linli.registry.sources.engine import Weighed
from linli.registry.sources.models import Entry, Provenance
from linli.registry.sources.types import Standing

Outcome = tuple[Standing, str, Weighed]


def settle(subjects: Sequence[Standing], *, on: date) -> dict[UUID, dict[str, str]]:
    """Subject -> attribute -> the value that now stands, where it is another than before; "" where nobody says anything any more. Of each subject the
    attributes it is given with are chosen anew.

    Part of the caller's action, under a job's rights and with the subjects locked; the caller writes the values. What was entered by hand
    and gives way to a file becomes an entry of its own, so that it comes back when the file is taken back. Where a person has to decide,
    what stood stands and a claim is opened.
    """
    outcomes = queries.weighed(current_actor(), subjects, on=on)
    insert_rows(list(_remembered(outcomes)))
    for one, attribute, found in outcomes:
        if found.value is not None and found.kept is not None and found.kept.value:  # its provenance is the new entry's
            Provenance.objects.filter(subject_id=one.subject_id, attribute=attribute).delete()
        if (clue := found.clue) is not None:
            about = {"case_id": None, "region_path": one.region_path, "party_id": one.party_id, "source": clue.source}
            open_clue(one.subject_id, attribute, clue.value, **about)  # type: ignore[arg-type]
    changed: dict[UUID, dict[str, str]] = {}
    for one, attribute, found in outcomes:
        if found.value is not None:
            changed.setdefault(one.subject_id, {})[attribute] = found.value
    return changed


def _remembered(outcomes: Iterable[Outcome]) -> Iterator[Entry]:
    """What gives way, as entries without a batch: one for each subject, source and day."""
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


def keep_word(one: Standing, attribute: str, value: str) -> None:
    """What was entered by hand is about to be overruled: remember whose word it was. Part of the caller's action; nothing to do where a file said it."""
    with scoped(system_actor("sources.keep")):
        standing = replace(one, values={attribute: value})
        offers, _ = queries.heard(current_actor(), standing, attribute)
        own = next((offer for offer in offers if offer.entry_id is None), None)
        if own is not None:
            insert_rows(list(_remembered([(standing, attribute, Weighed(kept=own))])))
