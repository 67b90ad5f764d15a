"""What each row of a portion would do to the register. The check says it; the load does it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
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
from linli.registry.imports.queries.candidates import Pool, features_of_person, features_of_row, pool_for
from linli.registry.imports.queries.places import region_at
from linli.registry.imports.types import BY_ID, BY_ROW, ERROR, WARNING, Problem, Standard, Verdict
from linli.registry.matching.engine.blocking import ID_NUMBER, keys_of
from linli.registry.matching.engine.features import Features
from linli.registry.matching.engine.model import Band, Model, band, objection, score_features
from linli.registry.matching.queries import current_model
from linli.registry.matching.types import Key, Objection
from linli.registry.people.models import Person
from linli.registry.people.queries import id_index, standing_of
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import weighed
from linli.registry.sources.types import Said

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
class Portion:
    """What is read once for some rows: what their office said before, who has their numbers, and who else they may be about."""

    keys: dict[int, tuple[bytes, bytes]]
    earlier: dict[bytes, Entry]
    by_number: dict[Key, list[Person]]
    people: dict[UUID, Person]
    records: dict[int, Features]  # of rows that have to be compared
    pool: Pool

    @classmethod
    def read(cls, batch: Batch, rows: Sequence[Standard]) -> Portion:
        keys = {row.number: _index(batch.source.code, row) for row in rows}
        earlier = _earlier(batch, [key for key, _ in keys.values()])
        by_number = _by_number(rows)
        people = {person.pk: person for members in by_number.values() for person in members}
        portion = cls(keys, earlier, by_number, people, {}, Pool())
        compared = [row for row in rows if not _told(earlier, *keys[row.number]) and portion.certain(row) is None]
        portion.records |= {row.number: features_of_row(row) for row in compared}
        portion.pool = pool_for(list(portion.records.values()), by_number)
        return portion

    def certain(self, row: Standard) -> Person | None:
        """One person with the row's number, name and birth date: there is nothing to weigh (domain/community.md 15.4, step 1)."""
        members = self.by_number.get(_number_key(row), [])
        if len(members) != 1 or members[0].name != row.values.get("name"):
            return None
        birth = row.values.get("birth_date", "")
        return members[0] if not birth or members[0].birth_date == date.fromisoformat(birth) else None


@dataclass
class Judge:
    """Made once a run. ``actor`` is who ordered it: nobody enters people outside his own area."""

    batch: Batch
    actor: Actor
    lines: dict[bytes, int] = field(default_factory=dict)  # blind ID number -> first line of the file with somebody new of this number
    regions: dict[str, Region | None] = field(default_factory=dict)

    @cached_property
    def model(self) -> Model:
        """The weights for a register of this size: the more people, the more of them are alike."""
        return current_model().for_size(Person.objects.count())

    def judge(self, rows: Sequence[Standard], *, weigh: bool = True) -> list[Judged]:
        """Portions in the order of the file. Reads under a job's rights: whom the city knows does not depend on who asks.

        Without ``weigh``, linked rows are CHANGED: whoever settles their people learns by that which are not.
        """
        with scoped(JOB):
            portion = Portion.read(self.batch, [row for row in rows if not row.refused])
            judged = [self._one(portion, row) for row in rows]
            return self._weighed(portion, judged) if weigh else judged

    def _one(self, portion: Portion, row: Standard) -> Judged:
        if row.refused:
            return Judged(row, Verdict.REFUSED)
        key, digest = portion.keys[row.number]
        before = portion.earlier.get(key)
        if before is not None and _told(portion.earlier, key, digest):
            verdict = Verdict.SAME if before.state == "linked" else Verdict.DOUBTFUL
            return Judged(row, verdict, before.subject_id, key_index=key, digest=digest, said=False)
        certain = portion.certain(row)
        if certain is not None:
            return Judged(row, Verdict.CHANGED, certain.pk, key_index=key, digest=digest)
        record = portion.records[row.number]
        own = not row.key.startswith((BY_ID, BY_ROW))
        if own and before is not None and before.subject_id is not None and self._still(before.subject_id, record):
            return Judged(row, Verdict.CHANGED, before.subject_id, key_index=key, digest=digest)
        found = decide(self.model, record, portion.pool.known(keys_of(record)))
        if found.person_id is not None:
            return Judged(row, Verdict.CHANGED, found.person_id, key_index=key, digest=digest)
        region = self._region(row)
        if found.doubts:
            return Judged(row, Verdict.DOUBTFUL, None, found.doubts, key, digest, region)
        wrong = _NO_PLACE if region is None else _OUTSIDE if not self.actor.sees(region.path) else None
        if wrong is not None or region is None:
            return Judged(replace(row, problems=(*row.problems, wrong or _NO_PLACE)), Verdict.REFUSED)
        return self._new(portion, row, region, record)

    def _region(self, row: Standard) -> Region | None:
        code = row.values.get("region") or self.batch.community
        if code not in self.regions:
            self.regions[code] = region_at(code)
        return self.regions[code]

    def _new(self, portion: Portion, row: Standard, region: Region, record: Features) -> Judged:
        """Somebody new; a later row about the same person finds her, also in a check, where nothing is written."""
        key, digest = portion.keys[row.number]
        number = blind_index(record.id_number, KEY_INDEX) if record.id_number else b""
        first = self.lines.setdefault(number, row.number) if number else row.number
        if first != row.number:
            again = Problem(WARNING, "", "SAME_PERSON", gettext_noop("The same identity number stands in line %(line)s."), {"line": first})
            return Judged(replace(row, problems=(*row.problems, again)), Verdict.CHANGED, None, key_index=key, digest=digest, said=False)
        person_id = uuid7()
        portion.pool.add(person_id, record, keys_of(record))
        return Judged(row, Verdict.NEW, person_id, (), key, digest, region)

    def _still(self, person_id: UUID, record: Features) -> bool:
        """Whether an office's own number still means the same person: some give a number to somebody else later."""
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            return False
        said = score_features(self.model, record, features_of_person(person))
        plain = objection(said) in (Objection.NONE, Objection.TOO_LITTLE)
        return plain and band(said, self.model.rules) is not Band.REJECT

    def _weighed(self, portion: Portion, judged: list[Judged]) -> list[Judged]:
        """Linked rows after which everything stands as before are SAME."""
        linked = [one for one in judged if one.verdict is Verdict.CHANGED and one.said and one.person_id is not None]
        missing = {one.person_id for one in linked if one.person_id} - set(portion.people)
        people = portion.people | {p.pk: p for p in Person.objects.filter(pk__in=missing)}
        also: dict[UUID, list[Said]] = {}
        for one in linked:
            if one.person_id in people:
                also.setdefault(one.person_id, []).append(said_by(one, self.batch))
        wanted = [name for name in ATTRIBUTES if any(name in one.row.values for one in linked)]
        standings = [standing_of(people[pk], wanted) for pk in also]
        found = weighed(JOB, standings, wanted, on=timezone.localdate(), also=also)
        return unmoved(judged, {one.subject_id for one, _, what in found if what.value is not None})


