"""What each row of a portion would do to the register. The check says it; the load does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.uuid7 import uuid7
from linli.registry.imports.engine.deciding import Candidate, decide
from linli.registry.imports.engine.preparing import Prepared
from linli.registry.imports.models import Batch
from linli.registry.imports.queries.candidates import Pool, features_of_person, features_of_row, pool_for
from linli.registry.imports.queries.places import region_at
from linli.registry.imports.types import BY_ID, BY_ROW, ERROR, WARNING, Problem, Standard, Verdict
from linli.registry.matching.engine.blocking import keys_of
from linli.registry.matching.engine.features import Features
from linli.registry.matching.engine.model import Band, Model, band, objection, score_features
from linli.registry.matching.queries import current_model
from linli.registry.matching.types import Objection
from linli.registry.people.models import Person
from linli.registry.people.queries import standings_by_key, standings_by_number
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import weighed
from linli.registry.sources.types import Said, Standing

JOB: Final = system_actor("imports.judge")
TOLD_BY: Final = ("name", "birth_date")
_NO_PLACE = Problem(
    ERROR, "", "REGION_MISSING", gettext_noop("This person is not in the register, and the row names no community she lives in.")
)
_OUTSIDE = Problem(ERROR, "", "OUT_OF_AREA", gettext_noop("This community is not in your area."))


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what it would do. ``person_id``: whom it is linked to, or the key somebody new would get; ``path``: where she lives, if that was read.
    ``said``: it says something that is not known word for word; ``differs``: what of it is perhaps not what stands."""

    row: Standard
    verdict: Verdict
    ready: Prepared
    person_id: UUID | None = None
    doubts: tuple[Candidate, ...] = ()
    region: Region | None = None
    path: str = ""
    said: bool = True
    differs: Sequence[str] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.row.problems


class Before(NamedTuple):
    """What an office said last under a key of its own."""

    digest: bytes
    state: str
    subject_id: UUID | None


