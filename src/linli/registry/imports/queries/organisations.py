"""What each row of a portion about organisations would do to the register. The check says it; the load does it.

An organisation is told by its credit code, else by its registration number or organisation code, else by what its office called it before. A name in
a community tells nothing for sure: such a row is left to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.uuid7 import uuid7
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries.many import bodies_by, named_in, people_by_number, plain_name, standings_of
from linli.registry.bodies.types import PREFIX
from linli.registry.imports.engine.organisations import HEAD, KIND, NAME, NUMBER, ORG_CODE, REGISTRATION, USCC
from linli.registry.imports.engine.preparing import Prepared
from linli.registry.imports.models import Batch
from linli.registry.imports.queries.judging import Before, Judged, said_by, unmoved
from linli.registry.imports.queries.places import region_at
from linli.registry.imports.queries.versions import layout as layout_of
from linli.registry.imports.types import BY_ID, BY_ROW, ERROR, REGION, WARNING, Problem, Standard, Verdict
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import weighed
from linli.registry.sources.types import Said, Standing

JOB: Final = system_actor("imports.judge")
SAME_NAME, SEVERAL = "same_name", "several"
_NO_PLACE = Problem(
    ERROR, "", "REGION_MISSING", gettext_noop("This organisation is not in the register, and the row names no community it lies in.")
)
_OUTSIDE = Problem(ERROR, "", "OUT_OF_AREA", gettext_noop("This community is not in your area."))
_NO_CODE = Problem(ERROR, "", "CODE_MISSING", gettext_noop("This organisation is not in the register, and the row has no credit code."))
_NO_KIND = Problem(ERROR, "", "KIND_MISSING", gettext_noop("What kind of organisation it is, neither the row nor its credit code says."))


@dataclass(frozen=True, slots=True)
class Alike:
    """An organisation a row may be about, as a doubtful row keeps it."""

    body_id: UUID
    why: str

    def as_json(self) -> dict[str, Any]:
        return {"person": str(self.body_id), "weight": 0.0, "probability": 0.0, "parts": [], "why": self.why}


class Looked:
    """What is read once for some rows: what their office said before, who has their codes, and who has the numbers of those who head them."""

    def __init__(self, batch: Batch, rows: Sequence[Prepared]) -> None:
        said = [one.row.values for one in rows]
        self.earlier = _earlier(batch, [one.key_index for one in rows])
        self.by_code = bodies_by("uscc", [v.get(USCC, "") for v in said])
        self.by_org = bodies_by("org_code", [v.get(ORG_CODE, "") for v in said])
        self.by_registration = bodies_by("registration_no", [v.get(REGISTRATION, "") for v in said])
        self.people = people_by_number([v.get(NUMBER, "") for v in said])
        before = {told.subject_id for told in self.earlier.values() if told.subject_id}
        known = {body.pk: body for some in (self.by_code, self.by_org, self.by_registration) for bodies in some.values() for body in bodies}
        self.bodies = known | {body.pk: body for body in Body.objects.filter(pk__in=before - known.keys())}
        self.standings = {one.subject_id: one for one in standings_of(self.bodies.values())}

    def certain(self, values: dict[str, str]) -> list[Body]:
        """Those with the row's credit code; else those with its other numbers whose credit code is not another one."""
        code = values.get(USCC, "")
        if code and code in self.by_code:
            return self.by_code[code]
        found = {b.pk: b for b in self.by_registration.get(values.get(REGISTRATION, ""), ())}
        found |= {b.pk: b for b in self.by_org.get(values.get(ORG_CODE, ""), ())}
        return [body for body in found.values() if not (code and body.uscc)]


