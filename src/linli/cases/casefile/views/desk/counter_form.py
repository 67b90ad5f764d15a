"""The form at the counter: one page, filled in as far as the register knows, papers ticked or scanned, handed in and accepted at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.cases.casefile import actions
from linli.cases.casefile.actions import Applicant, TakenIn
from linli.cases.casefile.engine.applying import split, with_papers, with_problems
from linli.cases.casefile.queries.eligibility import assess, verdict_json
from linli.cases.casefile.queries.known import household_rows, known_answers
from linli.cases.casefile.views.desk.counter import Visitor, visitor_of
from linli.cases.casefile.views.portal import uploads
from linli.cases.catalogue.queries import Definition, current_definition
from linli.foundation.gate import desk
from linli.foundation.rules.engine import Verdict
from linli.foundation.types import Actor
from linli.lib.errors import LinliError
from linli.records.forms.engine import BoundForm, bind, render_form
from linli.records.forms.types import Form, Prefilled
from linli.registry.people.queries import facts_about, prefill_about
from linli.ui.types import DeskRequest

MAY_STORE = "files.upload"


@dataclass(frozen=True)
class Tick:
    """One paper to look at: seen now, or (where the matter tolerates it) promised until a day."""

    key: str
    name: str
    hint: str
    seen: bool
    tolerated: bool
    promised: str
    last: str


@never_cache
@require_http_methods(["GET", "POST"])
@desk("cases.submit_counter")
def take_in(request: DeskRequest, code: str) -> HttpResponse:
    """Fill in and hand in one matter for the visitor."""
    visitor = visitor_of(request)
    if visitor is None:
        messages.info(request, gettext("First say who stands at the counter."))
        return HttpResponseRedirect(reverse("casefile_desk_counter"))
    definition = current_definition(code)
    form = (
        with_papers(definition.form, definition.spec, title=gettext("Scanned papers"), all_optional=True)
        if request.actor.may(MAY_STORE)
        else definition.form
    )
    if visitor.person is not None:
        visitor = replace(visitor, facts=facts_about(request.actor, visitor.person))
    known = _known(request.actor, definition, visitor)
    if request.method == "GET":
        return _show(request, definition, visitor, bind(form, None, known), key=uuid4().hex)
    problems, new = uploads.take_in(request, form) if request.FILES else ({}, {})  # type: ignore[arg-type]
    files = uploads.known_files(request.actor, form, None, request.POST)
    bound = bind(form, request.POST, known, files=files, uploaded=new)
    key = request.POST.get("submission_key") or uuid4().hex
    if bound.command is not None and bound.command.kind == "refresh" and request.htmx:
        return HttpResponse(_drawn(request, bound))
    judged = with_problems(bound, problems)
    if not judged.ok:
        return _show(request, definition, visitor, judged, key=key, status=200 if bound.command else 422)
    return _hand_in(request, definition, visitor, form, judged, key)


def _known(actor: Actor, definition: Definition, visitor: Visitor) -> dict[str, Prefilled]:
    """What the register, or the ID card of somebody it does not know, says already."""
    if visitor.person is not None:
        values = (
            {name: Prefilled(v.value, v.label, v.as_of) for name, v in prefill_about(actor, visitor.person, known=visitor.facts).items()}
            if definition.spec.prefill
            else {}
        )
    else:
        assert visitor.stranger is not None  # noqa: S101 - narrows a type
        label = gettext("the ID card at the counter")
        values = {
            f"person.{name}": Prefilled(value, label)
            for name, value in (
                ("name", visitor.stranger.name),
                ("id_number", visitor.stranger.id_number),
                ("phone", visitor.stranger.phone),
            )
            if value
        }
    known_to = visitor.person.pk if visitor.person is not None and definition.spec.prefill else None
    return known_answers(definition.form, values, household_rows(actor, known_to))


def _drawn(request: DeskRequest, bound: BoundForm) -> str:
    return render_form(
        bound,
        door="desk",
        request=request,
        action=request.path,
        refresh_url=request.path,
        submit_label=gettext("Hand in and accept"),
        submit_hotkey="Alt+a",
    )


def _show(
    request: DeskRequest,
    definition: Definition,
    visitor: Visitor,
    bound: BoundForm,
    *,
    key: str,
    problem: LinliError | None = None,
    status: int = 200,
) -> HttpResponse:
    verdict = _verdict(request, definition, visitor, bound.values())
    context = {
        "visitor": visitor,
        "spec": definition.spec,
        "code": definition.matter_code,
        "form": _drawn(request, bound),
        "key": key,
        "ticks": _ticks(request, definition, bound),
        "failed": verdict.failed if verdict else (),
        "problem": problem.text(gettext) if problem else "",
        "problem_hint": problem.next_step(gettext) if problem else "",
        "helper": definition.form.field("agent_name") is None,
        "helper_name": request.POST.get("helper_name", ""),
        "units": _units(request.actor),
    }
    return render(request, "casefile/desk/take_in.html", context, status=status)


def _ticks(request: DeskRequest, definition: Definition, bound: BoundForm) -> list[Tick]:
    values = bound.values()
    today = timezone.localdate()
    found = []
    for m in definition.spec.materials:
        if m.waived or m.necessity == 2 or (m.when and not values.get(m.when)):
            continue
        last = today + timedelta(days=m.tolerate_days)
        found.append(
            Tick(
                m.key,
                m.name,
                m.fill_guide,
                request.POST.get(f"seen-{m.key}") == "1",
                m.tolerate_days > 0,
                request.POST.get(f"promise-{m.key}", ""),
                last.isoformat(),
            )
        )
    return found


def _units(actor: Actor) -> tuple[UUID, ...]:
    return actor.unit_ids


def _hand_in(request: DeskRequest, definition: Definition, visitor: Visitor, form: Form, bound: BoundForm, key: str) -> HttpResponse:
    """Hand in, and accept at once where the acceptance is this office's."""
    answers, files = split(form, bound.clean())
    verdict = _verdict(request, definition, visitor, answers)
    promises = {t.key: "shown" if t.seen else t.promised for t in _ticks(request, definition, bound) if t.seen or t.promised}
    try:
        done = actions.take_in(
            request.actor,
            version_id=definition.version_id,
            answers=answers,
            applicant=_applicant(request, visitor, answers),
            unit_id=request.actor.unit_ids[0],
            submission_key=f"counter-{key}"[:64],
            verdict=verdict_json(verdict),
            files=files,
            promises=promises,
        )
    except LinliError as error:
        return _show(request, definition, visitor, bound, key=key, problem=error, status=error.status)
    _say(request, done)
    return HttpResponseRedirect(reverse("casefile_desk_taken", args=[done.submitted.case.pk]), status=303)