@dataclass
class Looked:
    """What is read once for some rows: what their office said before, who has their numbers, and who else they may be about."""

    earlier: dict[bytes, Before]
    by_number: dict[bytes, list[Standing]]
    records: dict[int, Features]  # of rows that have to be compared
    pool: Pool

    @classmethod
    def up(cls, batch: Batch, rows: Sequence[Prepared]) -> Looked:
        said = {name for one in rows for name in one.row.values}
        wanted = [
            name for name in ATTRIBUTES if name in TOLD_BY or (name in said and name != "id_number")
        ]  # who is found by a number has it
        earlier = _earlier(batch, [one.key_index for one in rows])
        looked = cls(earlier, standings_by_number([one.number_index for one in rows if one.number_index], wanted), {}, Pool())
        compared = [one for one in rows if not looked.told(one) and looked.certain(one) is None]
        looked.records |= {one.row.number: features_of_row(one.row) for one in compared}
        looked.pool = pool_for(list(looked.records.values()), looked._having([one.number_index for one in compared]))
        return looked

    def told(self, one: Prepared) -> bool:
        """Whether the office has said just this before."""
        before = self.earlier.get(one.key_index)
        return before is not None and before.digest == one.digest

    def certain(self, one: Prepared) -> Standing | None:
        """One person with the row's number, name and birth date: there is nothing to weigh (domain/community.md 15.4, step 1)."""
        members = self.by_number.get(one.number_index, ())
        if len(members) != 1 or members[0].values["name"] != one.row.values.get("name"):
            return None
        birth = one.row.values.get("birth_date", "")
        return members[0] if not birth or members[0].values["birth_date"] == birth else None

    def _having(self, numbers: Sequence[bytes]) -> list[Person]:
        """Those in full who have one of the numbers."""
        found = [one.subject_id for index in numbers for one in self.by_number.get(index, ())]
        return list(Person.objects.filter(pk__among=found)) if found else []


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

    def judge(self, rows: Sequence[Prepared], *, weigh: bool = True) -> list[Judged]:
        """Portions in the order of the file. Reads under a job's rights: whom the city knows does not depend on who asks.

        Without ``weigh``, linked rows that say something else than the register are CHANGED: whoever settles their people learns by that which are
        not.
        """
        with scoped(JOB):
            looked = Looked.up(self.batch, [one for one in rows if not one.row.refused])
            judged = [self._one(looked, one) for one in rows]
            return self._weighed(judged) if weigh else judged

    def _one(self, looked: Looked, one: Prepared) -> Judged:
        row = one.row
        if row.refused:
            return Judged(row, Verdict.REFUSED, one)
        before = looked.earlier.get(one.key_index)
        if before is not None and looked.told(one):
            verdict = Verdict.SAME if before.state == "linked" else Verdict.DOUBTFUL
            return Judged(row, verdict, one, before.subject_id, said=False)
        certain = looked.certain(one)
        if certain is not None:
            return _linked(one, certain.subject_id, certain)
        record = looked.records[row.number]
        own = not row.key.startswith((BY_ID, BY_ROW))
        if own and before is not None and before.subject_id is not None and self._still(before.subject_id, record):
            return _linked(one, before.subject_id)
        found = decide(self.model, record, looked.pool.known(keys_of(record)))
        if found.person_id is not None:
            return _linked(one, found.person_id)
        region = self._region(row)
        if found.doubts:
            return Judged(row, Verdict.DOUBTFUL, one, None, found.doubts, region)
        wrong = _NO_PLACE if region is None else _OUTSIDE if not self.actor.sees(region.path) else None
        if wrong is not None or region is None:
            return Judged(replace(row, problems=(*row.problems, wrong or _NO_PLACE)), Verdict.REFUSED, one)
        return self._new(looked, one, region, record)

    def _region(self, row: Standard) -> Region | None:
        code = row.values.get("region") or self.batch.community
        if code not in self.regions:
            self.regions[code] = region_at(code)
        return self.regions[code]

    def _new(self, looked: Looked, one: Prepared, region: Region, record: Features) -> Judged:
        """Somebody new; a later row about the same person finds her, also in a check, where nothing is written."""
        row, number = one.row, one.number_index
        first = self.lines.setdefault(number, row.number) if number else row.number
        if first != row.number:
            again = Problem(WARNING, "", "SAME_PERSON", gettext_noop("The same identity number stands in line %(line)s."), {"line": first})
            return Judged(replace(row, problems=(*row.problems, again)), Verdict.CHANGED, one, None, said=False)
        person_id = uuid7()
        looked.pool.add(person_id, record, keys_of(record))
        return Judged(row, Verdict.NEW, one, person_id, (), region)

    def _still(self, person_id: UUID, record: Features) -> bool:
        """Whether an office's own number still means the same person: some give a number to somebody else later."""
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            return False
        said = score_features(self.model, record, features_of_person(person))
        plain = objection(said) in (Objection.NONE, Objection.TOO_LITTLE)
        return plain and band(said, self.model.rules) is not Band.REJECT

    def _weighed(self, judged: list[Judged]) -> list[Judged]:
        """Linked rows after which everything stands as before are SAME."""
        linked = [one for one in judged if one.differs and one.person_id is not None]
        differs: dict[UUID, set[str]] = {}
        also: dict[UUID, list[Said]] = {}
        for one in judged:
            if one.said and one.person_id is not None:
                also.setdefault(one.person_id, []).append(said_by(one, self.batch))
        for one in linked:
            differs.setdefault(cast(UUID, one.person_id), set()).update(one.differs)
        known = standings_by_key(differs, {name for names in differs.values() for name in names})
        asked = [replace(one, values={name: one.values[name] for name in differs[pk]}) for pk, one in known.items()]
        found = weighed(JOB, asked, on=timezone.localdate(), also=also)
        return unmoved(judged, {one.subject_id for one, _, what in found if what.value is not None})


def _linked(one: Prepared, person_id: UUID, person: Standing | None = None) -> Judged:
    """A row that only says what stands changes nothing: one more voice for a value never brings another forward."""
    says = one.row.values
    if person is None:
        return Judged(one.row, Verdict.CHANGED, one, person_id, differs=[name for name in ATTRIBUTES if name in says])
    stands = person.values
    differs = [name for name, value in says.items() if stands.get(name, value) != value]
    return Judged(one.row, Verdict.CHANGED if differs else Verdict.SAME, one, person_id, path=person.region_path, differs=differs)


def unmoved(judged: list[Judged], moved: set[UUID]) -> list[Judged]:
    """Linked rows about people of whom nothing has changed are SAME."""
    still = moved | {one.person_id for one in judged if one.verdict is Verdict.NEW and one.person_id}
    return [
        replace(one, verdict=Verdict.SAME) if one.verdict is Verdict.CHANGED and one.said and one.person_id not in still else one
        for one in judged
    ]


def _earlier(batch: Batch, keys: Sequence[bytes]) -> dict[bytes, Before]:
    """What the source last said under some keys and did not take back: linked to somebody, or waiting."""
    rows: Any = Entry.objects.filter(source=batch.source, key_index__among=list(keys)).exclude(state="withdrawn").order_by("id")
    found = rows.values_list("key_index", "digest", "state", "subject_id")
    return {bytes(key or b""): Before(bytes(digest or b""), state, subject_id) for key, digest, state, subject_id in found}


def said_by(one: Judged, batch: Batch) -> Said:
    """The row as an entry would say it."""
    return Said(uuid7(), batch.source.code, one.row.as_of, False, batch.pk, False, one.row.values)
