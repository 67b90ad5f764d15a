"""The counter: who stands there, what he wants, and on to the form. Everything goes with the keyboard alone.

The session keeps the visitor, so that several matters in a row ask for him once. It holds a key of the register, or the encrypted
particulars of somebody the register does not know.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.cases.casefile.forms.desk import NewPersonForm, VisitorForm
from linli.cases.casefile.queries.cases import by_person
from linli.cases.catalogue.queries import search as search_matters
from linli.foundation.gate import desk
from linli.foundation.regions.models import Region, RegionLevel
from linli.foundation.regions.queries import ancestors, get_region, in_ranges
from linli.foundation.scope.engine import keyring
from linli.foundation.types import Actor
from linli.lib.errors import LinliError
from linli.lib.idcard import normalise, parse_id_number
from linli.lib.masking import mask_address, mask_id_number, mask_phone
from linli.registry.people import actions as people_actions
from linli.registry.people import queries as people
from linli.registry.people.models import Person
from linli.ui.engine.refusal import words_of
from linli.ui.types import DeskRequest

KEY = "counter_visitor"
PLACE = b"counter.visitor"


@dataclass(frozen=True)
class Unregistered:
    """A visitor whom the register does not know: what was typed at the counter."""

    name: str
    id_number: str
    phone: str
    region_id: str


@dataclass(frozen=True)
class Visitor:
    """Who stands at the counter."""

    person: Person | None
    stranger: Unregistered | None
    region: Region
    facts: Mapping[str, Any] | None = None  # what decision tables ask of the person, where the page has asked already

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.stranger.name if self.stranger else ""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What the card of the visitor shows."""
        if self.person is None:
            assert self.stranger is not None  # noqa: S101 - narrows a type
            return [
                (gettext("ID number"), mask_id_number(self.stranger.id_number)),
                (gettext("Telephone number"), mask_phone(self.stranger.phone)),
                *_living(self.region),
            ]
        p = self.person
        return [
            (gettext("ID number"), mask_id_number(p.id_number) if p.id_number else ""),
            (gettext("Birth date"), p.birth_date.isoformat() if p.birth_date else ""),
            (gettext("Telephone number"), mask_phone(p.phone) if p.phone else ""),
            *_living(self.region),
            (gettext("Address"), mask_address(p.live_address) if p.live_address else ""),
        ]


def _living(region: Region) -> list[tuple[str, str]]:
    """Community and grid a person lives in, each under its own name: the register keeps people in grids, the ID card knows none."""
    labels = {RegionLevel.COMMUNITY: gettext("Community"), RegionLevel.GRID: gettext("Grid")}
    rows = [(labels[RegionLevel(one.level)], one.name) for one in ancestors(region.path) if one.level in labels]
    return rows or [(gettext("Place"), region.name)]


def visitor_of(request: DeskRequest) -> Visitor | None:
    """The visitor in the session, read anew under the clerk's own rights."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    if kept.get("person"):
        person = people.find_person(request.actor, UUID(kept["person"]))
        return Visitor(person, None, person.region) if person else None
    values = json.loads(keyring().decrypt(base64.b64decode(kept["sealed"]), PLACE))
    stranger = Unregistered(**values)
    return Visitor(None, stranger, get_region(UUID(stranger.region_id)))


def keep_person(request: DeskRequest, person: Person) -> None:
    request.session[KEY] = {"person": str(person.pk)}


def _keep_stranger(request: DeskRequest, stranger: Unregistered) -> None:
    sealed = keyring().encrypt(json.dumps(asdict(stranger)), PLACE)
    request.session[KEY] = {"sealed": base64.b64encode(sealed).decode()}


@never_cache
@require_GET
@desk("cases.submit_counter")
def counter(request: DeskRequest) -> HttpResponse:
    """Ask for the visitor; then for the matter, by code, name, pinyin or initials. One hit goes straight to the form."""
    visitor = visitor_of(request)
    if visitor is None:
        return _ask_visitor(request)
    text = request.GET.get("q", "").strip()
    found = [m for m in search_matters(text) if m.current and "counter" in m.current.spec.get("handle_forms", ["counter"])]
    if text and len(found) == 1:
        return HttpResponseRedirect(reverse("casefile_desk_take_in", args=[found[0].code]))
    cases = by_person(request.actor, visitor.person.pk)[:5] if visitor.person else []
    return render(request, "casefile/desk/counter.html", {"visitor": visitor, "found": found[:9], "q": text, "cases": cases})


def _ask_visitor(
    request: DeskRequest, form: VisitorForm | None = None, *, found: list[Person] | None = None, nobody: str = "", status: int = 200
) -> HttpResponse:
    rows = [
        (p, mask_id_number(p.id_number) if p.id_number else "", mask_address(p.live_address) if p.live_address else p.region.name)
        for p in found or []
    ]
    form = form or VisitorForm(streets=_streets(request.actor), auto_id="visitor-%s")
    return render(
        request, "casefile/desk/visitor.html", {"form": form, "rows": rows, "nobody": nobody, "asked": found is not None}, status=status
    )


def _streets(actor: Actor) -> list[tuple[str, str]]:
    """Streets and communities in the actor's area, to narrow a name."""
    return [(r.path, r.name) for r in in_ranges(actor.ranges, "street", "community")[:480]]


