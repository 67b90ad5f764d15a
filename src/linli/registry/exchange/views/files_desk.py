"""Files of a subscription on its page: order one, have them written regularly, keep the signed description. Nobody at the desk gets the records."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.files.engine.proofs import SIGNATURE
from linli.foundation.gate import desk
from linli.foundation.types import Actor
from linli.lib.errors import LinliError, NotFound
from linli.registry.exchange.actions import ordering
from linli.registry.exchange.engine.manifest import PART
from linli.registry.exchange.models import DataFile
from linli.registry.exchange.queries import files as queries
from linli.ui.engine.refusal import words_of
from linli.ui.types import DeskRequest

SHOWN = 20
STATES: dict[str, tuple[Any, str]] = {
    "waiting": (gettext_lazy("waits to be written"), "neutral"),
    "building": (gettext_lazy("is being written"), "info"),
    "ready": (gettext_lazy("can be fetched"), "success"),
    "failed": (gettext_lazy("could not be written"), "danger"),
    "gone": (gettext_lazy("taken away: its days are over"), "neutral"),
}
WHY = {
    "BROKE_OFF": gettext_lazy("The writing broke off three times. Order it again; tell the operator if it happens again."),
    "FILE_DISK": gettext_lazy("The disk did not take the file. Tell the operator, then order it again."),
    "SUBSCRIPTION_NOT_IN_FORCE": gettext_lazy("The subscription was not in force any more."),
}


def listed(actor: Actor, subscription_id: UUID) -> list[tuple[DataFile, Any, str, str, Any]]:
    """Row, words and tone of its state, by whose order, why it failed."""
    rows = queries.files_of(actor, subscription_id)[:SHOWN]
    return [(row, *STATES[row.state], _whose(row), WHY.get(row.error, row.error)) for row in rows]


def _whose(row: DataFile) -> str:
    return gettext("regularly") if row.cause == "cycle" else str(row.ordered_by_name)


@never_cache
@require_POST
@desk("exchange.manage")
def order(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One file, for the program."""
    form = request.POST.get("form", "")
    return _step(
        request, pk, lambda: ordering.order_from_desk(request.actor, subscription_id=pk, form=form), gettext("The file is written now.")
    )


@never_cache
@require_POST
@desk("exchange.manage")
def cycle(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Files as often as the resource is updated, or no more."""
    form = request.POST.get("form", "")
    return _step(request, pk, lambda: ordering.set_cycle(request.actor, subscription_id=pk, form=form), gettext("Saved."))


def _step(request: DeskRequest, pk: UUID, run: Callable[[], object], said: str) -> HttpResponse:
    try:
        run()
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("exchange_desk_subscription", args=[pk]) + "#files-title", status=303)


@never_cache
@require_GET
@desk("exchange.view")
def manifest(request: DeskRequest, pk: UUID, file: UUID) -> HttpResponse:
    """What a file is, signed; it says nothing of anybody, so that it can be kept with the papers of the subscription."""
    row = queries.get_file(request.actor, pk, file)
    if not row.signature:
        raise NotFound("MANIFEST_UNKNOWN", gettext_noop("This file was not written."))
    body = json.dumps({PART: row.manifest, SIGNATURE: row.signature}, ensure_ascii=False, sort_keys=True, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.manifest["name"]}.manifest.json"'
    return response
