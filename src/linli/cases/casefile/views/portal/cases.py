"""My cases: the list, one case, its receipt, answering a correction, taking back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.casefile import actions, policy
from linli.cases.casefile.engine import qr_svg, query_code
from linli.cases.casefile.engine.applying import PAPER, split, with_papers, with_problems
from linli.cases.casefile.models import Case, Paper
from linli.cases.casefile.queries.cases import answers as answers_of
from linli.cases.casefile.queries.cases import definition_for, get_case, get_paper, materials
from linli.cases.casefile.queries.deadlines import next_promise
from linli.cases.casefile.queries.portal import Standing, my_drafts, my_page, standing
from linli.cases.casefile.queries.prefill import for_whom, prefill
from linli.cases.casefile.tasks import print_now
from linli.cases.casefile.types import PAPER_TITLES, State
from linli.cases.casefile.views.portal import uploads, words
from linli.foundation.files.queries import sign_link
from linli.foundation.gate import citizen
from linli.foundation.types import Actor
from linli.lib.errors import LinliError, Unavailable
from linli.records.forms.engine import bind, render_form
from linli.records.forms.types import Prefilled
from linli.ui.types import PortalRequest

LINK_S = 15 * 60
"""How long a download link of a case page works."""


@never_cache
@require_safe
@citizen()
def my_cases(request: PortalRequest) -> HttpResponse:
    """Own cases and those handed in for others, with forms begun and not sent. The number of queries does not grow with them."""
    page = my_page(request.actor, request.GET.get("page", "1"))
    rows = [
        (case, words.state_words(case), words.limit_day(case.due_at) if case.due_at and case.closed_at is None else None) for case in page
    ]
    return render(request, "casefile/portal/my_cases.html", {"page": page, "rows": rows, "drafts": my_drafts(request.actor)})


@never_cache
@require_safe
@citizen()
def case(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One case in plain words. Another person's case is not there."""
    seen = standing(request.actor, pk)
    return render(request, "casefile/portal/case.html", case_context(request.actor, seen))


def case_context(actor: Actor, seen: Standing, *, masked: bool = False) -> dict[str, Any]:
    """What the case page draws; ``masked`` for whoever opened it with a code."""
    found = seen.case
    return {
        "case": found,
        "state": words.state_words(found),
        "timeline": words.story(seen.story, masked=masked),
        "waiting": seen.waiting,
        "due": words.limit_day(seen.due_at) if seen.due_at and found.closed_at is None else None,
        "explanation": words.explanation(seen.explanation) if found.closed_at is None else [],
        "provisional": seen.provisional,
        "papers": [] if masked else [(paper, paper_title(paper), paper_link(actor, paper)) for paper in seen.papers],
        "correction": _asked(found) if found.state == State.CORRECTING else None,
        "can_answer": policy.can_answer_correction(actor, found),
        "can_withdraw": policy.can_withdraw(actor, found),
        "papers_awaited": not masked and policy.can_follow_up(actor, found) and next_promise(found) is not None,
        "can_rate": policy.can_rate(actor, found) and found.state != State.WITHDRAWN,
        "reason": found.decision.get("reason", "") if found.closed_at else "",
        "masked": masked,
    }


def _asked(found: Case) -> dict[str, Any]:
    """What a correction notice asks for. (`items` of a mapping is a method to a template, hence the other name.)"""
    asked = found.decision.get("correction", {})
    return {"items_list": asked.get("items", []), "note": asked.get("note", ""), "until_day": words.shown(asked.get("until", ""))}


def paper_title(paper: Paper) -> str:
    """A statutory paper has a title of ours, a result the pack's."""
    return gettext(paper.title) if paper.title in PAPER_TITLES.values() else paper.title


def paper_link(actor: Actor, paper: Paper) -> str:
    """A link that opens the PDF for a while, for this account only; to where it is made, while it is not. Empty for who has no account."""
    if actor.user_id is None:
        return ""
    if paper.file_id is None:
        return reverse("casefile_my_paper", args=[paper.case_id, paper.pk])
    return _signed(actor.user_id, paper.file_id)


def _signed(user_id: UUID, file_id: UUID) -> str:
    return f"{reverse('files_signed', args=[file_id])}?{urlencode(sign_link(file_id, seconds=LINK_S, user_id=user_id))}"


