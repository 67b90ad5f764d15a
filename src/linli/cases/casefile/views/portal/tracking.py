"""Following one case without signing in, and checking that a paper is ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.casefile.actions.tracking import open_by_number
from linli.cases.casefile.forms.portal import TrackForm, VerifyForm
from linli.cases.casefile.queries.portal import paper_by_code, standing
from linli.cases.casefile.views.portal.cases import case_context
from linli.foundation.gate import public
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind
from linli.lib.errors import LinliError, TooMany
from linli.lib.masking import mask_name
from linli.ui.types import PortalRequest

OPENED = "opened_case"
"""The session key from which access makes a tracker's actor."""


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@public
def track(request: PortalRequest) -> HttpResponse:
    """Number and code of the receipt. A wrong pair and an unknown number get the same answer."""
    form = TrackForm(request.POST or None, initial={"number": request.GET.get("number", "")[:40]})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            result = open_by_number(request.actor, number=form.cleaned_data["number"], secret=form.cleaned_data["secret"])
            if result.problem is None:
                return _open(request, result.case_id)
            form.refuse(result.problem)
            status = 429 if isinstance(result.problem, TooMany) else 422
    return render(request, "casefile/portal/track.html", {"form": form}, status=status)


def _open(request: PortalRequest, case_id: UUID | None) -> HttpResponse:
    """One case is open in this session from now on; a new session key, so that nobody can have planted the old one."""
    request.session.cycle_key()
    request.session[OPENED] = str(case_id)
    return HttpResponseRedirect(reverse("casefile_tracked"))


@never_cache
@require_safe
@public
def tracked(request: PortalRequest) -> HttpResponse:
    """The opened case, masked. Somebody signed in as well sees it here with the tracker's rights only."""
    opened = request.session.get(OPENED)
    if not opened:
        return HttpResponseRedirect(reverse("casefile_track"))
    visitor = Actor(
        ActorKind.TRACKER,
        case_id=UUID(opened),
        permissions=frozenset({"cases.rate"}),
        address=request.actor.address,
        request_id=request.actor.request_id,
    )
    with scoped(visitor):
        try:
            seen = standing(visitor, UUID(opened))
        except LinliError:
            return HttpResponseRedirect(reverse("casefile_track"))
        context = {**case_context(visitor, seen, masked=True), "applicant": mask_name(seen.case.applicant)}
        context["can_rate"] = context["can_rate"] and request.actor.kind == ActorKind.TRACKER
        return render(request, "casefile/portal/tracked.html", context)


@require_POST
@public
def close(request: PortalRequest) -> HttpResponse:
    """Close the opened case on this device."""
    request.session.pop(OPENED, None)
    return HttpResponseRedirect(reverse("casefile_track"))


@require_safe
@public
def verify_form(request: PortalRequest) -> HttpResponse:
    """Type a code instead of scanning it."""
    if request.GET.get("code", "").strip():
        return HttpResponseRedirect(reverse("casefile_verify", args=["".join(request.GET["code"].split())[:24].replace("/", "")]))
    return render(request, "casefile/portal/verify.html", {"form": VerifyForm(), "asked": False})


@never_cache
@require_safe
@public
def verify(request: PortalRequest, code: str) -> HttpResponse:
    """Whether a paper is genuine: what it is, who issued it, for whom (masked). A code we never gave out is answered plainly."""
    paper = paper_by_code(code)
    context: dict[str, Any] = {"paper": paper, "code": code, "asked": True, "form": VerifyForm(initial={"code": code})}
    if paper is not None:
        context["rows"] = [
            (gettext("Paper"), gettext(paper.title)),
            (gettext("Number"), paper.number),
            (gettext("Matter"), paper.matter),
            (gettext("Issued to"), paper.applicant),
            (gettext("Issued by"), paper.unit),
            (gettext("Issued on"), paper.issued_at),
        ]
    return render(request, "casefile/portal/verify.html", context, status=200 if paper else 404)
