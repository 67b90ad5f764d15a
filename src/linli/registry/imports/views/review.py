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
from linli.registry.imports.forms import DecideForm
from linli.registry.imports.models import Doubt
from linli.registry.imports.queries.reviewing import Side, sides_of
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest

WHY: dict[str, Any] = {
    "": gettext_lazy("Much agrees, but not enough to link the row without asking."),
    "two_numbers": gettext_lazy("Two different identity numbers: twins, or one person registered twice."),
    "shared_number": gettext_lazy("One identity number, but the name, the birth date or the sex differs: two people may share it."),
    "other_name": gettext_lazy("The names differ, and no identity number says that it is one person."),
    "too_little": gettext_lazy("There is little to compare."),
}
COMPARISONS: dict[str, Any] = {
    "name": gettext_lazy("Full name"),
    "rarity": gettext_lazy("How rare the name is"),
    "birth": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "id_number": gettext_lazy("ID number"),
    "phone": gettext_lazy("Telephone number"),
    "address": gettext_lazy("Address"),
}

LEVELS: dict[str, Any] = {
    "equal": gettext_lazy("the same"),
    "reordered": gettext_lazy("surname and given name swapped"),
    "homophone": gettext_lazy("sounds the same"),
    "alike": gettext_lazy("looks alike"),
    "shortened": gettext_lazy("shortened"),
    "typo": gettext_lazy("a slip of the pen"),
    "one_character": gettext_lazy("one character differs"),
    "surname": gettext_lazy("only the surname agrees"),
    "transposed": gettext_lazy("month and day swapped"),
    "one_digit": gettext_lazy("one digit differs"),
    "same_year": gettext_lazy("only the year agrees"),
    "conflict": gettext_lazy("two different valid numbers"),
    "same_home": gettext_lazy("the same home"),
    "same_house": gettext_lazy("the same building"),
    "same_place": gettext_lazy("the same road or estate"),
    "different": gettext_lazy("differs"),
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
    form = DecideForm(request.POST or None, communities=communities, auto_id="doubt-%s")
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
        "others": [(number, one, WHY.get(one.why, ""), _bars(one)) for number, one in enumerate(others, 1)],
        "after": after,
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


def _bars(one: Side) -> list[tuple[str, str, float, int]]:
    """The waterfall: what was compared, what was found, its weight in bits, and the length of its bar."""
    longest = max((abs(weight) for _, _, weight in one.parts), default=1.0) or 1.0
    return [
        (str(COMPARISONS.get(name, name)), str(LEVELS.get(level, level)), weight, round(abs(weight) / longest * 100))
        for name, level, weight in one.parts
    ]