@never_cache
@require_safe
@citizen()
def paper(request: PortalRequest, pk: UUID, paper: UUID) -> HttpResponse:
    """One paper as PDF, printed now if no job has come to it yet."""
    found = get_paper(request.actor, pk, paper, public_only=True)
    try:
        file_id = print_now(found)
    except Unavailable as error:
        messages.warning(request, " ".join(part for part in (error.text(gettext), error.next_step(gettext)) if part))
        return HttpResponseRedirect(reverse("casefile_my_case", args=[pk]))
    assert request.actor.user_id is not None  # noqa: S101 - a citizen is signed in
    return HttpResponseRedirect(_signed(request.actor.user_id, file_id))


@never_cache
@require_safe
@citizen()
def receipt(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What to keep: number, query code, QR code. It prints on one page; the sealed PDF follows."""
    found = get_case(request.actor, pk)
    paper = next((p for p in standing(request.actor, pk).papers if p.kind == "receipt"), None)
    address = settings.SITE_URL.rstrip("/") + reverse("casefile_track") + "?" + urlencode({"number": found.number})
    context = {
        "case": found,
        "query_code": query_code(found.number),
        "qr": qr_svg(address),
        "materials": materials(found),
        "pdf": paper_link(request.actor, paper) if paper else "",
    }
    return render(request, "casefile/portal/receipt.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@citizen()
def correct(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Answer a correction notice: the form as it was sent, with room for the papers that were missing."""
    found = get_case(request.actor, pk)
    if not policy.can_answer_correction(request.actor, found):
        messages.info(request, gettext("This case does not wait for anything from you."))
        return HttpResponseRedirect(reverse("casefile_my_case", args=[pk]))
    chosen = definition_for(found)
    form = with_papers(
        chosen.form, chosen.spec, title=gettext("Materials"), all_optional=True, other=gettext("Anything else you were asked for")
    )
    known = _locked(request.actor, found)
    before = {key: value for key, value in {**answers_of(found), **_papers_given(found)}.items() if key not in known}
    posted = request.POST if request.method == "POST" else None
    files = uploads.known_files(request.actor, form, before, posted)
    problems, new = uploads.take_in(request, form) if posted is not None else ({}, {})
    bound = with_problems(bind(form, posted, known, draft=before, files=files, uploaded=new), problems)
    if bound.ok:
        changed, given_files = split(form, bound.clean())
        given = {UUID(one) for ids in _papers_given(found).values() for one in ids}
        fresh = {key: [one for one in ids if one not in given] for key, ids in given_files.items()}
        actions.answer_correction(request.actor, case_id=pk, answers=changed, files={key: ids for key, ids in fresh.items() if ids})
        messages.success(request, gettext("Thank you. The office goes on with your case."))
        return HttpResponseRedirect(reverse("casefile_my_case", args=[pk]))
    context = {
        "case": found,
        "asked": _asked(found),
        "form": render_form(bound, door="portal", request=request, submit_label=gettext("Send the correction")),
    }
    return render(
        request, "casefile/portal/correct.html", context, status=422 if bound.submitted and bound.errors and bound.command is None else 200
    )


def _locked(actor: Actor, found: Case) -> dict[str, Prefilled]:
    """What the register says and a form may not change (name, ID number); a correction does not open it either."""
    if found.party_id is None or found.party_id not in actor.parties:
        return {}
    chosen = definition_for(found)
    fixed = {item.key for section in chosen.form.sections if section.repeat is None for item in section.fields if not item.editable}
    try:
        whom = for_whom(actor, found.matter_code, found.party_id)
    except LinliError:  # the mandate has ended meanwhile
        return {}
    return {key: value for key, value in prefill(actor, chosen, whom).items() if key in fixed}


def _papers_given(found: Case) -> dict[str, list[str]]:
    """Files handed in so far by the name of their field."""
    given: dict[str, list[str]] = {}
    for row in materials(found):
        if row.file_id:
            given.setdefault(f"{PAPER}{row.key}", []).append(str(row.file_id))
    return given


@never_cache
@require_http_methods(["GET", "POST"])
@citizen()
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask once more, say what it means, then take the application back."""
    found = get_case(request.actor, pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.withdraw_case(request.actor, case_id=pk, reason=request.POST.get("reason", "")[:200])
        except LinliError as error:
            problem = error.text(gettext)
        else:
            messages.success(request, gettext("The application is withdrawn. You can apply again at any time."))
            return HttpResponseRedirect(reverse("casefile_my_case", args=[pk]))
    context = {"case": found, "possible": policy.can_withdraw(request.actor, found), "problem": problem}
    return render(request, "casefile/portal/withdraw.html", context, status=422 if problem else 200)
