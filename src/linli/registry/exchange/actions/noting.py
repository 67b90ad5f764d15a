"""Changes that are more than their rows: two people became one, or two again. All others are noted by triggers (`models.following`)."""

from __future__ import annotations

from uuid import UUID

from linli.registry.exchange.models import Change
from linli.registry.people.models import Person


def note_merge(stayed: UUID, gone: UUID, region_path: str) -> None:
    """Tell subscribers that ``gone`` is ``stayed`` from now on; called inside the transaction of the merger, under a job's rights.

    Who could see only the one that is gone is told too: her row's place is told beside the other's.
    """
    places = {region_path, *Person.every.filter(pk=gone).values_list("region_path", flat=True)}
    for place in sorted(places):
        Change(entity="person", subject_id=gone, other_id=stayed, op="MERGE", region_path=place).save(force_insert=True)


def note_split(stayed: UUID, part: UUID, region_path: str) -> None:
    """Tell subscribers that ``part`` is a person again, no longer ``stayed``."""
    places = {region_path, *Person.every.filter(pk=stayed).values_list("region_path", flat=True)}
    for place in sorted(places):
        Change(entity="person", subject_id=stayed, other_id=part, op="SPLIT", region_path=place).save(force_insert=True)
