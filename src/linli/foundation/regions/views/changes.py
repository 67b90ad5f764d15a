"""Renaming, moving, merging and splitting a division: a form, a page that says what will happen, and only then the change or its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.gate import desk
from linli.foundation.regions import actions, policy, queries
from linli.foundation.regions.forms import MOST_PARTS, MergeForm, MoveForm, OrderForm, RenameForm, SplitForm
from linli.foundation.regions.models import Region
from linli.foundation.regions.types import Asked
from linli.foundation.regions.views.orders import TITLES
from linli.foundation.types import Actor
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest


@dataclass(frozen=True)
class Foresight:
    """What will happen, in sentences, and the regions whose people, homes and cases it is about."""

    sentences: list[str]
    touched: list[Region]


@dataclass(frozen=True)
class Change:
    """One kind of change: its words, its form, what is asked beforehand, what it does.

    ``run`` takes who asks, what was asked and the key of the page, and returns the address where the result is seen. ``said`` is
    what that page says of it, where it does not say so by itself.
    """

    title: Any
    said: Any
    form: Callable[..., OrderForm]
    may_begin: Callable[[Region], None]
    check: Callable[[Region, dict[str, Any]], object]
    run: Callable[[Actor, dict[str, Any], str], str]
    foresee: Callable[[Region, dict[str, Any]], Foresight]
    touches: Callable[[Region, dict[str, Any]], Iterable[UUID]] = lambda region, order: [region.id]


def _do(request: DeskRequest, pk: UUID, change: Change) -> HttpResponse:
    """GET: the form. POST: what will happen; POST with ``confirmed``: the change, or the order for it. ``more`` and ``back`` lead to the form again."""
    region = queries.get_region(pk)
    if request.method != "POST":
        change.may_begin(region)
        policy.check_free(queries.orders_about(request.actor, [region]))
        return _ask(request, change, change.form(region=region))
    if "more" in request.POST or "back" in request.POST:
        return _ask(request, change, change.form(region=region, initial=_typed(request)))
    form, key, made = change.form(request.POST, region=region), request.POST.get("confirmed", "")[:64], list[str]()

    def step(values: dict[str, Any]) -> None:
        order = {**form.arguments(), "on": values["on"], "document": values["document"]}
        if key:
            made.append(change.run(request.actor, order, key))
        else:
            change.check(region, order)
            policy.check_free(queries.orders_about(request.actor, [queries.get_region(pk) for pk in change.touches(region, order)]))

    status = attempt(form, step)
    if status:
        return _ask(request, change, form, status)
    if made:
        if change.said:
            messages.success(request, str(change.said))
        return HttpResponseRedirect(made[0], status=303)
    return _foretell(request, change, form)


def _typed(request: DeskRequest) -> dict[str, Any]:
    """What was typed, as first values of a form that judges nothing yet; one more row when that was asked for."""
    values: dict[str, Any] = {name: found if name == "region_ids" else found[-1] for name, found in request.POST.lists()}
    rows = str(values.get("rows", "1"))
    if "more" in request.POST and rows.isdecimal():
        values["rows"] = min(int(rows) + 1, MOST_PARTS)
    return values


def _ask(request: DeskRequest, change: Change, form: OrderForm, status: int = 200) -> HttpResponse:
    context = {"region": form.region, "title": change.title, "form": form, "split": isinstance(form, SplitForm), "most": MOST_PARTS}
    return render(request, "regions/desk/change.html", context, status=status)


def _foretell(request: DeskRequest, change: Change, form: OrderForm) -> HttpResponse:
    told = change.foresee(form.region, form.arguments())
    context = {
        "region": form.region,
        "title": change.title,
        "sentences": told.sentences,
        "contents": [(gettext(label), count) for label, count in queries.contents_of(told.touched)],
        "names": [one.name for one in told.touched],
        "on": form.cleaned_data["on"],
        "document": form.cleaned_data["document"],
        "key": uuid4().hex,
        "typed": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
    }
    return render(request, "regions/desk/change_check.html", context)


# ---- what each kind asks, says and does ----


def _foresee_rename(region: Region, order: dict[str, Any]) -> Foresight:
    new = {"old": region.name, "name": order["name"].strip(), "code": order["code"].strip() or region.code}
    return Foresight([gettext("%(old)s will be called %(name)s, code %(code)s.") % new], [region])


def _foresee_move(region: Region, order: dict[str, Any]) -> Foresight:
    parent = queries.get_region(order["parent_id"])
    said = {"name": region.name, "old": region.parent.name if region.parent else "", "new": parent.name}
    return Foresight(
        [
            gettext("%(name)s, with everything below it, will lie in %(new)s and no longer in %(old)s.") % said,
            gettext("Staff of %(new)s see it from now on; staff of %(old)s do not.") % said,
        ],
        [region],
    )


def _foresee_merge(region: Region, order: dict[str, Any]) -> Foresight:
    into = queries.get_region(order["into_id"])
    closing = [queries.get_region(pk) for pk in order["region_ids"]]
    said = {"closing": gettext(", ").join(one.name for one in closing), "into": into.name}
    return Foresight(
        [
            gettext("%(closing)s will be closed; what lies there will lie in %(into)s.") % said,
            gettext("Staff of the closed regions go on working and see the whole of %(into)s, until their units are closed.") % said,
        ],
        closing,
    )


def _foresee_split(region: Region, order: dict[str, Any]) -> Foresight:
    parts = [f"{name.strip()} ({code.strip()})" for code, name in order["parts"]]
    said = {"name": region.name, "parts": gettext(", ").join(parts)}
    return Foresight(
        [
            gettext("New regions beside %(name)s: %(parts)s.") % said,
            gettext("Nobody is shared out: everything stays with %(name)s until it is entered for a new region by hand.") % said,
            gettext("The new regions have no unit yet; add them under Units and posts."),
        ],
        [region],
    )


def _page_of(region: Region) -> str:
    return reverse("regions_desk_region", args=[region.id])


def _rename(actor: Actor, order: dict[str, Any], key: str) -> str:
    return _page_of(actions.rename_region(actor, **order))


def _split(actor: Actor, order: dict[str, Any], key: str) -> str:
    """The page of the region that was split names the parts; they have no story of their own yet."""
    actions.split_region(actor, **order)
    return _page_of(queries.get_region(order["region_id"]))


def _asked_move(order: dict[str, Any]) -> Asked:
    return Asked((order["region_id"],), order["parent_id"], order["on"], order["document"])


def _asked_merger(order: dict[str, Any]) -> Asked:
    return Asked(tuple(order["region_ids"]), order["into_id"], order["on"], order["document"])


def _check(kind: str, asked: Asked) -> None:
    actions.check_order(kind, [queries.get_region(pk) for pk in asked.touched], asked)


def _order(actor: Actor, kind: str, asked: Asked, key: str) -> str:
    """A job does it: going through the rows of a whole city takes longer than anybody should wait for an answer."""
    return reverse("regions_desk_order", args=[actions.order_change(actor, kind=kind, asked=asked, key=key).id])


RENAME = Change(
    title=gettext_lazy("Rename the region"),
    said=gettext_lazy("The region has its new name."),
    form=RenameForm,
    may_begin=policy.check_open,
    check=lambda region, order: policy.check_rename(region, order["name"], order["code"], order["on"]),
    run=_rename,
    foresee=_foresee_rename,
)
MOVE = Change(
    title=TITLES["move"],
    said="",
    form=MoveForm,
    may_begin=policy.check_changeable,
    check=lambda region, order: _check("move", _asked_move(order)),
    run=lambda actor, order, key: _order(actor, "move", _asked_move(order), key),
    foresee=_foresee_move,
    touches=lambda region, order: _asked_move(order).touched,
)
MERGE = Change(
    title=TITLES["merge"],
    said="",
    form=MergeForm,
    may_begin=policy.check_changeable,
    check=lambda region, order: _check("merge", _asked_merger(order)),
    run=lambda actor, order, key: _order(actor, "merge", _asked_merger(order), key),
    foresee=_foresee_merge,
    touches=lambda region, order: _asked_merger(order).touched,
)
SPLIT = Change(
    title=gettext_lazy("Split the region"),
    said=gettext_lazy("The new regions exist. Give them units next."),
    form=SplitForm,
    may_begin=policy.check_changeable,
    check=lambda region, order: policy.check_split(region, order["parts"], order["on"]),
    run=_split,
    foresee=_foresee_split,
)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.units")
def rename(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Another name or code."""
    return _do(request, pk, RENAME)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.units")
def move(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Another parent."""
    return _do(request, pk, MOVE)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.units")
def merge(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Neighbours become one."""
    return _do(request, pk, MERGE)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.units")
def split(request: DeskRequest, pk: UUID) -> HttpResponse:
    """New regions are cut out of one."""
    return _do(request, pk, SPLIT)
