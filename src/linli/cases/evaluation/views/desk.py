"""Call-backs: bad ratings that wait, one of them, what the call found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.casefile.policy import holds
from linli.cases.evaluation import actions, policy
from linli.cases.evaluation.engine import levels, tags
from linli.cases.evaluation.forms import VERDICTS, CallBackForm, RectifiedForm
from linli.cases.evaluation.models import Evaluation
from linli.cases.evaluation.queries import callbacks_of, get_evaluation, open_task_of, waiting
from linli.foundation.gate import desk
from linli.lib.masking import mask_name
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest, Tone

STATES = {
    "new": gettext_lazy("To call back"),
    "valid": gettext_lazy("To put right"),
    "rectified": gettext_lazy("Put right"),
    "invalid": gettext_lazy("Mistaken"),
    "no_basis": gettext_lazy("Without ground"),
}
PAGE = 20


@require_safe
@desk("evaluation.callback")
def callbacks(request: DeskRequest) -> HttpResponse:
    """Bad ratings by state, the most urgent first."""
    state = request.GET.get("state", "new")
    state = state if state in STATES else "new"
    page = Paginator(waiting(request.actor, state), PAGE).get_page(request.GET.get("page", "1"))
    now = timezone.now()
    rows = [
        (one, _said(one), mask_name(one.case.applicant), Tone.DANGER if one.call_back_by and one.call_back_by < now else Tone.NEUTRAL)
        for one in page
    ]
    return render(request, "evaluation/desk/callbacks.html", {"page": page, "rows": rows, "state": state, "states": list(STATES.items())})


@require_http_methods(["GET", "POST"])
@desk("evaluation.callback")
def callback(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One bad rating: whom to call, what was said, and the form for what the call found. The phone is shown only here."""
    rating = get_evaluation(request.actor, pk)
    form: CallBackForm | RectifiedForm | None = _form(request, rating)
    status = 200
    if request.method == "POST" and form is not None:
        record = actions.record_callback if isinstance(form, CallBackForm) else actions.record_rectified
        status = attempt(form, lambda values: record(request.actor, evaluation_id=pk, **values))
        if not status:
            messages.success(request, gettext("Noted."))
            return HttpResponseRedirect(reverse("evaluation_callbacks"))
    words = {tag.code: tag.bad for tag in tags()}
    context: dict[str, Any] = {
        "rating": rating,
        "case": rating.case,
        "said": _said(rating),
        "reasons": [words.get(code, code) for code in rating.tags],
        "form": form,
        "may": policy.can_call_back(request.actor, rating),
        **_held(request, rating),
        "calls": [
            (call, VERDICTS.get(call.verdict, STATES.get(call.verdict, call.verdict))) for call in callbacks_of(request.actor, rating)
        ],
        "state": STATES.get(rating.state, rating.state),
    }
    return render(request, "evaluation/desk/callback.html", context, status=status)


def _held(request: DeskRequest, rating: Evaluation) -> dict[str, Any]:
    """Whose the call is, and what this person may do about that."""
    task = open_task_of(rating)
    own = task is not None and holds(request.actor, task) and request.actor.may("cases.claim")
    return {"task": task, "claims": own and task.assignee_id is None, "releases": own and task.assignee_id == request.actor.user_id}  # type: ignore[union-attr]


def _form(request: DeskRequest, rating: Evaluation) -> CallBackForm | RectifiedForm | None:
    data = request.POST or None
    if rating.state in ("new", "verifying"):
        return CallBackForm(data)
    return RectifiedForm(data) if rating.state == "valid" else None


def _said(rating: Evaluation) -> str:
    return next((one.label for one in levels() if one.value == rating.score), str(rating.score))
