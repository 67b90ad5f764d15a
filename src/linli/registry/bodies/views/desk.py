"""Organisations at the desk: found or filtered, one page each with everything the register says of it, entered and corrected."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.gate import desk
from linli.foundation.regions.queries import area_choices, by_path, get_region, names_above, place_choices
from linli.foundation.types import Actor
from linli.registry.bodies import actions, queries
from linli.registry.bodies.engine.showing import LABELS, TONES, shown, word
from linli.registry.bodies.forms import (
    CorrectForm,
    EndForm,
    EnterForm,
    FilterForm,
    FormerNameForm,
    JoinForm,
    NameForm,
    RoleForm,
    SearchForm,
    StatusForm,
)
from linli.registry.bodies.models import Body
from linli.registry.bodies.types import ATTRIBUTES, ENDED, FLAGS, PREFIX
from linli.registry.sources.queries import open_claims, sources
from linli.registry.sources.types import COLLECTED
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest

ROWS = 50
VIEW, EDIT = "bodies.view", "bodies.edit"


@never_cache
@require_http_methods(["GET", "POST"])
@desk(VIEW)
def search(request: DeskRequest) -> HttpResponse:
    """Nothing is listed before something is asked: by POST, so that no telephone stands in an address, or a place and a kind by GET."""
    form = SearchForm(request.POST or None, auto_id="what-%s")
    filters = FilterForm(request.GET or None, regions=area_choices(request.actor.ranges), auto_id="filter-%s")
    found: list[Body] | None = None
    page = None
    if request.method == "POST" and form.is_valid():
        found = queries.find(request.actor, form.cleaned_data["what"])
    elif request.GET.get("region") and filters.is_valid():
        said = filters.cleaned_data
        rows = queries.in_community(request.actor, said["region"], kind=said["kind"], status=said["status"])
        page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
        found = list(page)
    context = {"form": form, "filters": filters, "rows": [_row(body) for body in found or []], "asked": found is not None, "page": page}
    return render(request, "bodies/desk/search.html", {**context, "may_edit": request.actor.may(EDIT)}, status=422 if form.errors else 200)


def _row(body: Body) -> tuple[Body, str, str, str, str]:
    return (
        body,
        word("body_kind", body.kind),
        body.uscc or body.own_code,
        word("body_status", body.status),
        TONES.get(body.status, "neutral"),
    )


@never_cache
@require_GET
@desk(VIEW)
def body_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One organisation: what the register says and who says so, names, statuses, roles, predecessors."""
    return show(request, queries.get_body(request.actor, pk))


