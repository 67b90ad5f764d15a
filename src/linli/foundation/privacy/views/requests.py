"""Requests of residents on the desk: taken down at the counter, answered by the data officer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.gate import desk
from linli.foundation.privacy import policy
from linli.foundation.privacy.actions import answering, filing
from linli.foundation.privacy.engine.declared import CORRECTABLE
from linli.foundation.privacy.engine.showing import STATES, title_of
from linli.foundation.privacy.forms import AskAboutForm, GrantForm, RefuseRequestForm
from linli.foundation.privacy.models import DataRequest
from linli.foundation.privacy.queries import requests as queries
from linli.foundation.privacy.queries.rules import erase_rules
from linli.foundation.privacy.views.portal import about, copy_response
from linli.lib.errors import LinliError, NotFound
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import DeskRequest

ROWS = 20
KINDS: dict[str, Any] = {
    "copy": gettext_lazy("Copy of the data"),
    "correct": gettext_lazy("Correction of a value"),
    "erase": gettext_lazy("Erasure, consent taken back"),
}


@never_cache
@require_GET
@desk("privacy.file")
def queue(request: DeskRequest) -> HttpResponse:
    """Those of the own area: what waits, the most urgent first, or what was decided."""
    state = request.GET.get("state", "")
    state = state if state in STATES else "open"
    page = Paginator(queries.requests_in_area(request.actor, state), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, KINDS[one.kind], *STATES[one.state]) for one in page],
        "states": [(code, words, code == state) for code, (words, _, _) in STATES.items()],
        "today": timezone.localdate(),
    }
    return render(request, "privacy/desk/requests.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("privacy.file")
def take_down(request: DeskRequest, person: UUID) -> HttpResponse:
    """At the counter, about the person whose file is open: which kind (``kind``), then what."""
    known = queries.person_in_sight(request.actor, person)
    kind = request.GET.get("kind", "")
    if not kind:
        choices = [(f"{request.path}?kind={code}", words) for code, words in KINDS.items()]
        return render(request, "privacy/desk/take_down.html", {"person": known, "choices": choices})
    if kind not in KINDS:
        raise Http404
    form = AskAboutForm(request.POST or None, kind=kind, auto_id="ask-%s")
    form.is_bound = request.method == "POST"
    made, status = list[DataRequest](), 200
    if request.method == "POST":
        status = attempt(form, lambda said: made.append(filing.take_down(request.actor, kind=kind, person_id=person, **said)))
        if not status:
            messages.success(request, gettext("The request is noted. The resident is told when it is answered."))
            return HttpResponseRedirect(reverse("privacy_desk_request", args=[made[0].pk]), status=303)
    context = {
        "form": form,
        "title": KINDS[kind],
        "about": known.name,
        "intro": gettext("The answer is given by %(day)s at the latest.") % {"day": queries.due_day(timezone.localdate()).isoformat()},
        "button": gettext("Note the request"),
        "back": reverse("privacy_desk_requests"),
        "crumbs": [(gettext("Requests about personal data"), reverse("privacy_desk_requests"))],
    }
    return render(request, "ui/desk/form_page.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("privacy.file")
def request_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One request; whoever may decide it does so here: yes, or no with a reason."""
    one = queries.request_in_area(request.actor, pk)
    may = one.state == "open" and policy.may_decide(request.actor, one)
    target = CORRECTABLE.get(one.attribute) if one.kind == "correct" and one.attribute in CORRECTABLE else None
    answer = request.POST.get("answer") if request.method == "POST" else None
    initial = {} if target is None or target.choices() else {"value": one.value}
    grant = GrantForm(request.POST if answer == "yes" else None, one=target, initial=initial, auto_id="grant-%s")
    refuse = RefuseRequestForm(request.POST if answer == "no" else None, auto_id="refuse-%s")
    status = 200
    if answer == "yes":
        status = attempt(grant, lambda said: answering.grant(request.actor, request_id=pk, **said))
    elif answer == "no":
        status = attempt(refuse, lambda said: answering.refuse(request.actor, request_id=pk, reason=said["reason"]))
    if answer in ("yes", "no") and not status:
        messages.success(request, gettext("Your decision is noted; the resident is told."))
        return HttpResponseRedirect(reverse("privacy_desk_request", args=[pk]), status=303)
    return render(request, "privacy/desk/request.html", _context(request, one, may, grant, refuse), status=status or 200)


def _context(request: DeskRequest, one: DataRequest, may: bool, grant: GrantForm, refuse: RefuseRequestForm) -> dict[str, Any]:
    words, tone, icon = STATES[one.state]
    rows = [*about(one), (gettext("Filed"), gettext("at the counter") if one.channel == "counter" else gettext("in the portal"))]
    if one.decided_at:
        rows += [(gettext("Decided by"), f"{one.decided_by_name} {one.unit}".strip()), (gettext("Reason"), one.reason)]
    wanted = [rule.name for rule in erase_rules(erasable=True) if rule.code in one.scope]
    standing = ""
    if may and one.kind == "correct" and one.attribute in CORRECTABLE:
        standing = CORRECTABLE.get(one.attribute).now(request.actor, one.person_id)
    fetchable = bool(one.content) and one.content_until is not None and one.content_until > timezone.now()
    return {
        "one": one,
        "title": KINDS[one.kind],
        "state": words,
        "tone": tone,
        "icon": icon,
        "rows": rows,
        "wanted": wanted,
        "attribute": title_of(one.attribute) if one.attribute else "",
        "standing": standing,
        "may": may,
        "grant": grant,
        "refuse": refuse,
        "sent": next((form for form in (grant, refuse) if form.errors), None),
        "hands_over": fetchable and policy.may_hand_over(request.actor, one),
    }


@never_cache
@require_GET
@desk("privacy.file")
def hand_over(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The copy of somebody who asked at the counter."""
    try:
        one = answering.hand_over(request.actor, request_id=pk)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
        return HttpResponseRedirect(reverse("privacy_desk_request", args=[pk]), status=303)
    return copy_response(one)
