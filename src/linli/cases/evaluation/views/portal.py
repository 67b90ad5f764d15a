"""Rating a case: by the resident, or by whoever opened it with its code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.casefile.queries.cases import case_by_number, definition_for, get_case
from linli.cases.evaluation import actions, policy
from linli.cases.evaluation.engine import levels
from linli.cases.evaluation.forms import RateForm, initial_of
from linli.cases.evaluation.queries import rating_of
from linli.foundation.gate import citizen
from linli.foundation.types import ActorKind
from linli.lib.errors import LinliError
from linli.ui.types import PortalRequest


@never_cache
@require_http_methods(["GET", "POST"])
@citizen(tracker=True)
def rate(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Five answers, none chosen beforehand. Given once, changed at most once within a day."""
    case = get_case(request.actor, pk)
    rating = rating_of(request.actor, pk)
    back = reverse("casefile_tracked") if request.actor.kind == ActorKind.TRACKER else reverse("casefile_my_case", args=[pk])
    open_still = policy.can_rate(request.actor, case) and (rating is None or policy.can_change(rating, timezone.now()))
    form = RateForm(request.POST or None, only=definition_for(case).spec.evaluation_tags, initial=initial_of(rating))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.rate_case(request.actor, case_id=pk, score=given["score"], tag_codes=given["tags"], comment=given["comment"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("Thank you for your rating."))
            return HttpResponseRedirect(back)
    context = {
        "case": case,
        "rating": rating,
        "form": form,
        "open": open_still,
        "back": back,
        "said": next((one.label for one in levels() if rating and one.value == rating.score), ""),
    }
    return render(request, "evaluation/portal/rate.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@citizen(tracker=True)
def rate_by_number(request: PortalRequest, number: str) -> HttpResponse:
    """The address a message carries."""
    return HttpResponseRedirect(reverse("evaluation_rate", args=[case_by_number(request.actor, number).pk]))
