"""Pairs that may be one person, side by side; decided from the keyboard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.gate import desk
from linli.foundation.regions.queries import names_above
from linli.lib.errors import Invalid
from linli.lib.masking import mask_id_number
from linli.registry.matching import actions, queries
from linli.registry.matching.engine.showing import WHY, bars
from linli.registry.matching.forms import DecideForm, OtherForm
from linli.registry.matching.models import Pair
from linli.registry.matching.queries.sides import Side
from linli.registry.people.queries import asked_of, find_people, get_person, recent_mergers
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import DeskRequest

MERGE = "people.merge"
LISTED = 100


@never_cache
@require_GET
@desk(MERGE)
def pair_list(request: DeskRequest) -> HttpResponse:
    """What waits, the likeliest first, and what was decided lately."""
    waiting = queries.open_pairs(request.actor)
    pairs = list(waiting[:LISTED])
    names = queries.names_of({pk for pair in pairs for pk in (pair.one_id, pair.two_id)})
    rows = [(pair, names.get(pair.one_id, ""), names.get(pair.two_id, ""), WHY.get(pair.why, WHY[""]), _place(pair)) for pair in pairs]
    context = {"rows": rows, "waiting": waiting.count(), "mergers": recent_mergers(request.actor)}
    return render(request, "matching/desk/pairs.html", context)


def _place(pair: Pair) -> str:
    return " ".join(names_above(pair.region_path)[1:]) if pair.region_path else ""


@never_cache
@require_http_methods(["GET", "POST"])
@desk(MERGE)
def pair_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Two people and what speaks for one. A decision leads to the next pair."""
    pair = queries.get_pair(request.actor, pk)
    questions, against = asked_of(request.actor, pair.one_id, pair.two_id) if pair.state == "open" else ([], [])
    form = DecideForm(request.POST or None, questions=questions, first=str(pair.one_id), second=str(pair.two_id), auto_id="pair-%s")
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda said: _decide(request, pair, form, said))
        if not status:
            messages.success(request, gettext("Decided. Here is the next pair."))
            after = queries.next_pair(request.actor, pair)
            url = reverse("matching_desk_pair", args=[after.pk]) if after else reverse("matching_desk_pairs")
            return HttpResponseRedirect(url, status=303)
    sides = queries.both_sides(request.actor, (pair.one_id, pair.two_id))
    context: dict[str, Any] = {
        "pair": pair,
        "form": form,
        "questions": [form[question.key] for question in questions],
        "against": [words_of(error) for error in against],
        "sent": form if form.errors else None,
        "sides": list(enumerate(sides, 1)),
        "lines": _lines(sides),
        "why": WHY.get(pair.why, WHY[""]) if pair.parts else "",
        "bars": bars([(name, level, weight) for name, level, weight in pair.parts]),
        "after": queries.next_pair(request.actor, pair),
        "waiting": queries.open_pairs(request.actor).count(),
    }
    return render(request, "matching/desk/pair.html", context, status=status or 200)


def _decide(request: DeskRequest, pair: Pair, form: DecideForm, said: dict[str, Any]) -> None:
    if said["decision"] == "apart":
        actions.decide_apart(request.actor, pair_id=pair.pk, reason=said["reason"])
        return
    try:
        stays = UUID(said["decision"])
    except ValueError as error:
        raise Invalid("CANDIDATE_UNKNOWN", "Choose one of the people shown.", field="decision") from error
    actions.decide_same(request.actor, pair_id=pair.pk, stays=stays, reason=said["reason"], choices=form.choices_for(str(stays)))


def _lines(sides: list[Side]) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Label, and each one's value with whether it differs from the first one's."""
    found = []
    for name, label in sides[0].labels.items() if sides else ():
        first = sides[0].plain.get(name)
        values = [(one.values.get(name, ""), bool(first and one.plain.get(name) and one.plain.get(name) != first)) for one in sides]
        if any(value for value, _ in values):
            found.append((label, values))
    return found


@never_cache
@require_http_methods(["GET", "POST"])
@desk(MERGE)
def other(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Who else this person may be: somebody is looked for and put beside her."""
    person = get_person(request.actor, pk)
    form = OtherForm(request.POST or None, auto_id="other-%s")
    if request.method == "POST" and (chosen := request.POST.get("other", "")):
        pair = actions.pair_up(request.actor, one_id=person.pk, two_id=_key(chosen))
        return HttpResponseRedirect(reverse("matching_desk_pair", args=[pair.pk]), status=303)
    found = None
    if request.method == "POST" and form.is_valid():
        found = [one for one in find_people(request.actor, form.cleaned_data["who"]) if one.pk != person.pk]
    rows = [
        (one, mask_id_number(one.id_number) if one.id_number else "", " ".join(names_above(one.region_path)[2:])) for one in found or []
    ]
    context = {"person": person, "form": form, "rows": rows, "asked": found is not None, "sent": form if form.errors else None}
    return render(request, "matching/desk/other.html", context, status=422 if form.errors else 200)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("CANDIDATE_UNKNOWN", "Choose one of the people shown.", field="who") from error
