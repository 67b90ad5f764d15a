"""Pages for what is rare on a case: a longer time, an early end, a paper that followed. Each asks on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.cases.casefile import actions, policy
from linli.cases.casefile.actions.lapsing import GROUNDS
from linli.cases.casefile.forms.desk import StepForm
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import definition_for, get_case, materials
from linli.cases.casefile.queries.extending import longest_extension
from linli.foundation.actions.actions import require
from linli.foundation.gate import desk
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest

_AREA = forms.Textarea(attrs={"rows": 3})


class ExtendForm(StepForm):
    days = forms.IntegerField(label=gettext_lazy("Days more"), min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=_AREA, max_length=500, help_text=gettext_lazy("It is printed on the notice to the applicant.")
    )


class TerminateForm(StepForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), widget=forms.RadioSelect, choices=[(key, gettext_lazy(text)) for key, text in GROUNDS.items()]
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=_AREA, max_length=500)


class FeeForm(StepForm):
    amount = forms.DecimalField(label=gettext_lazy("Paid in all, in yuan"), min_value=0, max_digits=9, decimal_places=2)
    receipt = forms.CharField(label=gettext_lazy("Number of the receipt"), max_length=40, required=False)


class PaperForm(StepForm):
    key = forms.ChoiceField(label=gettext_lazy("Paper that was shown"), widget=forms.RadioSelect)


def _ask(request: DeskRequest, case: Case, title: str, form: StepForm, run: Callable[[dict[str, Any]], object], said: str) -> HttpResponse:
    """Show the form, take the step, go back to the case; a refusal stands beside its field."""
    status = attempt(form, run) if request.method == "POST" else 200
    if status:
        return render(request, "casefile/desk/ask.html", {"case": case, "title": title, "form": form}, status=status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("case_desk_subject", args=[case.pk]), status=303)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.decide")
def extend(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A longer time to decide, once."""
    case = get_case(request.actor, pk)
    form = ExtendForm(request.POST or None, auto_id="extend-%s")
    longest = longest_extension(definition_for(case).spec, timezone.localdate(), case.region.code)
    form.fields["days"].help_text = gettext("%(longest)s at most; the applicant gets a notice.") % {"longest": longest}
    run = lambda values: actions.extend_case(request.actor, case_id=pk, **values)  # noqa: E731
    return _ask(request, case, gettext("Extend the time"), form, run, gettext("Extended. The notice is being printed."))


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.view")
def fee(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What the applicant paid, compared with the matter's fee (R09)."""
    case = get_case(request.actor, pk)
    require(policy.can_record_fee(request.actor, case), gettext("Who takes applications in, or supervises, records what was paid."))
    form = FeeForm(request.POST or None, auto_id="fee-%s", initial={"amount": case.fee_charged})
    stated = definition_for(case).spec.fee
    form.fields["amount"].help_text = (
        gettext("The matter's fee: %(fee)s.") % {"fee": stated.standard} if stated.charged else gettext("This matter is free of charge.")
    )
    run = lambda values: actions.record_fee(request.actor, case_id=pk, **values)  # noqa: E731
    return _ask(request, case, gettext("Record what was paid"), form, run, gettext("Noted."))


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.decide")
def terminate(request: DeskRequest, pk: UUID) -> HttpResponse:
    """End a case whose applicant died or whose subject is gone."""
    case = get_case(request.actor, pk)
    form = TerminateForm(request.POST or None, auto_id="terminate-%s")
    run = lambda values: actions.terminate_case(request.actor, case_id=pk, **values)  # noqa: E731
    return _ask(request, case, gettext("Terminate the case"), form, run, gettext("Terminated."))


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.answer")
def paper(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A tolerated paper was shown at the counter."""
    case = get_case(request.actor, pk)
    form = PaperForm(request.POST or None, auto_id="paper-%s")
    form.fields["key"].choices = [(m.key, m.name) for m in materials(case) if m.state == "promised"]  # type: ignore[attr-defined]
    run = lambda values: actions.receive_paper(request.actor, case_id=pk, key=values["key"])  # noqa: E731
    return _ask(request, case, gettext("A promised paper has followed"), form, run, gettext("Noted."))