@never_cache
@require_POST
@desk("cases.submit_counter")
def visitor(request: DeskRequest) -> HttpResponse:
    """An ID number (POST, so that it stands in no address and no log) finds one person; a name finds a list to choose from."""
    chosen = request.POST.get("person", "")
    if chosen:
        keep_person(request, people.get_person(request.actor, UUID(chosen)))
        return HttpResponseRedirect(reverse("casefile_desk_counter"))
    form = VisitorForm(request.POST, streets=_streets(request.actor), auto_id="visitor-%s")
    if not form.is_valid():
        return _ask_visitor(request, form, status=422)
    who = form.cleaned_data["who"].strip()
    if any(c.isdigit() for c in who):
        return _by_number(request, form, who)
    found = people.find_by_name(request.actor, who, path=form.cleaned_data["street"] or None, limit=20)
    if len(found) == 1:
        keep_person(request, found[0])
        return HttpResponseRedirect(reverse("casefile_desk_counter"))
    return _ask_visitor(request, form, found=found, nobody="" if found else gettext("Nobody of this name is registered in your area."))


def _by_number(request: DeskRequest, form: VisitorForm, number: str) -> HttpResponse:
    """The register is asked first: it holds old numbers that would not pass today's check."""
    person = people.find_by_id_number(request.actor, number)
    if person is None:
        try:
            parse_id_number(number, today=timezone.localdate())
        except LinliError as error:
            form.add_error("who", words_of(error))
            return _ask_visitor(request, form, status=422)
        return _ask_new(
            request,
            NewPersonForm(initial={"id_number": normalise(number)}, regions=_communities(request.actor), auto_id="new-%s"),
            first=True,
        )
    keep_person(request, person)
    return HttpResponseRedirect(reverse("casefile_desk_counter"))


def _communities(actor: Actor) -> list[tuple[str, str]]:
    return [(str(r.pk), r.name) for r in in_ranges(actor.ranges, "community")[:600]]


def _ask_new(request: DeskRequest, form: NewPersonForm, *, first: bool = False, status: int = 200) -> HttpResponse:
    return render(
        request,
        "casefile/desk/new_visitor.html",
        {"form": form, "first": first, "registers": request.actor.may("people.edit")},
        status=status,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.submit_counter")
def new_visitor(request: DeskRequest) -> HttpResponse:
    """Somebody the register does not know: entered where the post allows it, else taken in with what the ID card says."""
    regions = _communities(request.actor)
    if request.method == "GET":
        return _ask_new(request, NewPersonForm(regions=regions, auto_id="new-%s"))
    form = NewPersonForm(request.POST, regions=regions, auto_id="new-%s")
    if not form.is_valid():
        return _ask_new(request, form, status=422)
    values = form.cleaned_data
    try:
        number = parse_id_number(values["id_number"], today=timezone.localdate()).number
        known = people.find_by_id_number(request.actor, number)
        if known is not None:
            keep_person(request, known)
        elif request.actor.may("people.edit"):
            extra = {k: values[k] for k in ("phone", "live_address") if values[k]}
            keep_person(
                request,
                people_actions.create_person(
                    request.actor, region_id=UUID(values["region"]), name=values["name"], id_number=number, values=extra
                ),
            )
        else:
            _keep_stranger(request, Unregistered(values["name"], number, values["phone"], values["region"]))
    except LinliError as error:
        form.refuse(error)
        return _ask_new(request, form, status=error.status)
    return HttpResponseRedirect(reverse("casefile_desk_counter"))


@require_POST
@desk("cases.submit_counter")
def next_visitor(request: DeskRequest) -> HttpResponse:
    """The next one, please: nothing of the last visitor stays."""
    request.session.pop(KEY, None)
    messages.info(request, gettext("Ready for the next visitor."))
    return HttpResponseRedirect(reverse("casefile_desk_counter"))
