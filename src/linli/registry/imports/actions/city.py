"""Files of other offices in a synthetic city: a data officer brings them, loads some, takes one back, and decides a few doubtful rows.

Through the very actions of the desk, with the jobs run at once, so that files, portions, entries, pairs and trail are those of a real day. The people are
of one street, with the values the register has of them. Nobody stays who came by a file: a city has as many people as it was asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from linli.foundation.access.queries import actor_of
from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.households.actions.city import population_data
from linli.registry.imports import queries
from linli.registry.imports.actions.batches import order_load, order_undo, upload
from linli.registry.imports.actions.checking import check_on
from linli.registry.imports.actions.consequences import follow_on
from linli.registry.imports.actions.doubts import decide_doubt
from linli.registry.imports.actions.loading import load_on
from linli.registry.imports.actions.undoing import undo_on
from linli.registry.imports.engine.office_files import CityPlan, FilePlan, read_plan, write_file
from linli.registry.imports.engine.office_rows import Clerk, Resident
from linli.registry.imports.models import Batch, Doubt
from linli.registry.imports.queries.city import data_officer, residents
from linli.registry.people.engine.dice import dice
from linli.registry.people.engine.namebook import NameBook

JOB: Final = system_actor("city.imports")


def build_imports(city: CityContext) -> None:
    """Nothing where no pack plans files, nobody is data officer, nobody lives in the street, or files were brought before."""
    plan = read_plan(Path(settings.PACKS_DIR) / pack for pack in settings.PACKS)
    if plan is None:
        return
    with scoped(JOB):
        officer = None if Batch.objects.exists() else data_officer()
    if officer is None:
        return
    office = _Office(actor_of(officer), city, plan)
    if not office.people():
        return
    for one in plan.files:
        office.work(one)
    with scoped(JOB):
        waiting = Doubt.objects.filter(state="open").count()
    city.say(f"{len(plan.files)} files of other offices, {waiting} rows to review")


class _Office:
    """The data officer's days."""

    def __init__(self, actor: Actor, city: CityContext, plan: CityPlan) -> None:
        self._actor, self._city, self._plan = actor, city, plan
        self._book = NameBook(population_data()[0])
        self._today = min(city.as_of, timezone.localdate())  # a city may be seen from a day that lies ahead; a file may not

    def people(self) -> list[Resident]:
        """Of the street, as the register knows them by now."""
        with scoped(JOB):
            return residents(self._plan.street, most=max(one.rows for one in self._plan.files))

    def work(self, plan: FilePlan) -> None:
        """One file, to the end that is planned for it."""
        batch = self._run(self._bring(plan), "checking", check_on)
        if plan.end == "checked":
            return
        order_load(self._actor, batch_id=batch)
        self._run(batch, "loading", load_on)
        self._run(batch, "following", follow_on)
        self._decide(batch, plan.decide)
        if plan.end == "undone":
            order_undo(self._actor, batch_id=batch)
            self._run(batch, "undoing", undo_on)

    def _bring(self, plan: FilePlan) -> UUID:
        day, people = self._today - timedelta(days=plan.days), self.people()
        community, name = _largest(people)
        told = {"year": day.year, "month": day.month, "day": day.day, "community": name}
        about = [one for one in people if not plan.one_community or one.values["region"] == community]
        clerk = Clerk(plan, day, dice("imports", self._city.seed, plan.layout), self._book, _taken)
        return upload(
            self._actor,
            file=BytesIO(write_file(plan, clerk.rows(about), told=told)),
            name=plan.name.format(**told),
            layout=plan.layout,
            as_of=day,
            community=community if plan.one_community else "",
        ).pk

    def _run(self, batch: UUID, state: str, step: Callable[[UUID], None]) -> UUID:
        """Turn after turn; the jobs that were queued find the work done."""
        while self._state(batch) == state:
            step(batch)
        return batch

    def _state(self, batch: UUID) -> str:
        with scoped(JOB):
            return str(queries.get_batch(JOB, batch).state)

    def _decide(self, batch: UUID, most: int) -> None:
        """The first rows of the list whose number the register gives to somebody else's name: it is the same person, renamed."""
        with scoped(JOB):
            waiting = sorted(queries.open_doubts(JOB, batch), key=lambda doubt: doubt.line)
        sure = [doubt for doubt in waiting if [one["why"] for one in doubt.candidates] == ["shared_number"]]
        for doubt in sure[:most]:
            decide_doubt(self._actor, doubt_id=doubt.pk, person_id=UUID(doubt.candidates[0]["person"]))


def _largest(people: Sequence[Resident]) -> tuple[str, str]:
    """Code and name of the community most of them live in."""
    counted = Counter((one.values["region"], one.community) for one in people)
    return min(counted, key=lambda found: (-counted[found], found))


def _taken(number: str) -> bool:
    with scoped(JOB):
        return queries.number_taken(number)
