"""What each row of a portion would do to the register. The check says it; the load does it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, system_actor
from linli.lib.uuid7 import uuid7
from linli.registry.imports.engine.deciding import Candidate, decide
from linli.registry.imports.models import Batch
from linli.registry.imports.queries.candidates import Pool, pool_for, record_of_person, record_of_row
from linli.registry.imports.queries.places import region_at
from linli.registry.imports.types import BY_ID, BY_ROW, ERROR, WARNING, Problem, Standard, Verdict
from linli.registry.matching.engine.blocking import ID_NUMBER, blocking_keys
from linli.registry.matching.engine.model import Band, band, objection, score
from linli.registry.matching.queries import current_model
from linli.registry.matching.types import Objection, Record
from linli.registry.people.models import Person
from linli.registry.people.queries import entered_on, text_of
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import weighed
from linli.registry.sources.types import Said, Standing

JOB: Final = system_actor("imports.judge")
KEY_INDEX, CONTENT_INDEX = "entry.key", "entry.content"
_NO_PLACE = Problem(
    ERROR, "", "REGION_MISSING", gettext_noop("This person is not in the register, and the row names no community she lives in.")
)
_OUTSIDE = Problem(ERROR, "", "OUT_OF_AREA", gettext_noop("This community is not in your area."))


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what it would do. ``person_id``: whom it is linked to, or the key somebody new would get. ``said``: it says something that is
    not known word for word."""

    row: Standard
    verdict: Verdict
    person_id: UUID | None = None
    doubts: tuple[Candidate, ...] = ()
    key_index: bytes = b""
    digest: bytes = b""
    region: Region | None = None
    said: bool = True

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.row.problems


