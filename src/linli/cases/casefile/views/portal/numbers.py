"""Addresses that messages carry: a case by its number instead of its key, and the page for a paper that was to follow."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.casefile import actions, policy
from linli.cases.casefile.queries.cases import case_by_number, get_case, materials
from linli.foundation.files.actions import store
from linli.foundation.gate import citizen
from linli.lib.errors import LinliError
from linli.ui.types import PortalRequest


def _to(request: PortalRequest, name: str, number: str) -> HttpResponse:
    """To the page of a case in the resident's sight; 404 otherwise, as for a number that does not exist."""
    return HttpResponseRedirect(reverse(name, args=[case_by_number(request.actor, number).pk]))


@never_cache
@require_safe
@citizen()
def case(request: PortalRequest, number: str) -> HttpResponse:
    return _to(request, "casefile_my_case", number)


@never_cache
@require_safe
@citizen()
def correct(request: PortalRequest, number: str) -> HttpResponse:
    return _to(request, "casefile_correct", number)


@never_cache
@require_safe
@citizen()
def paper(request: PortalRequest, number: str) -> HttpResponse:
    return _to(request, "casefile_follow_up", number)


class FollowForm(forms.Form):
    """One file for one promised paper."""

    key = forms.ChoiceField(label=gettext_lazy("Which paper"), widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("A photograph or a PDF."))

    def __init__(self, *args: object, papers: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["key"].choices = papers  # type: ignore[attr-defined]
        if len(papers) == 1:
            self.fields["key"].initial = papers[0][0]


@never_cache
@require_http_methods(["GET", "POST"])
@citizen()
def follow_up(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Hand in a paper that was tolerated missing (services.md 2.2)."""
    found = get_case(request.actor, pk)
    awaited = [row for row in materials(found) if row.state == "promised"]
    if not awaited or not policy.can_follow_up(request.actor, found):
        messages.info(request, gettext("This case does not wait for anything from you."))
        return HttpResponseRedirect(reverse("casefile_my_case", args=[pk]))
    papers = [(row.key, row.name) for row in awaited]
    form = FollowForm(request.POST or None, request.FILES or None, papers=papers, auto_id="follow-%s")
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            stored = store(request.actor, upload=upload, name=upload.name, accept=("image/*", "application/pdf"))
            actions.receive_paper(request.actor, case_id=pk, key=form.cleaned_data["key"], files=[stored.pk])
        except LinliError as error:
            form.add_error("file", " ".join(part for part in (error.text(gettext), error.next_step(gettext)) if part))
        else:
            messages.success(request, gettext("Thank you. The office goes on with your case."))
            return HttpResponseRedirect(reverse("casefile_my_case", args=[pk]))
    context = {"case": found, "form": form, "awaited": awaited}
    return render(request, "casefile/portal/paper.html", context, status=422 if form.errors else 200)
