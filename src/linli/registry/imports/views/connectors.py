"""Connectors on the desk: databases of other offices that files come from by themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.accounts.models import User
from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.lib.errors import LinliError, NotFound
from linli.registry.imports import queries
from linli.registry.imports.actions import connecting
from linli.registry.imports.forms import CONNECTOR_FORMS, ConnectorForm
from linli.registry.imports.models import Arrival, Connector
from linli.registry.imports.queries.connectors import arrivals, connectors, get_connector
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import DeskRequest

SHOWN = 30
KINDS = {
    "postgres": gettext_lazy("PostgreSQL database"),
    "http": gettext_lazy("HTTP service that is asked"),
    "push": gettext_lazy("Program that sends by itself"),
}
STATES: dict[str, tuple[Any, str]] = {
    "running": (gettext_lazy("being asked"), "info"),
    "checking": (gettext_lazy("being checked"), "info"),
    "held": (gettext_lazy("waits for a decision"), "warning"),
    "loading": (gettext_lazy("being loaded"), "info"),
    "done": (gettext_lazy("loaded"), "success"),
    "nothing": (gettext_lazy("nothing new"), "neutral"),
    "failed": (gettext_lazy("failed"), "danger"),
}


@never_cache
@require_GET
@desk("imports.connect")
def connector_list(request: DeskRequest) -> HttpResponse:
    """All connectors of the own area, with what went wrong last."""
    names = {code: one.name for code, one in queries.layouts().items()}
    rows = [(one, KINDS[one.kind], names.get(one.layout, one.layout), *_health(one)) for one in connectors(request.actor)]
    return render(request, "imports/desk/connectors.html", {"rows": rows, "kinds": KINDS.items()})


def _health(connector: Connector) -> tuple[Any, str]:
    if connector.paused:
        return gettext_lazy("paused"), "neutral"
    if connector.error:
        return (gettext_lazy("needs somebody"), "danger")
    return (gettext_lazy("works"), "success") if connector.loaded_at else (gettext_lazy("nothing came yet"), "neutral")


def told(error: dict[str, Any]) -> str:
    """An error that was kept, in words."""
    return words_of(LinliError(error["code"], error["message"], hint=error.get("hint", ""), data=error.get("data") or {})) if error else ""


@never_cache
@require_GET
@desk("imports.connect")
def connector_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One connector and its deliveries; its secret is never shown."""
    row = get_connector(request.actor, pk)
    deliveries = [(one, *STATES[one.state], told(one.error)) for one in _newest(request, row)]
    layout = queries.layouts().get(row.layout)
    words, tone = _health(row)
    context = {
        "row": row,
        "kind": KINDS[row.kind],
        "layout": layout.name if layout else row.layout,
        "address": [(name, value) for name, value in row.address.items()],
        "deliveries": deliveries,
        "told": told(row.error),
        "health": words,
        "tone": tone,
    }
    return render(request, "imports/desk/connector.html", context)


def _newest(request: DeskRequest, row: Connector) -> list[Arrival]:
    return list(arrivals(request.actor, row)[:SHOWN])


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.connect")
def new(request: DeskRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise NotFound("CONNECTOR_UNKNOWN", gettext("There is no such connector."))
    return _form(request, kind, None)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.connect")
def change(request: DeskRequest, pk: UUID) -> HttpResponse:
    row = get_connector(request.actor, pk)
    return _form(request, row.kind, row)


def _form(request: DeskRequest, kind: str, row: Connector | None) -> HttpResponse:
    form, made = _form_of(request, kind, row), list[Connector]()
    status = 200
    if request.method == "POST":

        def run(said: dict[str, Any]) -> None:
            names = connecting.ASKED[kind]
            address = {name: said.pop(name, "") for name in names}
            said = {name: value for name, value in said.items() if name not in names}
            saved = connecting.save_connector(request.actor, connector_id=row.pk if row else None, kind=kind, address=address, **said)
            made.append(saved)

        status = attempt(form, run)
        if not status:
            messages.success(request, gettext("The connector is saved."))
            return HttpResponseRedirect(reverse("imports_desk_connector", args=[made[0].pk]), status=303)
    return render(request, "imports/desk/connector_form.html", {"form": form, "row": row, "kind": KINDS[kind]}, status=status or 200)


def _form_of(request: DeskRequest, kind: str, row: Connector | None) -> ConnectorForm:
    layouts = [(one.code, one.name) for one in queries.layouts().values()]
    communities = [(r.code[:12], r.name) for r in in_ranges(request.actor.ranges, "community")]
    programs = [
        (str(pk), name) for pk, name in User.objects.filter(kind="partner", is_active=True).order_by("name").values_list("pk", "name")
    ]
    initial = {} if row is None else {**row.address, **{name: getattr(row, name) for name in ConnectorForm.KEPT}}
    form = CONNECTOR_FORMS[kind](request.POST or None, initial=initial, auto_id="connector-%s")
    form.offer(layouts=layouts, communities=communities, programs=programs, has_secret=bool(row and row.secret))
    return form


@never_cache
@require_POST
@desk("imports.connect")
def step(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Try, run now, pause, go on."""
    wanted = request.POST.get("step", "")
    try:
        if wanted == "try":
            found = connecting.try_connection(request.actor, connector_id=pk)
            messages.success(request, gettext("The connection works: %(rows)s rows were read and thrown away.") % {"rows": found.rows})
            if found.unknown:
                messages.warning(request, gettext("Fields the layout does not know: %(names)s") % {"names": ", ".join(found.unknown)})
        elif wanted == "run":
            connecting.run_now(request.actor, connector_id=pk)
            messages.success(request, gettext("The database is being asked. You may leave this page."))
        else:
            connecting.pause(request.actor, connector_id=pk, paused=wanted == "pause")
            messages.success(request, gettext("The connector is paused.") if wanted == "pause" else gettext("The connector goes on."))
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
    return HttpResponseRedirect(reverse("imports_desk_connector", args=[pk]), status=303)
