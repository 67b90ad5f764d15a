"""Casting moulds: one real case a matter is played through the real actions, step by step, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from linli.cases.casefile.actions.holding import suspend_case, withdraw_case
from linli.cases.casefile.actions.intake import (
    CORRECTION_DAYS,
    accept_by_silence,
    accept_case,
    answer_correction,
    correct_case,
    refuse_case,
)
from linli.cases.casefile.actions.opening import Applicant, submit_at_counter, submit_case
from linli.cases.casefile.actions.routing import sign_task
from linli.cases.casefile.actions.step_forms import save_step_form
from linli.cases.casefile.actions.steps import NEGATIVE, STEP_PERMISSION, complete_task
from linli.cases.casefile.engine.stamp_mould import BACK, Moment, Mould, Step, born
from linli.cases.casefile.models import Case, CaseProcess, Material, Task
from linli.cases.casefile.queries.stamp_snapshot import Sheet, cast
from linli.cases.catalogue.queries import Definition
from linli.cases.supervision.models import Suspension
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, RegionRange, system_actor
from linli.lib.errors import LinliError
from linli.lib.periods import add_months
from linli.lib.uuid7 import uuid7
from linli.registry.people.models import Person

PLAYER = system_actor("city.moulds")
CITIZEN = frozenset({"cases.submit", "cases.withdraw_own", "cases.answer"})
STAFF = frozenset(
    f"cases.{word}"
    for word in (
        "view",
        "accept",
        "refuse",
        "correct",
        "review",
        "decide",
        "deliver",
        "suspend",
        "sign",
        "submit_counter",
        "answer",
        "claim",
        "transfer",
    )
)
# how often a case of the past ended how; open ones share theirs evenly but for these
CLOSED = {"delivered": 0.72, "corrected": 0.08, "refused": 0.07, "withdrawn": 0.05, "withdrawn_later": 0.03, "not_accepted": 0.05}
OPEN = {"submitted": 1.6, "correcting": 0.7, "suspended": 0.5, "deemed": 0.15, "refused_open": 0.3}
REASON, ITEM, REPLY = "@reason@", "@item@", "@reply@"  # the copies say something real here


class _TakenBack(Exception):  # noqa: N818 - not an error: the way out of a transaction that must not stay
    pass


@contextmanager
def taken_back() -> Iterator[None]:
    """Everything written inside is rolled back at the end."""
    try:
        with transaction.atomic():
            yield
            raise _TakenBack
    except _TakenBack:
        pass


class Play:
    """One case of one matter at one place, handed in at the portal or the counter."""

    def __init__(self, definition: Definition, place: Region, *, counter: bool) -> None:
        self.definition, self.place, self.counter = definition, place, counter
        self.sheet = Sheet()
        self.moulds: list[Mould] = []
        self.notes: list[str] = []

    def run(self) -> list[Mould]:
        with scoped(PLAYER), taken_back():
            self._person = Person(name="@applicant@", region=self.place, region_path=self.place.path)
            self._person.save(force_insert=True)
            self._submit()
            self._keep("submitted")
            self._before_acceptance()
            self._to_the_end("delivered")
        return self.moulds

    # -- the people of the play ------------------------------------------------------------------------------------------

    def _citizen(self) -> Actor:
        return Actor(
            ActorKind.CITIZEN, user_id=self.sheet.citizen, label="@applicant@", party_id=self._person.id, permissions=CITIZEN, assurance=1
        )

    def _officer(self, unit_id: UUID | None, permission: str) -> Actor:
        """Somebody new of this office for each step, so that the copies know whom to put there."""
        user_id = uuid7()
        self.sheet.officers.append(user_id)
        self.sheet.posts.append((self.sheet.office(unit_id), permission))
        label = f"@n{len(self.sheet.officers) - 1}@"
        return Actor(
            ActorKind.STAFF,
            user_id=user_id,
            label=label,
            ranges=(RegionRange("0", "~"),),
            unit_ids=(unit_id,) if unit_id else (),
            permissions=STAFF,
        )

    # -- steps -----------------------------------------------------------------------------------------------------------

    def _do(self, step: Step, act: Callable[[], Any]) -> None:
        """Perform one action and note when it wrote what."""
        began = timezone.now()
        act()
        self.sheet.moments.append(Moment(step, began, timezone.now()))
        due = Case.objects.values_list("due_at", flat=True).get(pk=self.case_id)
        if due is not None:
            self.sheet.dues.add(timezone.localtime(due).isoformat())
        born(CaseProcess.objects.values_list("state", flat=True).get(pk=self.case_id), self.sheet.births, len(self.sheet.moments) - 1)

    def _submit(self) -> None:
        applicant = Applicant(name="@applicant@", region_id=self.place.id, party_id=self._person.id)
        given: dict[str, Any] = {
            "version_id": self.definition.version_id,
            "answers": {},
            "applicant": applicant,
            "submission_key": uuid4().hex,
        }
        unit = self.sheet.unit_at("community", "", self.place.path)
        clerk = self._officer(unit, "cases.submit_counter") if self.counter else None

        def act() -> None:
            done = submit_at_counter(clerk, unit_id=unit, **given) if clerk and unit else submit_case(self._citizen(), **given)
            self.case_id = done.case.id

        self._do(Step("submit", 0), act)

    def _task(self) -> Task | None:
        return Task.objects.filter(case_id=self.case_id, state="open").order_by("opened_at", "id").first()

    def _accept(self, task: Task) -> None:
        shown = dict.fromkeys(Material.objects.filter(case_id=self.case_id, state="missing").values_list("key", flat=True), "shown")
        self._do(
            self._step_of(task), lambda: accept_case(self._officer(task.unit_id, "cases.accept"), case_id=self.case_id, promises=shown)
        )

    def _complete(self, task: Task, outcome: str) -> None:
        spec = self.definition.process.steps[task.step_id]
        permission = STEP_PERMISSION.get(task.kind, "cases.review")
        if task.kind == "publicity":
            self._put_back(task)
        officer = self._officer(task.unit_id, permission)

        def act() -> None:
            if self.definition.form_of_step(task.step_id) is not None:
                save_step_form(officer, task_id=task.id, answers={})
            if spec.people > 1:
                for signer in [officer, *(self._officer(task.unit_id, permission) for _ in range(spec.people - 1))]:
                    sign_task(signer, task_id=task.id)
            to = self.sheet.unit_at("street", "", self.place.path) if task.kind == "dispatch" else None
            complete_task(
                officer,
                task_id=task.id,
                outcome=outcome,
                opinion=REASON if outcome in NEGATIVE else REPLY if task.kind == "reply" else "",
                unit_id=to,
            )

        self._do(self._step_of(task), act)

    def _put_back(self, task: Task) -> None:
        """Let the public notice have hung its days."""
        Task.objects.filter(pk=task.pk).update(opened_at=task.opened_at - BACK)
        for row in Suspension.objects.filter(subject_id=self.case_id, until=None):
            row.since -= BACK
            row.save(update_fields=["since"])

    def _step_of(self, task: Task) -> Step:
        spec = self.definition.process.steps[task.step_id]
        kind = "accept" if task.kind in ("accept", "dispatch") else task.kind
        return Step(kind, int(spec.days) if spec.days is not None else 1)

    # -- the ways a case can go ---------------------------------------------------------------------------------------------

    def _before_acceptance(self) -> None:
        task = self._task()
        if task is None or task.kind != "accept":
            return
        with self._aside():
            self._correct(task)
            self._keep("correcting", waits=Step("answer", 20))
            self._do(Step("answer", 20), lambda: answer_correction(self._citizen(), case_id=self.case_id, answers={}))
            self._to_the_end("corrected", only_end=True)
        with self._aside():
            self._do(
                self._step_of(task), lambda: refuse_case(self._officer(task.unit_id, "cases.refuse"), case_id=self.case_id, reason=REASON)
            )
            self._keep("not_accepted")
        with self._aside():
            self._do(Step("withdraw"), lambda: withdraw_case(self._citizen(), case_id=self.case_id))
            self._keep("withdrawn")
        with self._aside():
            self._do(Step("silence", 5), lambda: accept_by_silence(self.case_id, PLAYER, now=timezone.now()))
            self._keep("deemed")

    def _correct(self, task: Task) -> None:
        self._do(Step("accept", 1), lambda: correct_case(self._officer(task.unit_id, "cases.correct"), case_id=self.case_id, items=[ITEM]))

    def _to_the_end(self, name: str, *, only_end: bool = False) -> None:
        """Step by step until nobody has anything to do; a mould at each stop unless ``only_end``."""
        while (task := self._task()) is not None:
            state = Case.objects.values_list("state", flat=True).get(pk=self.case_id)
            try:
                self._one(task, state, only_end)
            except LinliError as error:
                self.notes.append(f"{self.definition.matter_code}: the step {task.step_id} cannot be done ({error.code})")
                return
            if self._task() is not None and not only_end:
                self._keep("open")
        self._keep(name)

    def _one(self, task: Task, state: str, only_end: bool) -> None:
        if task.kind in ("accept", "dispatch") and state == "submitted":
            self._accept(task)
            if not only_end:
                self._after_acceptance()
            return
        outcomes = self.definition.process.steps[task.step_id].outcomes or ("done",)
        negative = next((o for o in outcomes if o in NEGATIVE), "")
        if task.kind == "decide" and negative and not only_end:
            with self._aside():
                self._complete(task, negative)
                self._keep("refused_open")
                self._to_the_end("refused", only_end=True)
        self._complete(task, outcomes[0])

    def _after_acceptance(self) -> None:
        special = [p for p in self.definition.spec.special_procedures if p.key != "publicity"]
        task = self._task()
        if special and task is not None:
            with self._aside():
                days = special[0].longest.amount
                self._do(
                    Step("suspend"),
                    lambda: suspend_case(self._officer(task.unit_id, "cases.suspend"), case_id=self.case_id, procedure=special[0].key),
                )
                self._keep("suspended", waits=Step("resume", days))
        with self._aside():
            self._do(Step("withdraw"), lambda: withdraw_case(self._citizen(), case_id=self.case_id))
            self._keep("withdrawn_later")

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Play another ending, then go on from here as if nothing had been."""
        sheet = self.sheet
        self.sheet = deepcopy(sheet)
        try:
            with taken_back():
                yield
        finally:
            self.sheet = sheet

    def _keep(self, ending: str, *, waits: Step | None = None) -> None:
        """Cast a mould of the case as it stands."""
        task = self._task()
        if waits is None and task is not None:
            waits = self._step_of(task)
        weight = CLOSED[ending] if waits is None else OPEN.get(ending, 1.0)
        mould = Mould(self.definition.matter_code, ending, self.counter, weight, tuple(m.step for m in self.sheet.moments), waits)
        self.moulds.append(cast(mould, self.case_id, self.sheet, self._marks()))

    def _marks(self) -> dict[str, str]:
        today = timezone.localdate()
        marks = dict.fromkeys(self.sheet.dues, "due")
        return {
            **marks,
            add_months(today.replace(day=1), 1).isoformat(): "next_month",
            (today + timedelta(days=CORRECTION_DAYS)).isoformat(): "until",
            today.isoformat(): "today",
        }
