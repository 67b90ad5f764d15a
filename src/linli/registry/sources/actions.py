"""Writes: sources of a pack, provenance by rank, claims, facts. Rank rule (services.md 3.7): a lower source never overwrites a higher."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_csv
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.sources import queries
from linli.registry.sources.models import Claim, Fact, Provenance, Source

FILE = "provenance.csv"
COLUMNS = ("code", "name", "rank")


@action("admin.packs", audit="sources.loaded")
def load_sources(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `provenance.csv`: where values come from, with their rank (1 is the strongest)."""
    report = LoadReport()
    path = folder / FILE
    if not path.exists():
        return report
    known = {row.code: row for row in Source.objects.all()}
    for line, row in read_csv(path, COLUMNS):
        if not row["rank"].isdigit():
            raise pack_error(path, line, f"rank is not a number: {row['rank']!r}")
        values = {"name": row["name"], "rank": int(row["rank"])}
        source = known.get(row["code"])
        names = report.compare(source, values)
        if source is None:
            source = Source(code=row["code"], **values)
            source.save(force_insert=True)
            known[source.code] = source
        elif names:
            source.name, source.rank = row["name"], int(row["rank"])
            source.save(update_fields=names)
    return report


def admit(
    subject_id: UUID, attribute: str, value: str, *, source: str, as_of: date, case_id: UUID | None, region_path: str, party_id: UUID | None
) -> bool:
    """Whether a value may be written over what is there. True: its provenance is noted. False: an open claim waits for the community.

    Called by the registers' own actions, inside their transaction. Equal ranks: the newer day wins. Provenance is the house's own book, so
    a job's actor keeps it: a resident could otherwise not see (and so overwrite) what a licence said.
    """
    new = queries.source(source)
    with scoped(system_actor("sources.admit")):
        row = Provenance.objects.select_for_update().select_related("source").filter(subject_id=subject_id, attribute=attribute).first()
        stronger = row is None or (new.rank, -as_of.toordinal()) <= (row.source.rank, -row.as_of.toordinal())
        claim = Claim(
            subject_id=subject_id,
            attribute=attribute,
            value=value,
            source=new,
            case_id=case_id,
            region_path=region_path,
            party_id=party_id,
            state="applied" if stronger else "open",
        )
        claim.save(force_insert=True)
        if not stronger:
            return False
        if row is None:
            row = Provenance(subject_id=subject_id, attribute=attribute, region_path=region_path, party_id=party_id)
        row.source, row.as_of, row.case_id = new, as_of, case_id
        row.save()
    return True


def close_claim(actor: Actor, claim: Claim, *, applied: bool) -> None:
    """Mark an open claim as decided; when applied, its source now stands behind the value although it ranks lower: somebody checked it."""
    claim.state = "applied" if applied else "rejected"
    claim.save(update_fields=["state"])
    row = Provenance.objects.select_for_update().filter(subject_id=claim.subject_id, attribute=claim.attribute).first()
    if applied and row is not None:  # facts of cases have no provenance of their own
        row.source, row.as_of, row.case_id = queries.source("collected"), claim.made_at.date(), claim.case_id
        row.save()


def open_clue(subject_id: UUID, attribute: str, value: str, *, case_id: UUID | None, region_path: str, party_id: UUID | None) -> bool:
    """A hint that waits for the community whatever its source's rank; False when the same one is open already. Inside the caller's scope."""
    rows = Claim.objects.filter(subject_id=subject_id, attribute=attribute, state="open")
    if any(row.value == value for row in rows):
        return False
    Claim(
        subject_id=subject_id,
        attribute=attribute,
        value=value,
        source=queries.source("collected"),
        case_id=case_id,
        region_path=region_path,
        party_id=party_id,
        state="open",
    ).save(force_insert=True)
    return True


def end_facts(subject_id: UUID, attribute: str, last: date) -> int:
    """Facts in force end with a day, somebody having checked it; how many. Part of the caller's action."""
    with scoped(system_actor("sources.end_facts")):
        rows = list(
            Fact.objects.select_for_update(of=("self",)).filter(subject_id=subject_id, attribute=attribute).exclude(effective_to__lte=last)
        )
        for row in rows:
            row.effective_to = max(last, row.effective_from)
            row.save(update_fields=["effective_to"])
    return len(rows)


def add_fact(
    subject_id: UUID,
    attribute: str,
    value: Any,
    *,
    source: str,
    case_id: UUID | None,
    effective: date,
    until: date | None,
    region_path: str,
    party_id: UUID | None,
) -> Fact:
    """Write what a case decided. Repeating it for the same case changes nothing; the fact before it ends the day the new one begins."""
    with scoped(system_actor("sources.add_fact")):
        if case_id is not None:
            known = Fact.objects.filter(case_id=case_id, subject_id=subject_id, attribute=attribute).first()
            if known is not None:
                return known
        for old in Fact.objects.select_for_update().filter(
            subject_id=subject_id, attribute=attribute, effective_to=None, effective_from__lt=effective
        ):
            old.effective_to = date.fromordinal(effective.toordinal() - 1)
            old.save(update_fields=["effective_to"])
        fact = Fact(
            subject_id=subject_id,
            attribute=attribute,
            value=json.dumps(value, ensure_ascii=False, sort_keys=True, default=str),
            source=queries.source(source),
            case_id=case_id,
            effective_from=effective,
            effective_to=until,
            region_path=region_path,
            party_id=party_id,
        )
        fact.save(force_insert=True)
    return fact
