"""Both sides of a comparison, and comparisons that were made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from linli.foundation.files.engine.proofs import Proof, canonical
from linli.foundation.files.models import StoredFile
from linli.foundation.files.queries import path_on_disk
from linli.foundation.regions.queries import below
from linli.foundation.scope.engine import keyring
from linli.foundation.types import PATH_END, Actor
from linli.lib.errors import NotFound
from linli.lib.masking import mask_id_number
from linli.registry.imports import queries as imports
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.standard import Standardiser
from linli.registry.imports.models import Batch
from linli.registry.imports.types import Mapping, heading_key
from linli.registry.people.models import Person
from linli.registry.quality import policy
from linli.registry.quality.engine.buckets import Difference, Side, compare, key_of
from linli.registry.quality.models import Comparison

COMPARED = ("name", "sex", "birth_date")
"""What is compared of people both have, where the other side says it."""
MOST_LISTED = 1000
REPORT = Proof(
    title=gettext_lazy("Report of a comparison with another database"),
    part="report",
    purpose="quality.comparison",
    lines=lambda report: [
        (gettext_lazy("Their database"), f"{report.get('source', '')}: {report.get('file', '')}"),
        (gettext_lazy("Region"), str(report.get("region_name", ""))),
        (gettext_lazy("Agreement"), f"{report.get('agreement', '')} %"),
        (gettext_lazy("Made at"), str(report.get("as_of", ""))),
    ],
)
"""How the signed report is known again."""


class Row(NamedTuple):
    """Somebody of one side. ``ref``: our key, or their line."""

    ref: str
    number: str
    values: tuple[str, ...]
    community: str


@dataclass(frozen=True)
class Theirs:
    """The file of a batch as the other side. Rows that cannot be read or have no number are counted, not compared."""

    batch: Batch
    path: str

    def columns(self) -> tuple[str, ...]:
        """Of `COMPARED`, what the layout knows and this file has a heading for: what nobody says does not differ."""
        stored, mapping = self._file()
        with open_table(path_on_disk(stored), stored.name, mapping) as table:
            there = {heading_key(heading) for heading in table.headings}
        said = {column.attribute for column in mapping.columns if there & set(map(heading_key, column.headings))}
        return tuple(name for name in COMPARED if name in said)

    def _file(self) -> tuple[StoredFile, Mapping]:
        return StoredFile.objects.get(pk=self.batch.file_id), imports.layout(self.batch.mapping)

    def rows(self) -> Iterator[Row | None]:
        """None for a row that cannot be compared. Rows about communities outside the region are left out."""
        stored, mapping = self._file()
        inside = {region.code[:12] for region in below(self.path, "community")}
        known, columns, today = imports.communities(), self.columns(), timezone.localdate()
        with open_table(path_on_disk(stored), stored.name, mapping) as table:
            reader = Standardiser(mapping, table.headings, today=today, batch_day=self.batch.as_of, regions=known)
            for line in table.rows():
                row = reader.standardise(*line)
                number, place = row.values.get("id_number", ""), row.values.get("region") or self.batch.community
                if place and place not in inside:
                    continue
                said = tuple(row.values.get(name, "") for name in columns)
                yield None if row.refused or not number else Row(str(row.number), number, said, place)


def ours(path: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Living people of a region who have a number, community by community. Under a job's rights: numbers are opened row by row."""
    for region in below(path, "community"):
        here = Person.objects.filter(region_path__gte=region.path, region_path__lt=region.path + PATH_END, died_on=None)
        rows = here.exclude(id_index=None).values_list("pk", "id_number", *columns)
        for pk, number, *said in rows.iterator(chunk_size=2000):
            yield Row(str(pk), number, tuple("" if value is None else str(value) for value in said), region.code[:12])


@dataclass(slots=True)
class Outcome:
    ours: Side
    theirs: Side
    found: Difference
    unread: int
    lists: dict[str, list[list[str]]]


def side_by_side(theirs: Theirs) -> Outcome:
    """Read both sides once into buckets, compare, and read them again for the people who differ: memory is 24 bytes a person and the lists."""
    mine, other, unread, columns = Side(), Side(), 0, theirs.columns()
    for row in ours(theirs.path, columns):
        mine.add(row.number, row.values, row.community)
    for told in theirs.rows():
        if told is None:
            unread += 1
        else:
            other.add(told.number, told.values, told.community)
    mine.sort()
    other.sort()
    found = compare(mine, other)
    return Outcome(mine, other, found, unread, _lists(theirs, found))


def _lists(theirs: Theirs, found: Difference) -> dict[str, list[list[str]]]:
    """``ours`` and ``differ`` as [key, name, masked number, what they say], ``theirs`` as [line, name, masked number]; the first `MOST_LISTED` of each."""
    lists: dict[str, list[list[str]]] = {"ours": [], "theirs": [], "differ": []}
    columns, said = theirs.columns(), dict[bytes, Row]()
    if not (found.ours or found.theirs or found.differ):
        return lists
    for told in theirs.rows():
        if told is None:
            continue
        key = key_of(told.number)
        if key in found.theirs and len(lists["theirs"]) < MOST_LISTED:
            lists["theirs"].append([told.ref, _name(told, columns), mask_id_number(told.number)])
        elif key in found.differ and len(said) < MOST_LISTED:
            said[key] = told
    for row in ours(theirs.path, columns):
        key = key_of(row.number)
        if key in found.ours and len(lists["ours"]) < MOST_LISTED:
            lists["ours"].append([row.ref, _name(row, columns), mask_id_number(row.number)])
        elif key in said:
            wrong = [name for name, mine, other in zip(columns, row.values, said[key].values, strict=True) if mine != other]
            lists["differ"].append([row.ref, _name(row, columns), mask_id_number(row.number), said[key].ref, " ".join(wrong)])
    return lists


def _name(row: Row, columns: tuple[str, ...]) -> str:
    return row.values[columns.index("name")] if "name" in columns else ""


def comparisons(actor: Actor) -> QuerySet[Comparison]:
    return Comparison.objects.filter(policy.comparisons.visible(actor)).order_by("-made_at")


def get_comparison(actor: Actor, pk: UUID) -> Comparison:
    """One comparison; `NotFound` for any other."""
    row = comparisons(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound("COMPARISON_UNKNOWN", gettext_noop("There is no such comparison."))
    return row


def signed(row: Comparison) -> bool:
    """Whether a report is as it was signed by this city's key."""
    return bool(row.signature) and keyring().verify(canonical(row.report), row.signature, REPORT.purpose)
