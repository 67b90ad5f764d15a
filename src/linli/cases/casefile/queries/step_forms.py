"""Forms that offices fill in at the steps of a case: which step asks for one, what is known already, what stands in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.cases.casefile.models import Case, StepForm, Task
from linli.cases.casefile.queries.cases import answers, definition_for, get_case, get_task, process_state
from linli.cases.casefile.queries.known import Entries, known_answers
from linli.cases.casefile.queries.words import outcome_label
from linli.cases.workflow import engine as workflow
from linli.foundation.accounts.models import User
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, NotFound
from linli.records.forms.engine import plain
from linli.records.forms.types import FieldType, Form, PlainLine, Prefilled

OF_FORM = "form."


@dataclass(frozen=True)
class StepFormPage:
    """One step's form as its page needs it."""

    case: Case
    task: Task
    name: str
    form: Form
    stored: StepForm | None
    draft: dict[str, Any] = field(default_factory=dict)
    known: dict[str, Prefilled] = field(default_factory=dict)


def step_form_page(actor: Actor, case_id: UUID, task_id: UUID) -> StepFormPage:
    """The form of a step in the actor's sight, with what the application says already; 404 where the step asks for none."""
    case, task = get_case(actor, case_id), get_task(actor, task_id)
    asked = definition_for(case).form_of_step(task.step_id) if task.case_id == case.pk else None
    if asked is None:
        raise NotFound("STEP_FORM", gettext_noop("This step asks for no form."))
    stored = StepForm.objects.filter(task=task).first()
    draft = dict(json.loads(stored.data).get("draft") or {}) if stored else {}
    return StepFormPage(case, task, *asked, stored, draft, from_application(case, asked[1], answers(case)))


def from_application(case: Case, form: Form, application: Mapping[str, Any]) -> dict[str, Prefilled]:
    """`form.x` is an answer of the application, `form.members` its rows with `form.members.x` in each."""
    label, day = gettext("the application"), timezone.localdate(case.submitted_at)
    values: dict[str, Prefilled] = {}
    rows: dict[str, Callable[[], Entries]] = {}
    for key, said in application.items():
        if isinstance(said, list) and all(isinstance(row, dict) for row in said):
            prefix = f"{OF_FORM}{key}"
            found = [
                (number, {f"{prefix}.{name}": Prefilled(value, label, day) for name, value in row.items() if value not in (None, "")})
                for number, row in enumerate(said)
            ]
            rows[prefix] = lambda found=found: found  # type: ignore[misc]
        elif said not in (None, ""):
            values[f"{OF_FORM}{key}"] = Prefilled(said, label, day)
    return known_answers(form, values, rows)


def require_form(case: Case, task: Task) -> None:
    """A step with a form is signed and completed only when the form is filled in: STEP_FORM_OPEN."""
    asked = definition_for(case).form_of_step(task.step_id)
    if asked is not None and not StepForm.objects.filter(task=task, complete=True).exists():
        raise Conflict(
            "STEP_FORM_OPEN",
            gettext_noop("The form “%(form)s” of this step is not filled in."),
            hint=gettext_noop("Fill it in first; the button stands on the case page."),
            data={"form": asked[1].title},
        )


def unfilled_forms(case: Case, tasks: list[Task]) -> set[UUID]:
    """Those tasks that wait for their form: they are neither signed nor completed before."""
    chosen = definition_for(case)
    asked = {task.pk for task in tasks if chosen.form_of_step(task.step_id) is not None}
    return asked - set(StepForm.objects.filter(task__in=asked, complete=True).values_list("task_id", flat=True)) if asked else asked


