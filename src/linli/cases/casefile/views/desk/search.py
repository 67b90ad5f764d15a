"""One search box for everything: a case number, an ID number, a name, a matter. What it finds is what the person may see."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.cases.casefile.queries.desk import search_cases
from linli.cases.casefile.queries.words import STATES
from linli.cases.catalogue.queries import search as search_matters
from linli.foundation.gate import desk
from linli.foundation.types import Actor
from linli.lib.idcard import normalise
from linli.lib.masking import mask_address, mask_id_number, mask_name
from linli.registry.people import queries as people
from linli.registry.people.models import Person
from linli.ui.types import DeskRequest


def people_found(actor: Actor, text: str) -> list[Person]:
    """People by ID number, telephone or name."""
    digits = normalise(text)
    if len(digits) in (15, 18) and digits[:-1].isdigit():
        person = people.find_by_id_number(actor, digits)
        return [person] if person else []
    if len(digits) == 11 and digits.isdigit():
        return people.find_by_phone(actor, digits)
    return [] if digits.isdigit() else people.find_by_name(actor, text, limit=20)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.view")
def search(request: DeskRequest) -> HttpResponse:
    """Nothing is listed until something is asked. An ID number may come by POST, so that it stands in no address."""
    text = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:60]
    cases = search_cases(request.actor, text)
    if len(cases) == 1 and cases[0].number == "".join(text.split()):
        return HttpResponseRedirect(reverse("case_desk_subject", args=[cases[0].pk]))
    found = people_found(request.actor, text) if text and request.actor.may("people.view") else []
    context = {
        "q": text,
        "search_query": text,
        "cases": [(c, mask_name(c.applicant), *STATES[c.state]) for c in cases],
        "people": [
            (p, mask_id_number(p.id_number) if p.id_number else "", mask_address(p.live_address) if p.live_address else "") for p in found
        ],
        "matters": search_matters(text)[:10] if text else [],
        "today": timezone.localdate(),
    }
    return render(request, "casefile/desk/search.html", context)
