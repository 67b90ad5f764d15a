"""A resident's own data: ask for a copy, a correction, an erasure; what became of it."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.files.engine import signature_of, signature_ok
from linli.foundation.gate import citizen
from linli.foundation.privacy.actions import answering, filing
from linli.foundation.privacy.engine.copying import archive
from linli.foundation.privacy.engine.showing import KINDS, LEADS, STATES, title_of
from linli.foundation.privacy.forms import AskAboutForm
from linli.foundation.privacy.models import DataRequest
from linli.foundation.privacy.queries import requests as queries
from linli.foundation.privacy.queries.rules import erase_rules
from linli.lib.errors import LinliError, NotFound
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import PortalRequest

ROWS, LINK_S = 10, 15 * 60


@never_cache
@require_GET
@citizen()
def my_data(request: PortalRequest) -> HttpResponse:
    """What one may ask, and what one has asked."""
    mine = queries.about_whom(request.actor)
    page = Paginator(queries.my_requests(request.actor), ROWS).get_page(request.GET.get("page"))
    context = {
        "known": bool(mine),
        "wards": mine[1:],
        "kinds": [(code, words, LEADS[code]) for code, words in KINDS.items()],
        "page": page,
        "rows": [(one, KINDS[one.kind], *STATES[one.state]) for one in page],
    }
    return render(request, "privacy/portal/my_data.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@citizen(assurance=1)
def ask(request: PortalRequest, kind: str) -> HttpResponse:
    """One request, about oneself or somebody whose guardian one is (``for``)."""
    if kind not in KINDS:
        raise Http404
    person = queries.one_named(request.actor, request.GET.get("for", ""))
    form = AskAboutForm(request.POST or None, kind=kind, auto_id="ask-%s")
    form.is_bound = request.method == "POST"
    made, status = list[DataRequest](), 200
    if request.method == "POST":
        status = attempt(form, lambda said: made.append(filing.file_request(request.actor, kind=kind, person_id=person.person_id, **said)))
        if not status:
            messages.success(request, gettext("We have your request. You read the answer here."))
            return HttpResponseRedirect(reverse("privacy_my_request", args=[made[0].pk]), status=303)
    context = {
        "form": form,
        "title": KINDS[kind],
        "lead": LEADS[kind],
        "person": person if person.person_id != request.actor.party_id else None,
        "stays": erase_rules(erasable=False) if kind == "erase" else [],
        "due": queries.due_day(timezone.localdate()),
    }
    return render(request, "privacy/portal/ask.html", context, status=status)


@never_cache
@require_GET
@citizen(assurance=1)
def request_page(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One request and its answer; the link to a copy is good for a quarter of an hour, and for this account only."""
    one = queries.my_request(request.actor, pk)
    words, tone, icon = STATES[one.state]
    fetchable = bool(one.content) and one.content_until is not None and one.content_until > timezone.now()
    context = {
        "one": one,
        "title": KINDS[one.kind],
        "state": words,
        "tone": tone,
        "icon": icon,
        "rows": about(one),
        "link": _link(request, one) if fetchable else "",
    }
    return render(request, "privacy/portal/request.html", context)


def about(one: DataRequest) -> list[tuple[str, Any]]:
    """What was asked, label and value."""
    rows = [(gettext("Number"), one.number), (gettext("About whom"), one.name), (gettext("Asked on"), timezone.localdate(one.filed_at))]
    if one.kind == "correct":
        rows += [(gettext("What is wrong"), title_of(one.attribute)), (gettext("What is right"), one.value)]
    if one.text:
        rows.append((gettext("In the resident's words"), one.text))
    return [*rows, (gettext("Answer by"), one.due_on)]


def _link(request: PortalRequest, one: DataRequest) -> str:
    until = int(time.time()) + LINK_S
    signature = signature_of(one.pk, f"user:{request.actor.account}", until)
    return f"{reverse('privacy_my_copy', args=[one.pk])}?{urlencode({'until': until, 'sig': signature})}"


@never_cache
@require_GET
@citizen(assurance=1)
def copy(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The copy, by a link of the page of the request; `NotFound` for a forged or old one."""
    until, bound = request.GET.get("until", ""), f"user:{request.actor.account}"
    if not until.isdecimal() or len(until) > 12 or not signature_ok(pk, bound, int(until), request.GET.get("sig", ""), time.time()):
        raise NotFound("LINK_OVER", "This link is over.", hint="Open the page of your request again.")
    try:
        one = answering.fetch_copy(request.actor, request_id=pk)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
        return HttpResponseRedirect(reverse("privacy_my_request", args=[pk]), status=303)
    return copy_response(one)


def copy_response(one: DataRequest) -> HttpResponse:
    """The archive of a copy whose fetching is on the trail."""
    mark = gettext("%(number)s, for the person it is about only") % {"number": one.number}
    headings = (gettext("Part"), gettext("What"), gettext("Value"), gettext("Whose word it is"), gettext("As of"))
    response = HttpResponse(archive(one.number, mark, headings, str(one.content)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{one.number}.zip"'
    response["Cache-Control"] = "no-store, private"
    return response


@never_cache
@require_POST
@citizen(assurance=1)
def take_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    try:
        filing.withdraw(request.actor, request_id=pk)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, gettext("Your request is taken back."))
    return HttpResponseRedirect(reverse("privacy_my_request", args=[pk]), status=303)
