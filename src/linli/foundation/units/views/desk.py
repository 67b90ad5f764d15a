"""Units and their posts, for the system administrator: what is in force, and how it is changed. The first ones come from packs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import names_above
from linli.foundation.units import actions, queries
from linli.foundation.units.forms import ChangeForm, HandOverForm, MoveForm, NewUnitForm, PostForm, unit_key
from linli.foundation.units.models import Unit
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest

ROWS = 50
LEVELS = ("city", "county", "street", "community")


@never_cache
@require_GET
@desk("admin.units")
def unit_list(request: DeskRequest) -> HttpResponse:
    """All units from the city down, narrowed by name, code or level; closed ones on request."""
    text, level, closed = request.GET.get("q", "").strip()[:40], request.GET.get("level", ""), request.GET.get("closed") == "1"
    page = Paginator(queries.units_by_name(text, level, closed=closed), ROWS).get_page(request.GET.get("page"))
    return render(request, "units/desk/units.html", {"page": page, "q": text, "level": level, "levels": LEVELS, "closed": closed})


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.units")
def new_unit(request: DeskRequest) -> HttpResponse:
    """A further unit."""
    form = NewUnitForm(request.POST or None, auto_id="unit-%s")
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            region, parent = form.keys()
            unit = actions.add_unit(
                request.actor,
                code=values["code"],
                name=values["name"],
                short=values["short"],
                line=values["line"],
                region_id=region,
                parent_id=parent,
                reach=form.reach,
            )
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The unit exists. Give it posts next."))
            return HttpResponseRedirect(reverse("units_desk_unit", args=[unit.pk]), status=303)
    return render(request, "units/desk/unit_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_GET
@desk("admin.units")
def unit_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One unit with its posts, the roles they carry and who holds them, and everything that can be changed of it."""
    return _show(request, queries.get_unit(pk))


def _show(request: DeskRequest, unit: Unit, sent: RefusableForm | None = None) -> HttpResponse:
    """``sent``: the form that was refused; it is shown with what was typed, and unfolded."""
    forms: dict[str, RefusableForm] = {
        "change": ChangeForm.of(unit),
        "move": MoveForm(initial={"parent": unit.parent.code if unit.parent else ""}, auto_id="move-%s"),
        "hand_over": HandOverForm(auto_id="over-%s"),
        "post": PostForm(auto_id="post-%s"),
    }
    if sent is not None:
        forms |= {key: sent for key, form in forms.items() if type(form) is type(sent)}
    names, holders = queries.role_names(), queries.holders_by_post(unit.id)
    context: dict[str, Any] = {
        "unit": unit,
        "posts": [(post, names.get(post.role_code, post.role_code), holders.get(post.id, [])) for post in queries.posts_of(unit.id)],
        "children": queries.children_of(unit.id),
        "burdens": [(gettext(b.message) % {"count": b.count}, gettext(b.hint)) for b in queries.burdens_of(unit)],
        "place": " ".join(names_above(unit.region_path)),
        "sent": sent,
        **{f"{key}_form": form for key, form in forms.items()},
    }
    return render(request, "units/desk/unit.html", context, status=422 if sent is not None else 200)


def _do(request: DeskRequest, pk: UUID, form: RefusableForm, run: Callable[[], str]) -> HttpResponse:
    """Run one change; a refusal stands beside its field on the unit's page."""
    unit = queries.get_unit(pk)
    if form.is_valid():
        try:
            said = run()
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("units_desk_unit", args=[pk]), status=303)
    return _show(request, unit, form)


@require_POST
@desk("admin.units")
def change(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Name, telephone, address, hours."""
    form = ChangeForm(request.POST, auto_id="change-%s")

    def run() -> str:
        actions.change_unit(request.actor, unit_id=pk, name=form.cleaned_data["name"], short=form.cleaned_data["short"], reach=form.reach)
        return gettext("The unit is changed. Past cases go on naming it as it was.")

    return _do(request, pk, form, run)


@require_POST
@desk("admin.units")
def move(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Under another unit."""
    form = MoveForm(request.POST, auto_id="move-%s")

    def run() -> str:
        actions.move_unit(request.actor, unit_id=pk, parent_id=unit_key(form.cleaned_data["parent"], "parent"))
        return gettext("The unit belongs there now.")

    return _do(request, pk, form, run)


@require_POST
@desk("admin.units")
def hand_over(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Waiting tasks to another office."""
    form = HandOverForm(request.POST, auto_id="over-%s")

    def run() -> str:
        to = unit_key(form.cleaned_data["to"], "to")
        moved = actions.hand_over_unit(request.actor, unit_id=pk, to_id=to) if to else 0
        return gettext("%(count)s tasks changed offices.") % {"count": moved}

    return _do(request, pk, form, run)


@require_POST
@desk("admin.units")
def add_post(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A further post."""
    form = PostForm(request.POST, auto_id="post-%s")

    def run() -> str:
        values = form.cleaned_data
        actions.add_post(request.actor, unit_id=pk, title=values["title"], role_code=values["role"], everything=values["everything"])
        return gettext("The post exists. Ask for somebody to be appointed to it.")

    return _do(request, pk, form, run)


@require_POST
@desk("admin.units")
def close(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The unit exists no longer."""
    return _do(request, pk, RefusableForm(request.POST), lambda: _closed(request, pk))


def _closed(request: DeskRequest, pk: UUID) -> str:
    actions.close_unit(request.actor, unit_id=pk)
    return gettext("The unit is closed. Past cases go on naming it.")


@require_POST
@desk("admin.units")
def close_post(request: DeskRequest, pk: UUID, post: UUID) -> HttpResponse:
    """A post is not given any more."""

    def run() -> str:
        actions.close_post(request.actor, post_id=post)
        return gettext("The post is closed.")

    return _do(request, pk, RefusableForm(request.POST), run)
