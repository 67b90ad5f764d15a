"""People at the desk: a search that lists nobody before something is asked, and the page of one person."""

from __future__ import annotations

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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges, names_above
from linli.lib.errors import LinliError
from linli.lib.idcard import normalise
from linli.lib.masking import mask_address, mask_id_number
from linli.registry.people import actions, queries
from linli.registry.people.engine.panels import PANELS
from linli.registry.people.engine.showing import LABELS, shown
from linli.registry.people.models import Person
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.queries import facts_of, open_claims
from linli.ui.types import DeskRequest

FULL = "people.reveal"
REVEALS = {"id_number": actions.reveal_id_number, "phone": actions.reveal_phone, "bank_account": actions.reveal_bank_account}


class SearchForm(forms.Form):
    who = forms.CharField(
        label=gettext_lazy("Name, ID number or telephone"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    region = forms.ChoiceField(label=gettext_lazy("Place"), required=False)

    def __init__(self, data: Any = None, *, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["region"].choices = [("", gettext("My whole area")), *regions]  # type: ignore[attr-defined]


class RevealForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("Which number"),
        widget=forms.RadioSelect,
        choices=[
            ("id_number", gettext_lazy("ID number")),
            ("phone", gettext_lazy("Telephone number")),
            ("bank_account", gettext_lazy("Bank account")),
        ],
    )
    purpose = forms.CharField(
        label=gettext_lazy("What do you need the full number for?"),
        min_length=4,
        max_length=100,
        help_text=gettext_lazy("This is recorded with your name; the resident can see who looked."),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.view")
def search(request: DeskRequest) -> HttpResponse:
    """Find people; the question comes by POST, so that no number stands in an address or a log."""
    regions = [(r.path, r.name) for r in in_ranges(request.actor.ranges, "street", "community")[:600]]
    form = SearchForm(request.POST or None, regions=regions, auto_id="who-%s")
    found: list[Person] | None = None
    if request.method == "POST" and form.is_valid():
        found = _find(request, form.cleaned_data["who"], form.cleaned_data["region"])
    rows = [
        (p, mask_id_number(p.id_number) if p.id_number else "", mask_address(p.live_address) if p.live_address else "") for p in found or []
    ]
    return render(
        request, "people/desk/search.html", {"form": form, "rows": rows, "asked": found is not None}, status=422 if form.errors else 200
    )


def _find(request: DeskRequest, text: str, path: str) -> list[Person]:
    digits = normalise(text)
    if digits[:-1].isdigit() and len(digits) in (15, 18):
        person = queries.find_by_id_number(request.actor, digits)
        return [person] if person else []
    if digits.isdigit():
        return queries.find_by_phone(request.actor, digits)
    return queries.find_by_name(request.actor, text, path=path or None)


@never_cache
@require_GET
@desk("people.view")
def person_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One person: what the register says and who says so, facts, claims, and what other apps know."""
    return _show(request, queries.get_person(request.actor, pk))


@never_cache
@require_POST
@desk(FULL)
def reveal(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One number in full, for a stated purpose."""
    person = queries.get_person(request.actor, pk)
    form = RevealForm(request.POST, auto_id="reveal-%s")
    if form.is_valid():
        what = form.cleaned_data["what"]
        try:
            number = REVEALS[what](request.actor, person_id=pk, purpose=form.cleaned_data["purpose"])
        except LinliError as error:
            form.add_error(error.field if error.field in form.fields else None, error.text(gettext))
        else:
            return _show(request, person, in_full={what: number})
    return _show(request, person, form=form, status=422)


@never_cache
@require_POST
@desk("people.edit")
def decide(request: DeskRequest, pk: UUID, claim: UUID) -> HttpResponse:
    """Somebody of the community has checked a difference."""
    person = queries.get_person(request.actor, pk)
    accept = request.POST.get("accept") == "1"
    try:
        actions.decide_claim(request.actor, claim_id=claim, accept=accept)
    except LinliError as error:
        messages.error(request, error.text(gettext))
    else:
        messages.success(request, gettext("Taken over.") if accept else gettext("Left as it was."))
    return HttpResponseRedirect(reverse("people_desk_person", args=[person.pk]), status=303)


def _show(
    request: DeskRequest, person: Person, *, in_full: dict[str, str] | None = None, form: RevealForm | None = None, status: int = 200
) -> HttpResponse:
    said = queries.origins_about(request.actor, [person])[person.pk]
    rows = [
        (
            label,
            value,
            said[name].label if name in said else "",
            said[name].as_of if name in said else None,
            name if name in ATTRIBUTES else "",
        )
        for name, label, value in _values(person, in_full or {})
        if value
    ]
    context = {
        "person": person,
        "rows": rows,
        "form": form or RevealForm(auto_id="reveal-%s"),
        "may_reveal": request.actor.may(FULL),
        "may_edit": request.actor.may("people.edit"),
        "facts": _facts(request, person),
        "claims": open_claims(request.actor, person.pk),
        "panels": [make(request.actor, person.pk) for make in PANELS.values()],
        "place": " ".join(names_above(person.region_path)[1:]),
        "shown": in_full or {},
        "sent": form,
    }
    return render(request, "people/desk/person.html", context, status=status)


PAGE = (
    *(
        "name",
        "sex",
        "birth_date",
        "id_number",
        "phone",
        "bank_account",
        "live_address",
        "hukou_address",
        "residence_status",
        "lives_here_since",
    ),
    *("ethnicity", "marital", "education", "politics"),
)
"""Attributes on a person's page, in this order."""


def _values(p: Person, in_full: dict[str, str]) -> list[tuple[str, str, str]]:
    registered = " ".join(names_above(p.hukou_region.path)[1:]) if p.hukou_region else ""
    return [
        *((name, str(LABELS[name]), in_full.get(name) or shown(name, queries.text_of(p, name))) for name in PAGE),
        ("hukou_region", gettext("Registered in"), registered),
        ("died_on", gettext("Died on"), p.died_on.isoformat() if p.died_on else ""),
    ]


def _facts(request: DeskRequest, person: Person) -> list[tuple[str, str]]:
    found = []
    for attribute, value in sorted(facts_of(request.actor, person.pk, timezone.localdate()).items()):
        words = (
            ", ".join(f"{k} {v}" for k, v in value.items() if v not in (None, "") and k != "account")
            if isinstance(value, dict)
            else str(value)
        )
        found.append((attribute, words))
    return found
