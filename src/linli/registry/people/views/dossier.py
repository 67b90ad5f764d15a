"""The file of one person: what the register says and who says so, documents, groups, timeline, what other apps know."""

from __future__ import annotations

import time
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import names_above
from linli.lib.errors import LinliError
from linli.registry.people import actions, policy, queries
from linli.registry.people.engine.dossier import OVERVIEW, dossier
from linli.registry.people.engine.panels import LINKS, PANELS, TABS, TIMELINES
from linli.registry.people.engine.showing import KINDS, LABELS, REMINDERS, shown
from linli.registry.people.models import Person
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.queries import facts_of, open_claims
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest

FULL = "people.reveal"
REVEALS = {"id_number": actions.reveal_id_number, "phone": actions.reveal_phone, "bank_account": actions.reveal_bank_account}
OPENED, OPEN_S = "people_opened", 30 * 60
"""Session key: person -> until when she may be opened without being asked what for again, at most half an hour."""


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


class PurposeForm(RefusableForm):
    purpose = forms.CharField(
        label=gettext_lazy("What do you open this file for?"),
        min_length=4,
        max_length=100,
        help_text=gettext_lazy("This is recorded with your name; the resident can see who looked."),
    )


def must_say_why(request: DeskRequest, person: Person) -> bool:
    """Whether this person's file asks for a purpose first: for those whose daily work it is not, and who have not said one in half an hour."""
    if not policy.asks_purpose(request.actor, person):
        return False
    return float(request.session.get(OPENED, {}).get(str(person.pk), 0)) < time.time()


def ask_why(request: DeskRequest, person: Person) -> HttpResponseRedirect:
    back = request.get_full_path() if request.method == "GET" else reverse("people_desk_person", args=[person.pk])
    request.session["people_back"] = back
    return HttpResponseRedirect(reverse("people_desk_purpose", args=[person.pk]))


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.view")
def purpose(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What for? Kept for this person and session for half an hour; the resident can read it."""
    person = queries.get_person(request.actor, pk)
    form = PurposeForm(request.POST or None)
    page = reverse("people_desk_person", args=[pk])
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda told: actions.open_person(request.actor, person_id=pk, purpose=told["purpose"]))
        if not status:
            now = time.time()
            still = {key: until for key, until in request.session.get(OPENED, {}).items() if until > now}
            request.session[OPENED] = {**still, str(pk): now + OPEN_S}
            back = str(request.session.pop("people_back", ""))
            return HttpResponseRedirect(back if back.startswith(page) else page, status=303)
    context = {
        "form": form,
        "title": gettext("What for?"),
        "about": person.name,
        "intro": gettext("Opening the files of residents is not the daily work of your post. Say what you need this one for."),
        "button": gettext("Open the file"),
        "back": reverse("people_desk_search"),
        "crumbs": [(gettext("People"), reverse("people_desk_search"))],
    }
    return render(request, "ui/desk/form_page.html", context, status=status or 200)


@never_cache
@require_GET
@desk("people.view")
def person_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One person: what the register says and who says so, facts, claims, and what other apps know."""
    person = queries.get_person(request.actor, pk)
    if person.pk != pk:  # this row turned out to be somebody the register had already
        return HttpResponsePermanentRedirect(reverse("people_desk_person", args=[person.pk]))
    return ask_why(request, person) if must_say_why(request, person) else _show(request, person)


@never_cache
@require_POST
@desk(FULL)
def reveal(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One number in full, for a stated purpose."""
    person = queries.get_person(request.actor, pk)
    if must_say_why(request, person):
        return ask_why(request, person)
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


def _show(
    request: DeskRequest, person: Person, *, in_full: dict[str, str] | None = None, form: RevealForm | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    page = dossier(
        actor,
        person.pk,
        address=reverse("people_desk_person", args=[person.pk]),
        tab=request.GET.get("tab", ""),
        page=request.GET.get("page", ""),
        panels=PANELS,
        tabs=TABS,
        timelines=TIMELINES,
    )
    context = {
        **page,
        "person": person,
        "place": " ".join(names_above(person.region_path)[1:]),
        "links": [link for make in LINKS.values() for link in make(actor, person.pk)] if person.died_on is None else [],
        "reminders": _reminders(request, person),
        "shown": in_full or {},
        "sent": form,
    }
    if page["tab"] == OVERVIEW:
        context |= {
            "rows": _rows(request, person, in_full or {}),
            "form": form or RevealForm(auto_id="reveal-%s"),
            "may_reveal": actor.may(FULL),
            "may_edit": actor.may("people.edit"),
            "facts": _facts(request, person),
            "claims": open_claims(actor, person.pk),
        }
    return render(request, "people/desk/person.html", context, status=status)


def _reminders(request: DeskRequest, person: Person) -> list[dict[str, str]]:
    """What stands above the file: a death that one office reported, what is still to be done."""
    found = []
    if person.died_on is None and queries.death_reports(request.actor, person.pk):
        text = gettext("One office reports the death of this person. Until a second one does, or somebody checks it, nothing is paid.")
        found.append({"tone": "warning", "text": text})
    for row in queries.reminders_of(request.actor, person.pk):
        words = {"what": REMINDERS.get(row.kind, row.kind), "day": row.due_on.isoformat()}
        found.append({"tone": "info", "text": gettext("%(what)s, by %(day)s") % words + (f" ({row.reason})" if row.reason else "")})
    return found


def _rows(request: DeskRequest, person: Person, in_full: dict[str, str]) -> list[tuple[str, str, str, object, str]]:
    said, usual = queries.origins_about(request.actor, [person])[person.pk], queries.usual_origin(person.pk)
    rows = [(name, label, value, said.get(name, usual)) for name, label, value in _values(person, in_full) if value]
    return [(label, value, origin.label, origin.as_of, name if name in ATTRIBUTES else "") for name, label, value, origin in rows]


PAGE = (
    *("name", "sex", "birth_date", "id_number", "phone", "bank_account", "live_address", "hukou_address", "residence_status"),
    *("lives_here_since", "ethnicity", "marital", "education", "politics"),
)
"""Attributes on a person's page, in this order."""


def _values(p: Person, in_full: dict[str, str]) -> list[tuple[str, str, str]]:
    registered = " ".join(names_above(p.hukou_region.path)[1:]) if p.hukou_region else ""
    return [
        *((name, str(LABELS[name]), in_full.get(name) or shown(name, queries.text_of(p, name))) for name in PAGE),
        ("hukou_region", gettext("Registered in"), registered),
        ("resident_kind", gettext("Kind of resident"), str(KINDS[queries.resident_kind(p, on=timezone.localdate())])),
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