def unmoved(judged: list[Judged], moved: set[UUID]) -> list[Judged]:
    """Linked rows about people of whom nothing has changed are SAME."""
    still = moved | {one.person_id for one in judged if one.verdict is Verdict.NEW and one.person_id}
    return [
        replace(one, verdict=Verdict.SAME) if one.verdict is Verdict.CHANGED and one.said and one.person_id not in still else one
        for one in judged
    ]


def _earlier(batch: Batch, keys: Sequence[bytes]) -> dict[bytes, Entry]:
    """The last entry of the same source and key that is linked to somebody or waits."""
    rows = Entry.objects.filter(source=batch.source, key_index__in=keys).exclude(state="withdrawn").defer("content")
    return {bytes(row.key_index or b""): row for row in rows.order_by("id")}


def _by_number(rows: Sequence[Standard]) -> dict[Key, list[Person]]:
    """Everybody in the city with the rows' identity numbers."""
    indexes = {id_index(row.values["id_number"]): _number_key(row) for row in rows if row.values.get("id_number")}
    found: dict[Key, list[Person]] = {}
    for person in Person.objects.filter(id_index__in=list(indexes)):
        found.setdefault(indexes[bytes(person.id_index or b"")], []).append(person)
    return found


def _number_key(row: Standard) -> Key:
    return Key(ID_NUMBER, (row.values.get("id_number", ""),))


def _told(earlier: dict[bytes, Entry], key: bytes, digest: bytes) -> bool:
    """Whether the office has said just this before."""
    before = earlier.get(key)
    return before is not None and bytes(before.digest or b"") == digest


def said_by(one: Judged, batch: Batch) -> Said:
    """The row as an entry would say it."""
    return Said(uuid7(), batch.source.code, one.row.as_of, False, batch.pk, False, one.row.values)


def content_of(row: Standard) -> str:
    """The values of a row as an entry keeps them."""
    return json.dumps(row.values, ensure_ascii=False, sort_keys=True)


def _index(source: str, row: Standard) -> tuple[bytes, bytes]:
    """Blind indexes of the office's own key, and of what the row says and of when."""
    day: date = row.as_of
    return blind_index(f"{source}\x1f{row.key}", KEY_INDEX), blind_index(f"{day}\x1f{content_of(row)}", CONTENT_INDEX)