@dataclass
class BodyJudge:
    """Made once a run. ``actor`` is who ordered it: nobody enters organisations outside his own area."""

    batch: Batch
    actor: Actor
    lines: dict[bytes, int] = field(default_factory=dict)  # of the file: code or name in its community -> first line with a new one of it
    regions: dict[str, Region | None] = field(default_factory=dict)
    names: dict[str, dict[str, list[Body]]] = field(default_factory=dict)

    def judge(self, rows: Sequence[Prepared], *, weigh: bool = True) -> list[Judged]:
        """Portions in the order of the file, under a job's rights. Without ``weigh``, linked rows that say something else are CHANGED."""
        with scoped(JOB):
            self.names.clear()  # what the portion before wrote
            looked = Looked(self.batch, [one for one in rows if not one.row.refused])
            judged = [self._one(looked, one) for one in rows]
            return self._weighed(looked, judged) if weigh else judged

    def _one(self, looked: Looked, one: Prepared) -> Judged:
        row = one.row
        if row.refused:
            return Judged(row, Verdict.REFUSED, one)
        before = looked.earlier.get(one.key_index)
        if before is not None and before.digest == one.digest:
            verdict = Verdict.SAME if before.state == "linked" else Verdict.DOUBTFUL
            return Judged(row, verdict, one, before.subject_id, said=False)
        row = _without_stranger(row, looked)
        found, region = looked.certain(row.values), self._region(row)
        if len(found) == 1:
            return _linked(row, one, looked.standings[found[0].pk])
        known = looked.bodies.get(before.subject_id) if before and before.subject_id else None
        if not found and known is not None and not row.key.startswith((BY_ID, BY_ROW)) and not _another(row.values, known):
            return _linked(row, one, looked.standings[known.pk])
        alike = [Alike(body.pk, SEVERAL) for body in found] or [Alike(body.pk, SAME_NAME) for body in self._named(row, region)]
        if alike:
            return Judged(row, Verdict.DOUBTFUL, one, None, tuple(alike), region)  # type: ignore[arg-type]
        return self._new(row, one, region)

    def _region(self, row: Standard) -> Region | None:
        code = row.values.get(REGION) or self.batch.community
        if code not in self.regions:
            self.regions[code] = region_at(code)
        return self.regions[code]

    def _named(self, row: Standard, region: Region | None) -> list[Body]:
        """Those of the row's community that have or had its name, unless both have a credit code."""
        if region is None:
            return []
        path = at_level(region.path, "community")
        if path not in self.names:
            self.names[path] = named_in(path)
        return [body for body in self.names[path].get(plain_name(row.values[NAME]), ()) if not _another(row.values, body)]

    def _new(self, row: Standard, one: Prepared, region: Region | None) -> Judged:
        values = row.values
        wrong = _NO_PLACE if region is None else _OUTSIDE if not self.actor.sees(region.path) else None
        if wrong is None and not values.get(USCC) and not layout_of(self.batch.mapping).uncoded:
            wrong = _NO_CODE
        if wrong is None and not values.get(KIND):
            wrong = _NO_KIND
        if wrong is not None or region is None:
            return Judged(replace(row, problems=(*row.problems, wrong or _NO_PLACE)), Verdict.REFUSED, one)
        mark = (values.get(USCC) or values.get(REGISTRATION) or f"{region.path} {plain_name(values[NAME])}").encode()
        first = self.lines.setdefault(mark, row.number)
        if first != row.number:
            again = Problem(WARNING, "", "SAME_BODY", gettext_noop("The same organisation stands in line %(line)s."), {"line": first})
            return Judged(replace(row, problems=(*row.problems, again)), Verdict.CHANGED, one, None, said=False)
        return Judged(row, Verdict.NEW, one, uuid7(), (), region)

    def _weighed(self, looked: Looked, judged: list[Judged]) -> list[Judged]:
        """Linked rows after which everything stands as before are SAME."""
        differs: dict[UUID, set[str]] = {}
        also: dict[UUID, list[Said]] = {}
        for one in judged:
            if one.person_id in looked.standings and one.said:
                also.setdefault(one.person_id, []).append(said_by(one, self.batch))
                differs.setdefault(one.person_id, set()).update(one.differs)
        asked = [
            replace(standing, values={name: standing.values[name] for name in differs[pk]})
            for pk, standing in looked.standings.items()
            if differs.get(pk)
        ]
        found = weighed(JOB, asked, on=timezone.localdate(), also=also)
        return unmoved(judged, {one.subject_id for one, _, what in found if what.value is not None})


def _linked(row: Standard, one: Prepared, standing: Standing) -> Judged:
    differs = [name for name, value in row.values.items() if name.startswith(PREFIX) and standing.values[name] != value]
    return Judged(row, Verdict.CHANGED if differs else Verdict.SAME, one, standing.subject_id, path=standing.region_path, differs=differs)


def _another(values: dict[str, str], body: Body) -> bool:
    """Whether the row's credit code says that it is not this one."""
    return bool(values.get(USCC) and body.uscc and values[USCC] != body.uscc)


def _without_stranger(row: Standard, looked: Looked) -> Standard:
    """Of who heads it the number is kept only where the register knows the person by this name: of others only the name is."""
    number = row.values.get(NUMBER)
    if number is None or looked.people.get(number, (None, ""))[1] == row.values.get(HEAD):
        return row
    return replace(row, values={name: value for name, value in row.values.items() if name != NUMBER})


def _earlier(batch: Batch, keys: Sequence[bytes]) -> dict[bytes, Before]:
    """What the source last said under some keys and did not take back: linked to one, or waiting."""
    rows: Any = Entry.objects.filter(source=batch.source, key_index__among=list(keys)).exclude(state="withdrawn").order_by("id")
    found = rows.values_list("key_index", "digest", "state", "subject_id")
    return {bytes(key or b""): Before(bytes(digest or b""), state, subject_id) for key, digest, state, subject_id in found}