@dataclass(frozen=True)
class FilledForm:
    """A step's form on the case page: whose step it is, who filled it in, its lines and attachments."""

    task: Task
    title: str
    row: StepForm | None
    lines: list[PlainLine]
    files: tuple[str, ...] = ()

    @property
    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Label and answer by section or row, as the page lists them."""
        found: dict[str, list[tuple[str, str]]] = {}
        for line in self.lines:
            found.setdefault(line.section, []).append((line.label, line.value))
        return list(found.items())


def filled_forms(case: Case, tasks: list[Task], *, reveal: bool) -> list[FilledForm]:
    """Forms of the steps so far, also those an open step still waits for, in the order of the steps."""
    chosen = definition_for(case)
    if not chosen.step_forms:
        return []
    rows = {row.task_id: row for row in StepForm.objects.filter(case=case)}
    found = []
    for task in tasks:
        asked = chosen.form_of_step(task.step_id)
        row = rows.get(task.pk)
        if asked is None or (row is None and task.state != "open"):
            continue
        said = json.loads(row.data)["answers"] if row else {}
        found.append(FilledForm(task, asked[1].title, row, plain(asked[1], said, reveal=reveal), _files(asked[1], said)))
    return found


def _files(form: Form, said: dict[str, Any]) -> tuple[str, ...]:
    keys = [item.key for section in form.sections if section.repeat is None for item in section.fields if item.type is FieldType.FILE]
    return tuple(str(one) for key in keys for one in said.get(key) or ())


def printed_rows(case: Case, task_id: str) -> list[dict[str, str]]:
    """The form of a step as a paper prints it, identity and account numbers masked; empty for a paper of no step."""
    row = StepForm.objects.select_related("task").filter(case=case, task_id=task_id).first() if task_id else None
    asked = definition_for(case).form_of_step(row.task.step_id) if row else None
    if row is None or asked is None:
        return []
    return [
        {"section": line.section, "label": line.label, "value": line.value}
        for line in plain(_masked(asked[1]), json.loads(row.data)["answers"], reveal=False, level=3)
    ]


def _masked(form: Form) -> Form:
    """Names and addresses stand in a paper of the office; numbers of people and accounts do not."""
    hidden = {FieldType.ID_NUMBER, FieldType.ID_DOCUMENT, FieldType.BANK_CARD, FieldType.PHONE}
    sections = tuple(
        section.model_copy(update={"fields": tuple(f.model_copy(update={"level": 4 if f.type in hidden else 3}) for f in section.fields)})
        for section in form.sections
    )
    return form.model_copy(update={"sections": sections})


def signers_of(case: Case, task_id: str) -> list[str]:
    """Names of who signed a step, in order; of one nobody had to sign, who did it."""
    task = Task.objects.filter(case=case, pk=task_id).first() if task_id else None
    if task is None:
        return []
    log = workflow.history(definition_for(case).process, process_state(case))
    signed = next((entry.signed for entry in reversed(log) if entry.token_id == task.token_id), ())
    names = {str(pk): name for pk, name in User.objects.filter(pk__in=signed).values_list("pk", "name")}
    return [names[key] for key in signed if key in names] or [task.done_by_name]


def notice_row(case: Case) -> dict[str, str]:
    """What a public notice says of a household, and nothing else (domain/services.md §4.1): the latest `public_*` answers of an office."""
    said: dict[str, str] = {}
    for row in StepForm.objects.select_related("task").filter(case=case, complete=True).order_by("saved_at"):
        asked = definition_for(case).form_of_step(row.task.step_id)
        lines = plain(asked[1], json.loads(row.data)["answers"], reveal=True) if asked else []
        said |= {line.path: line.value for line in lines if line.path.startswith("public_")}
    reviewed = Task.objects.filter(case=case, kind="review", state="done").order_by("-done_at").values_list("outcome", flat=True).first()
    opinion = " ".join(said[key] for key in ("public_opinion", "public_amount") if key in said)
    return {
        "name": case.applicant,
        "people": said.get("public_people", ""),
        "opinion": opinion or (outcome_label(reviewed) if reviewed else ""),
        "summary": said.get("public_summary", ""),
    }