@dataclass
class Judge:
    """Made once a run. ``actor`` is who ordered it: nobody enters people outside his own area."""

    batch: Batch
    actor: Actor
    lines: dict[bytes, int] = field(default_factory=dict)  # blind ID number -> first line of the file with somebody new of this number

    def judge(self, rows: Sequence[Standard]) -> list[Judged]:
        """Portions in the order of the file. Reads under a job's rights: whom the city knows does not depend on who asks."""
        with scoped(JOB):
            return self._judge(rows)

    def _judge(self, rows: Sequence[Standard]) -> list[Judged]:
        usable = [row for row in rows if not row.refused]
        keys = {row.number: _index(self.batch.source.code, row) for row in usable}
        earlier = self._earlier(keys.values())
        records = {row.number: record_of_row(row) for row in usable}
        pool = pool_for([records[row.number] for row in usable if not _told(earlier, *keys[row.number])])
        judged = [self._one(row, keys, earlier, records, pool) for row in rows]
        return self._weighed(judged)

    def _earlier(self, keys: Iterable[tuple[bytes, bytes]]) -> dict[bytes, Entry]:
        """The last entry of the same source and key that is linked to somebody or waits."""
        rows = Entry.objects.filter(source=self.batch.source, key_index__in=[key for key, _ in keys]).exclude(state="withdrawn")
        return {bytes(row.key_index or b""): row for row in rows.order_by("id")}

    def _one(
        self, row: Standard, keys: dict[int, tuple[bytes, bytes]], earlier: dict[bytes, Entry], records: dict[int, Record], pool: Pool
    ) -> Judged:
        if row.refused:
            return Judged(row, Verdict.REFUSED)
        key, digest = keys[row.number]
        before, record = earlier.get(key), records[row.number]
        if before is not None and _told(earlier, key, digest):
            verdict = Verdict.SAME if before.state == "linked" else Verdict.DOUBTFUL
            return Judged(row, verdict, before.subject_id, key_index=key, digest=digest, said=False)
        own = not row.key.startswith((BY_ID, BY_ROW))
        if own and before is not None and before.subject_id is not None and self._still(before.subject_id, record):
            return Judged(row, Verdict.CHANGED, before.subject_id, key_index=key, digest=digest)
        asked = blocking_keys(record)
        found = decide(current_model(), record, pool.known(asked))
        if found.person_id is not None:
            return Judged(row, Verdict.CHANGED, found.person_id, key_index=key, digest=digest)
        region = region_at(row.values.get("region") or self.batch.community)
        if found.doubts:
            return Judged(row, Verdict.DOUBTFUL, None, found.doubts, key, digest, region)
        wrong = _NO_PLACE if region is None else _OUTSIDE if not self.actor.sees(region.path) else None
        if wrong is not None or region is None:
            return Judged(replace(row, problems=(*row.problems, wrong or _NO_PLACE)), Verdict.REFUSED)
        return self._new(row, key, digest, region, record, pool)

    def _new(self, row: Standard, key: bytes, digest: bytes, region: Region, record: Record, pool: Pool) -> Judged:
        """Somebody new; a later row about the same person finds her, also in a check, where nothing is written."""
        asked = blocking_keys(record)
        number = next((blind_index(k.values[0], KEY_INDEX) for k in asked if k.kind == ID_NUMBER), b"")
        first = self.lines.setdefault(number, row.number) if number else row.number
        if first != row.number:
            again = Problem(WARNING, "", "SAME_PERSON", gettext_noop("The same identity number stands in line %(line)s."), {"line": first})
            return Judged(replace(row, problems=(*row.problems, again)), Verdict.CHANGED, None, key_index=key, digest=digest, said=False)
        person_id = uuid7()
        pool.add(person_id, record, asked)
        return Judged(row, Verdict.NEW, person_id, (), key, digest, region)

    def _still(self, person_id: UUID, record: Record) -> bool:
        """Whether an office's own number still means the same person: some give a number to somebody else later."""
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            return False
        said = score(current_model(), record, record_of_person(person))
        plain = objection(said) in (Objection.NONE, Objection.TOO_LITTLE)
        return plain and band(said, current_model().rules) is not Band.REJECT

    def _weighed(self, judged: list[Judged]) -> list[Judged]:
        """Linked rows after which everything stands as before are SAME."""
        linked = [one for one in judged if one.verdict is Verdict.CHANGED and one.said and one.person_id is not None]
        people = {p.pk: p for p in Person.objects.filter(pk__in={one.person_id for one in linked})}
        also: dict[UUID, list[Said]] = {}
        for one in linked:
            if one.person_id in people:
                also.setdefault(one.person_id, []).append(said_by(one, self.batch))
        wanted = [name for name in ATTRIBUTES if any(name in one.row.values for one in linked)]
        standings = [standing_of(people[pk], wanted) for pk in also]
        moved = {
            one.subject_id
            for one, _, found in weighed(JOB, standings, wanted, on=timezone.localdate(), also=also)
            if found.value is not None
        }
        known = {one.person_id for one in judged if one.verdict is Verdict.NEW}
        return [
            replace(one, verdict=Verdict.SAME)
            if one.verdict is Verdict.CHANGED and one.said and one.person_id not in moved and one.person_id not in known
            else one
            for one in judged
        ]


def _told(earlier: dict[bytes, Entry], key: bytes, digest: bytes) -> bool:
    """Whether the office has said just this before."""
    before = earlier.get(key)
    return before is not None and bytes(before.digest or b"") == digest


def said_by(one: Judged, batch: Batch) -> Said:
    """The row as an entry would say it."""
    return Said(uuid7(), batch.source.code, one.row.as_of, False, batch.pk, False, one.row.values)


def standing_of(person: Person, attributes: Sequence[str]) -> Standing:
    return Standing(person.pk, person.region_path, person.pk, entered_on(person.pk), {name: text_of(person, name) for name in attributes})


def content_of(row: Standard) -> str:
    """The values of a row as an entry keeps them."""
    return json.dumps(row.values, ensure_ascii=False, sort_keys=True)


def _index(source: str, row: Standard) -> tuple[bytes, bytes]:
    """Blind indexes of the office's own key, and of what the row says and of when."""
    day: date = row.as_of
    return blind_index(f"{source}\x1f{row.key}", KEY_INDEX), blind_index(f"{day}\x1f{content_of(row)}", CONTENT_INDEX)