def _verdict(request: DeskRequest, definition: Definition, visitor: Visitor, answers: dict[str, Any]) -> Verdict | None:
    return assess(
        request.actor,
        definition,
        person=visitor.person,
        answers=answers,
        region=visitor.region,
        at=timezone.now(),
        known=visitor.facts,
    )


def _applicant(request: DeskRequest, visitor: Visitor, answers: dict[str, Any]) -> Applicant:
    """Who the case is about; what the register knows is never taken from the form."""
    agent = str(answers.get("agent_name") or request.POST.get("helper_name", "")).strip()[:60]
    phone = str(answers.get("phone") or "")
    if visitor.person is not None:
        p = visitor.person
        return Applicant(name=p.name, region_id=p.region_id, party_id=p.pk, id_number=p.id_number, phone=phone or p.phone, agent_name=agent)
    assert visitor.stranger is not None  # noqa: S101 - narrows a type
    s = visitor.stranger
    return Applicant(name=s.name, region_id=visitor.region.pk, id_number=s.id_number, phone=phone or s.phone, agent_name=agent)


def _say(request: DeskRequest, done: TakenIn) -> None:
    """Where a paper is missing the case stays handed in, and the page says what is missing."""
    if done.why_not is not None:
        text = " ".join(p for p in (done.why_not.text(gettext), done.why_not.next_step(gettext)) if p)
        messages.warning(request, gettext("Handed in, but not accepted: %(why)s") % {"why": text})
    elif done.accepted:
        messages.success(request, gettext("Handed in and accepted."))
    elif not done.submitted.repeated:
        messages.info(request, gettext("Handed in. The acceptance is another office's."))
