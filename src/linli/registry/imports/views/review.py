"""Doubtful rows side by side with those they may be about; decided from the keyboard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.registry.imports import actions, queries
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.forms import DecideBodyForm, DecideForm
from linli.registry.imports.models import Doubt
from linli.registry.imports.queries.organisations import SAME_NAME, SEVERAL
from linli.registry.imports.queries.reviewing import sides_of
from linli.registry.matching.engine.showing import WHY, bars
from linli.registry.matching.queries import Side
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest

WHY_BODIES = {
    SAME_NAME: gettext_lazy("It has this name in the same community, and one of the two has no credit code."),
    SEVERAL: gettext_lazy("Several organisations have one of the numbers of the row."),
}


@never_cache
@require_GET
@desk("imports.review")
def queue(request: DeskRequest) -> HttpResponse:
    """The first row that waits, or a page that says that none does."""
    first = queries.open_doubts(request.actor).first()
    if first is None:
        return render(request, "imports/desk/no_doubts.html", {})
    return HttpResponseRedirect(reverse("imports_desk_doubt", args=[first.pk]), status=303)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.review")
def doubt_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One row and its candidates. A decision leads to the next row."""
    doubt = queries.get_doubt(request.actor, pk)
    communities = [(r.code[:12], r.name) for r in in_ranges(request.actor.ranges, "community")]
    made = {"bodies": DecideBodyForm}.get(doubt.batch.subject, DecideForm)
    form = made(request.POST or None, communities=communities, auto_id="doubt-%s")
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda said: _decide(request, doubt, said))
        if not status:
            messages.success(request, gettext("Decided. Here is the next row."))
            after = queries.next_doubt(request.actor, doubt)
            url = reverse("imports_desk_doubt", args=[after.pk]) if after else reverse("imports_desk_doubts")
            return HttpResponseRedirect(url, status=303)
    after = queries.next_doubt(request.actor, doubt)
    row, others = sides_of(request.actor, doubt)
    context = {
        "doubt": doubt,
        "form": form,
        "sent": form if form.errors else None,
        "row": row,
        "lines": _lines(row, others),
        "others": [(number, one, WHY.get(one.why) or WHY_BODIES.get(one.why, ""), bars(one.parts)) for number, one in enumerate(others, 1)],
        "after": after,
        "page": SUBJECTS.get(doubt.batch.subject).page,
        "bodies": doubt.batch.subject == "bodies",
        "waiting": queries.open_doubts(request.actor).count(),
    }
    return render(request, "imports/desk/doubt.html", context, status=status)


def _decide(request: DeskRequest, doubt: Doubt, said: dict[str, Any]) -> None:
    try:
        person = None if said["person"] == "new" else UUID(said["person"])
    except ValueError:
        person = UUID(int=0)  # no candidate: refused beside the field
    actions.decide_doubt(request.actor, doubt_id=doubt.pk, person_id=person, community=said["community"])


def _lines(row: Side, others: list[Side]) -> list[tuple[str, str, list[tuple[str, bool]]]]:
    """Label, the row's value, each candidate's value and whether it differs."""
    found = []
    for name, label in row.labels.items():
        mine = row.values.get(name, "")
        theirs = [
            (other.values.get(name, ""), bool(mine and other.values.get(name) and other.plain.get(name) != row.plain.get(name)))
            for other in others
        ]
        if mine or any(value for value, _ in theirs):
            found.append((label, mine, theirs))
    return found