@never_cache
@require_http_methods(["GET", "POST"])
@desk(EDIT)
def enter(request: DeskRequest) -> HttpResponse:
    """A further organisation."""
    regions = place_choices(request.actor.ranges)
    form = EnterForm(request.POST or None, regions=regions, auto_id="enter-%s")
    status, made = 200, list[Body]()
    if request.method == "POST":

        def run(said: dict[str, Any]) -> None:
            values = form.said()
            kind = values.pop("kind")
            region = get_region(UUID(said["region"]))
            made.append(actions.enter_body(request.actor, region_id=region.pk, name=said["name"], kind=kind, values=values))

        status = attempt(form, run)
        if not status:
            messages.success(request, gettext("The organisation is entered. Say next who heads it."))
            return HttpResponseRedirect(reverse("bodies_desk_body", args=[made[0].pk]), status=303)
    return render(request, "bodies/desk/enter.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk(EDIT)
def correct(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Values of a source that says otherwise."""
    body = queries.get_body(request.actor, pk)
    known = sorted(sources().values(), key=lambda row: (row.code != COLLECTED, row.rank, row.code))
    first = {name: bool(queries.text_of(body, name)) if name in FLAGS else queries.text_of(body, name) for name in ATTRIBUTES}
    choices = [(row.code, row.name) for row in known]
    form = CorrectForm(request.POST or None, sources=choices, initial=first, auto_id="correct-%s")
    status = 200
    if request.method == "POST":
        waiting: list[str] = []

        def run(said: dict[str, Any]) -> None:
            waiting.extend(actions.correct_body(request.actor, body_id=pk, values=form.said(), source=said["source"], as_of=said["as_of"]))

        status = attempt(form, run)
        if not status:
            _tell(request, waiting)
            return HttpResponseRedirect(reverse("bodies_desk_body", args=[pk]), status=303)
    return render(request, "bodies/desk/correct.html", {"body": body, "form": form}, status=status)


def _tell(request: DeskRequest, waiting: list[str]) -> None:
    if waiting:
        text = ngettext(
            "A stronger source says otherwise: %(n)s value waits to be checked.",
            "A stronger source says otherwise: %(n)s values wait to be checked.",
            len(waiting),
        )
        messages.warning(request, text % {"n": len(waiting)})
    else:
        messages.success(request, gettext("Corrected."))


def show(request: DeskRequest, body: Body, sent: RefusableForm | None = None, status: int = 200) -> HttpResponse:
    """``sent``: the form that was refused; it is shown with what was typed, and unfolded."""
    actor = request.actor
    may_edit = actor.may(EDIT) and body.status not in ENDED
    before, after = queries.chain_of(actor, body)
    roles = queries.roles_of(actor, body=body)
    forms = _forms(sent)
    context: dict[str, Any] = {
        "body": body,
        "place": " ".join(names_above(body.region_path)[1:]),
        "kind": word("body_kind", body.kind),
        "status": word("body_status", body.status),
        "tone": TONES.get(body.status, "neutral"),
        "rows": _values(actor, body),
        "names": queries.known_names(actor, body),
        "statuses": [(row, word("body_status", row.status), TONES.get(row.status, "neutral")) for row in queries.statuses_of(actor, body)],
        "roles": [
            (row, word("body_role", row.role), row.person_id and row.person is not None and actor.sees(row.person.region_path))
            for row in roles
        ],
        "before": before,
        "after": after,
        "claims": [
            (claim, LABELS.get(name, name), shown(name, claim.value))
            for claim in open_claims(actor, body.pk)
            for name in [claim.attribute.removeprefix(PREFIX)]
        ],
        "may_edit": may_edit,
        "may_see_people": actor.may("people.view"),
        "end_form": sent if isinstance(sent, EndForm) else EndForm(auto_id="end-%s"),
        "forms": forms,
        "sent": sent,
        "community": _community(body),
    }
    return render(request, "bodies/desk/body.html", context, status=status)


def _forms(sent: RefusableForm | None) -> list[tuple[str, str, RefusableForm, str]]:
    """Address, words of the fold, form, words of the button."""
    found: list[tuple[str, str, RefusableForm, str]] = [
        ("bodies_desk_add_role", gettext("Add somebody"), RoleForm(auto_id="role-%s"), gettext("Add")),
        ("bodies_desk_status", gettext("Change the status"), StatusForm(auto_id="status-%s"), gettext("Change")),
        ("bodies_desk_rename", gettext("It has another name"), NameForm(auto_id="name-%s"), gettext("Rename")),
        ("bodies_desk_former_name", gettext("Add a former name"), FormerNameForm(auto_id="former-%s"), gettext("Add")),
        ("bodies_desk_join", gettext("It went into another organisation"), JoinForm(auto_id="join-%s"), gettext("Join")),
    ]
    return [(url, words, sent if sent is not None and type(sent) is type(form) else form, button) for url, words, form, button in found]


def _values(actor: Actor, body: Body) -> list[tuple[str, str, str, Any, str]]:
    """Label, value, who says so, of which day, and the attribute where it can be read who says what."""
    said, usual = queries.origins_of_body(actor, body), queries.usual_origin(body)
    rows: list[tuple[str, str, str, Any, str]] = []
    for name in queries.SHOWN:
        if value := shown(name, queries.text_of(body, name)):
            origin = said.get(name, usual)
            rows.append((str(LABELS[name]), value, origin.label, origin.as_of, name))
    if body.own_code:
        rows.insert(2, (gettext("Code of the platform"), body.own_code, usual.label, usual.as_of, ""))
    return rows


@never_cache
@require_GET
@desk(VIEW)
def said(request: DeskRequest, pk: UUID, attribute: str) -> HttpResponse:
    """Who says what of one attribute, and why one of the values stands."""
    body = queries.get_body(request.actor, pk)
    if attribute not in queries.SHOWN:
        raise Http404
    rows = [(one, shown(attribute, one.offer.value)) for one in queries.heard_of(request.actor, body, attribute)]
    return render(request, "bodies/desk/said.html", {"body": body, "label": LABELS[attribute], "rows": rows})


def _community(body: Body) -> str:
    """The path of the community it lies in, for the list of its neighbours."""
    path = body.region_path[:20]
    return path if by_path(path) else ""
