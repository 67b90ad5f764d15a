"""One address for each step of a case. A refusal comes back on the case page, beside its field, with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from linli.cases.casefile import actions
from linli.cases.casefile.forms import desk as forms
from linli.cases.casefile.queries.cases import get_task
from linli.cases.casefile.queries.desk import case_view
from linli.cases.casefile.views.desk.case import show_case
from linli.cases.casefile.views.desk.moves import Sent, form_of
from linli.foundation.gate import desk
from linli.lib.errors import Conflict, LinliError, NotFound
from linli.ui.types import DeskRequest

Run = Callable[[Any], Any]
GONE = gettext_noop("Somebody has done this step meanwhile.")


def _take(request: DeskRequest, pk: UUID, key: str, run: Run, said: str, *, task_id: UUID | None = None) -> HttpResponse:
    """Read the form, take the step, go back to the case; or show the case with what was refused."""
    view = case_view(request.actor, pk)
    task = next((t for t in view.open if t.task.pk == task_id), None)
    error: LinliError | None = None
    if task_id is not None and task is None:
        if get_task(request.actor, task_id).case_id != pk:
            raise NotFound("TASK", gettext_noop("There is no such task, or it is not yours to see."))
        error = Conflict("TASK_DONE", GONE)
        form: Any = _kept(request)
    else:
        form = form_of(key, request.actor, view, task, request.POST)
        if form.is_valid():
            try:
                run(form)
            except NotFound:
                raise
            except LinliError as refused:
                error = refused
            else:
                messages.success(request, said)
                return HttpResponseRedirect(reverse("case_desk_subject", args=[pk]), status=303)
    if error is not None:
        form.refuse(error)
    return show_case(request, pk, sent=Sent(key, task_id, form), status=error.status if error else 422)


def _kept(request: DeskRequest) -> forms.StepForm:
    """A form that only keeps what was typed, for a step that is gone."""
    form = forms.KeptForm(request.POST)
    form.is_valid()
    return form


@require_POST
@desk("cases.accept")
def accept(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Accept the application; the clock starts."""
    return _take(
        request,
        pk,
        "accept",
        lambda f: actions.accept_case(request.actor, case_id=pk, promises=f.promises()),
        gettext("Accepted. The clock is running."),
    )


@require_POST
@desk("cases.refuse")
def refuse(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Do not accept, in writing."""
    return _take(
        request,
        pk,
        "refuse",
        lambda f: actions.refuse_case(request.actor, case_id=pk, **f.cleaned_data),
        gettext("Not accepted. The notice is being printed."),
    )


@require_POST
@desk("cases.correct")
def correct(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Name once everything that is missing."""

    def run(form: forms.CorrectForm) -> None:
        values = form.cleaned_data
        actions.correct_case(request.actor, case_id=pk, items=form.wanted(), note=values["note"], why_again=values.get("why_again", ""))

    return _take(request, pk, "correct", run, gettext("The correction notice is on its way."))


@require_POST
@desk("cases.view")
def complete(request: DeskRequest, pk: UUID, task: UUID) -> HttpResponse:
    """End a step with its outcome and opinion."""
    return _take(
        request,
        pk,
        "complete",
        lambda f: actions.complete_task(request.actor, task_id=task, **f.cleaned_data),
        gettext("The step is completed."),
        task_id=task,
    )


@require_POST
@desk("cases.return")
def send_back(request: DeskRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Back to an earlier step."""
    return _take(
        request,
        pk,
        "return",
        lambda f: actions.return_task(request.actor, task_id=task, **f.cleaned_data),
        gettext("Sent back."),
        task_id=task,
    )


@require_POST
@desk("cases.transfer")
def transfer(request: DeskRequest, pk: UUID, task: UUID) -> HttpResponse:
    """To a colleague or another office."""

    def run(form: forms.TransferForm) -> None:
        values = form.cleaned_data
        user, unit = values["user_id"], values["unit_id"]
        actions.transfer_task(
            request.actor, task_id=task, user_id=UUID(user) if user else None, unit_id=UUID(unit) if unit else None, reason=values["reason"]
        )

    return _take(request, pk, "transfer", run, gettext("Handed over."), task_id=task)


@require_POST
@desk("cases.sign")
def add_signer(request: DeskRequest, pk: UUID, task: UUID) -> HttpResponse:
    """One more person signs before the step ends."""
    return _take(
        request,
        pk,
        "add-signer",
        lambda f: actions.add_signer(request.actor, task_id=task, user_id=UUID(f.cleaned_data["user_id"])),
        gettext("Asked to sign."),
        task_id=task,
    )


@require_POST
@desk("cases.view")
def sign(request: DeskRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Sign a step."""
    return _take(
        request, pk, "sign", lambda f: actions.sign_task(request.actor, task_id=task, **f.cleaned_data), gettext("Signed."), task_id=task
    )


@require_POST
@desk("cases.suspend")
def suspend(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Stop the clock for a special procedure."""
    return _take(
        request,
        pk,
        "suspend",
        lambda f: actions.suspend_case(request.actor, case_id=pk, **f.cleaned_data),
        gettext("The clock stands still."),
    )


@require_POST
@desk("cases.suspend")
def resume(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The special procedure is over."""
    return _take(request, pk, "resume", lambda f: actions.resume_case(request.actor, case_id=pk), gettext("The clock is running again."))


@require_POST
@desk("cases.urge")
def urge(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Ask the office that holds the case to hurry."""
    return _take(request, pk, "urge", lambda f: actions.urge_case(request.actor, case_id=pk, **f.cleaned_data), gettext("Urged."))


@require_POST
@desk("cases.withdraw")
def withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take an application back for the applicant who stands at the counter."""
    widened = request.actor.but(permissions=request.actor.permissions | {"cases.withdraw_own"})
    return _take(request, pk, "withdraw", lambda f: actions.withdraw_case(widened, case_id=pk, **f.cleaned_data), gettext("Withdrawn."))
