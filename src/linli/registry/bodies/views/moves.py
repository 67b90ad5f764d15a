"""What can be done with one organisation, from its page; a refusal stands there beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.foundation.gate import desk
from linli.lib.errors import Invalid, LinliError, NotFound
from linli.registry.bodies import actions, queries
from linli.registry.bodies.forms import EndForm, FormerNameForm, JoinForm, NameForm, RoleForm, StatusForm
from linli.registry.bodies.views.desk import EDIT, show
from linli.ui.engine.refusal import RefusableForm, attempt, words_of
from linli.ui.types import DeskRequest


def _do(request: DeskRequest, pk: UUID, form: RefusableForm, run: Callable[[dict[str, Any]], object], said: str) -> HttpResponse:
    status = attempt(form, run)
    if status:
        return show(request, queries.get_body(request.actor, pk), form, status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("bodies_desk_body", args=[pk]), status=303)


@never_cache
@require_POST
@desk(EDIT)
def rename(request: DeskRequest, pk: UUID) -> HttpResponse:
    form = NameForm(request.POST, auto_id="name-%s")
    return _do(request, pk, form, lambda said: actions.rename_body(request.actor, body_id=pk, **said), gettext("Renamed."))


@never_cache
@require_POST
@desk(EDIT)
def former_name(request: DeskRequest, pk: UUID) -> HttpResponse:
    form = FormerNameForm(request.POST, auto_id="former-%s")
    return _do(
        request, pk, form, lambda said: actions.add_former_name(request.actor, body_id=pk, **said), gettext("The former name is kept.")
    )


@never_cache
@require_POST
@desk(EDIT)
def change_status(request: DeskRequest, pk: UUID) -> HttpResponse:
    form = StatusForm(request.POST, auto_id="status-%s")
    return _do(request, pk, form, lambda said: actions.change_status(request.actor, body_id=pk, **said), gettext("The status is changed."))


@never_cache
@require_POST
@desk(EDIT)
def join(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The one that stays is named by its code."""
    form = JoinForm(request.POST, auto_id="join-%s")

    def run(said: dict[str, Any]) -> None:
        found = queries.find(request.actor, said["into"])
        if len(found) != 1:
            raise Invalid(
                "BODY_UNKNOWN", "No organisation of your area has this code.", field="into", hint="Copy all 18 characters from the licence."
            )
        actions.join_bodies(request.actor, body_id=pk, into_id=found[0].pk, on=said["on"], document=said["document"])

    return _do(request, pk, form, run, gettext("Joined. The chain of predecessors is kept."))


@never_cache
@require_POST
@desk(EDIT)
def add_role(request: DeskRequest, pk: UUID) -> HttpResponse:
    form = RoleForm(request.POST, auto_id="role-%s")
    return _do(request, pk, form, lambda said: actions.add_role(request.actor, body_id=pk, **said), gettext("Added."))


@never_cache
@require_POST
@desk(EDIT)
def end_role(request: DeskRequest, pk: UUID, role: UUID) -> HttpResponse:
    form = EndForm(request.POST, auto_id="end-%s")
    return _do(request, pk, form, lambda said: actions.end_role(request.actor, body_id=pk, role_id=role, **said), gettext("Ended."))


@never_cache
@require_POST
@desk(EDIT)
def decide(request: DeskRequest, pk: UUID, claim: UUID) -> HttpResponse:
    """Somebody has checked a difference."""
    accept = request.POST.get("accept") == "1"
    try:
        actions.decide_claim(request.actor, body_id=pk, claim_id=claim, accept=accept)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, gettext("Taken over.") if accept else gettext("Left as it was."))
    return HttpResponseRedirect(reverse("bodies_desk_body", args=[pk]), status=303)
