"""The pages of a worker on the way; they work on line without the island, too."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.sync.actions import meet
from linli.foundation.sync.engine import ITEMS, WIPE, name_of, phone_key
from linli.foundation.sync.types import State
from linli.lib.codes import table
from linli.lib.errors import Invalid, LinliError
from linli.registry.collection import actions, queries
from linli.registry.collection.types import HELD, PHOTO_BYTES, RESULTS
from linli.ui.engine.refusal import words_of
from linli.ui.types import DeskRequest

KINDS = ("visit.done", "person.value", "person.new")


def sexes() -> list[tuple[str, str]]:
    return [(code, str(table("sex").label(code))) for code in ("1", "2")]


@never_cache
@require_GET
@desk("collection.visit")
def today(request: DeskRequest) -> HttpResponse:
    """Today's homes, neighbours beside each other, the late ones first."""
    places = queries.places_today(request.actor)
    waits = len(queries.waiting(request.actor, all_of_them=False))
    return render(request, "collection/field/today.html", {"places": places, "waits": waits})


@never_cache
@require_http_methods(["GET", "POST"])
@desk("collection.visit")
def place_page(request: DeskRequest, key: UUID) -> HttpResponse:
    """One home: who is to be visited, who lives there, and the forms for what is noted. Without the island the forms are sent here."""
    if request.method == "POST":
        refused = _noted(request, key)
        if refused is None:
            return HttpResponseRedirect(reverse("collection_field_place", args=[key]), status=303)
        return _place(request, key, refused)
    return _place(request, key, None)


def _place(request: DeskRequest, key: UUID, refused: LinliError | None) -> HttpResponse:
    context = {
        "place": queries.get_place(request.actor, key),
        "results": RESULTS.items(),
        "sexes": sexes(),
        "refused": words_of(refused) if refused else "",
        "said": request.POST if refused else {},
    }
    return render(request, "collection/field/place.html", context, status=refused.status if refused else 200)


def _noted(request: DeskRequest, key: UUID) -> LinliError | None:
    """Do what a form says, as the queue of a phone would have it done; the refusal, if it is refused."""
    kind = request.POST.get("kind", "")
    try:
        if kind not in KINDS:
            raise Invalid("KIND_UNKNOWN", gettext_noop("This kind of note is not known."))
        payload, base = READ[kind](request, key)
        answer = ITEMS.get(kind)(request.actor, payload, base)
    except LinliError as error:
        return error
    tell = messages.success if answer.state is State.ACCEPTED else messages.warning
    tell(request, str(answer.body.get("text", "")))
    return None


def _visit(request: DeskRequest, key: UUID) -> tuple[dict[str, Any], str]:
    said = request.POST
    chosen = said.getlist("visits")
    confirmed = [value.split("|") for value in said.getlist("confirmed") if said.get("confirm") and value.count("|") == 2]
    place = {"longitude": said.get("longitude"), "latitude": said.get("latitude"), "accuracy": said.get("accuracy") or 0}
    return {
        "visits": chosen,
        "result": said.get("result", ""),
        "note": said.get("note", ""),
        "photo": _data_address(request.FILES.get("photo")),
        "position": place,
        "confirmed": [{"person": person, "attribute": attribute, "base": base} for person, attribute, base in confirmed],
    }, ""


def _data_address(upload: Any) -> str:
    """An uploaded photo as a phone would send it."""
    if not isinstance(upload, UploadedFile) or not upload.size:
        return ""
    if upload.size > PHOTO_BYTES:
        raise Invalid(
            "PHOTO_TOO_LARGE",
            gettext_noop("The photo is larger than %(most)s MB."),
            field="photo",
            data={"most": PHOTO_BYTES // 1024 // 1024},
        )
    content = upload.read()
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _value(request: DeskRequest, key: UUID) -> tuple[dict[str, Any], str]:
    attribute, _, base = request.POST.get("attribute", "").partition("|")
    said = {name: request.POST.get(name, "") for name in ("person", "value", "name")}
    return {**said, "attribute": attribute}, base


def _newcomer(request: DeskRequest, key: UUID) -> tuple[dict[str, Any], str]:
    names = ("name", "id_number", "birth_date", "sex", "phone")
    return {"place": str(key), **{name: request.POST.get(name, "") for name in names}}, ""


READ: dict[str, Callable[[DeskRequest, UUID], tuple[dict[str, Any], str]]] = {
    "visit.done": _visit,
    "person.value": _value,
    "person.new": _newcomer,
}


@never_cache
@require_GET
@desk("collection.visit")
def conflicts(request: DeskRequest) -> HttpResponse:
    """What the worker noted and could not simply be written."""
    rows = [(one, HELD[one.row.kind]) for one in queries.waiting(request.actor, all_of_them=False)]
    return render(request, "collection/field/conflicts.html", {"rows": rows})


@never_cache
@require_POST
@desk("collection.visit")
def decide(request: DeskRequest, pk: UUID) -> HttpResponse:
    decide_one(request, pk)
    return HttpResponseRedirect(reverse("collection_field_conflicts"), status=303)


def decide_one(request: DeskRequest, pk: UUID) -> None:
    """Take or drop a note, and say what became of it."""
    take = request.POST.get("take") == "1"
    try:
        actions.decide_held(request.actor, held_id=pk, take=take)
    except LinliError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, gettext("Taken over.") if take else gettext("Left as it was."))


@never_cache
@require_GET
@desk("collection.visit")
def package(request: DeskRequest) -> HttpResponse:
    """What the phone takes along for the day, for whom, and what it needs to send its queue."""
    try:
        device = meet(
            request.actor, key_id=phone_key(request.headers.get("X-Device", "")), name=name_of(request.headers.get("User-Agent", ""))
        )
    except LinliError as error:
        return JsonResponse(error.as_problem(gettext), status=error.status, content_type="application/problem+json")
    if device is None:
        logout(request)
        return JsonResponse(WIPE)
    body = {"device": "ok", "worker": str(request.actor.account), "csrf": get_token(request), "day": queries.package(request.actor)}
    return JsonResponse(body)
