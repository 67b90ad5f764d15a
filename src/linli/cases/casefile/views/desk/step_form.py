"""The form of a step on a page of its own: saved as far as it goes, or finished. Works without a script, like the form at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.cases.casefile import actions, policy
from linli.cases.casefile.engine.applying import file_paths, with_problems
from linli.cases.casefile.queries.step_forms import StepFormPage, step_form_page
from linli.cases.casefile.views.desk.counter_form import MAY_STORE
from linli.cases.casefile.views.portal import uploads
from linli.foundation.actions.actions import require
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.records.forms.engine import BoundForm, bind, render_form
from linli.records.forms.types import FieldType, Form
from linli.ui.types import DeskRequest

LATER = "_later"


@dataclass(frozen=True)
class _Filling:
    """One request's page: the form as this person may fill it in."""

    request: DeskRequest
    page: StepFormPage
    form: Form

    def show(self, bound: BoundForm, *, problem: LinliError | None = None, status: int = 200) -> HttpResponse:
        """The page again."""
        context = {
            "case": self.page.case,
            "task": self.page.task,
            "title": self.page.form.title,
            "help": self.page.form.help,
            "form": self.drawn(bound),
            "problem": problem.text(gettext) if problem else "",
            "problem_hint": problem.next_step(gettext) if problem else "",
        }
        return render(self.request, "casefile/desk/step_form.html", context, status=status)

    def drawn(self, bound: BoundForm) -> str:
        """The form itself; what the office asks is the office's to read."""
        path = self.request.path
        return render_form(
            bound,
            door="desk",
            request=self.request,
            action=path,
            refresh_url=path,
            submit_label=gettext("Finish the form"),
            submit_hotkey="Alt+a",
            reveal=True,
        )

    def keep(self, bound: BoundForm, *, complete: bool) -> None:
        """Store the answers and give new attachments to the case."""
        values = bound.clean() if complete else bound.values()
        files = [UUID(str(one)) for path in file_paths(self.form) for one in values.get(path) or ()]
        actions.save_step_form(
            self.request.actor, task_id=self.page.task.pk, answers=values, draft=bound.draft(), files=files, complete=complete
        )


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.view")
def fill_in(request: DeskRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Fill in what the step asks for."""
    page = step_form_page(request.actor, pk, task)
    require(
        page.task.state == "open" and policy.holds(request.actor, page.task), gettext("This step belongs to another office or a colleague.")
    )
    filling = _Filling(request, page, page.form if request.actor.may(MAY_STORE) else _without_files(page.form))
    if request.method == "GET":
        files = uploads.known_files(request.actor, filling.form, page.draft, None)
        return filling.show(bind(filling.form, None, page.known, draft=page.draft, files=files))
    problems, new = uploads.take_in(request, filling.form) if request.FILES else ({}, {})  # type: ignore[arg-type]
    files = uploads.known_files(request.actor, filling.form, page.draft, request.POST)
    bound = bind(filling.form, request.POST, page.known, files=files, uploaded=new)
    if bound.command is not None and bound.command.kind == "refresh" and request.htmx:
        return HttpResponse(filling.drawn(bound))
    return _answer(filling, with_problems(bound, problems), bool(problems))


def _answer(filling: _Filling, bound: BoundForm, refused: bool) -> HttpResponse:
    """Keep what came in, as a whole or as far as it goes, and go on."""
    later = LATER in filling.request.POST
    try:
        if bound.ok and not later:
            filling.keep(bound, complete=True)
            messages.success(filling.request, gettext("The form is filled in. Now the step can be signed and completed."))
        elif later or bound.command is not None:
            filling.keep(bound, complete=False)
    except LinliError as error:
        return filling.show(bound, problem=error, status=error.status)
    if refused or (bound.command is not None and not later) or not (bound.ok or later):
        return filling.show(bound, status=200 if bound.command and not refused else 422)
    if later:
        messages.info(filling.request, gettext("Saved. The step waits until the form is complete."))
    return HttpResponseRedirect(reverse("case_desk_subject", args=[filling.page.case.pk]), status=303)


def _without_files(form: Form) -> Form:
    """Who may store no files is not asked for any: the photographs follow from a colleague who may."""
    sections: list[Any] = []
    for section in form.sections:
        fields = tuple(item for item in section.fields if item.type is not FieldType.FILE)
        if fields:
            sections.append(section.model_copy(update={"fields": fields}))
    return form.model_copy(update={"sections": tuple(sections)})
