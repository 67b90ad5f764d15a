"""Applying: for whom, where, may I, then the form page by page, and the receipt. Every page is kept as a draft; nothing needs a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.casefile import actions
from linli.cases.casefile.actions.claims import claim_values
from linli.cases.casefile.actions.opening import Applicant
from linli.cases.casefile.engine.applying import split, with_papers, with_problems
from linli.cases.casefile.queries.drafts import SavedDraft, saved_draft
from linli.cases.casefile.queries.eligibility import assess, verdict_json
from linli.cases.casefile.queries.portal import submitted_with
from linli.cases.casefile.queries.prefill import ForWhom, for_whom, people_to_apply_for, prefill
from linli.cases.casefile.views.portal import uploads
from linli.cases.catalogue.queries import Definition, current_definition
from linli.foundation.gate import citizen
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import ancestors, children, get_region
from linli.foundation.rules.engine import Verdict
from linli.foundation.types import Actor
from linli.lib.errors import LinliError, NotFound
from linli.records.forms.engine import REVIEW, BoundForm, bind, render_form, step_keys, turn
from linli.records.forms.types import Form, Prefilled
from linli.ui.types import PortalRequest

COMMUNITY = "community"


@dataclass
class Application:
    """One application in the making: everything a page of it needs."""

    actor: Actor
    code: str
    definition: Definition
    chosen: ForWhom | None  # None: the register does not know the applicant
    region: Region | None
    draft: SavedDraft
    form: Form
    known: dict[str, Prefilled] = field(default_factory=dict)

    @property
    def party_id(self) -> UUID | None:
        return self.chosen.person.id if self.chosen else None

    def address(self, **more: str) -> str:
        """The address of a page of this form; the submission key travels in it, so that a double submit is recognised."""
        query = {
            "for": str(self.party_id or ""),
            "place": str(self.region.id) if self.region and self.chosen is None else "",
            "key": self.draft.key,
            **more,
        }
        return f"{reverse('casefile_apply', args=[self.code])}?{urlencode({k: v for k, v in query.items() if v})}"


@never_cache
@require_http_methods(["GET", "POST"])
@citizen()
def apply(request: PortalRequest, code: str) -> HttpResponse:
    """The way in (for whom, where, may I), then the form."""
    done = submitted_with(request.actor, request.GET.get("key", ""))
    if done is not None:
        return HttpResponseRedirect(reverse("casefile_receipt", args=[done.id]))
    definition = current_definition(code)
    chosen, page = _whom(request, code, definition)
    if page is not None:
        return page
    draft = saved_draft(request.actor, code, chosen.person.id if chosen else None)
    region = chosen.person.region if chosen else _place(request, draft)
    if region is None:
        return HttpResponseRedirect(reverse("casefile_apply_place", args=[code]))
    making = _begin(request, code, definition, chosen, region, draft)
    if request.method == "POST":
        return _turn_page(request, making)
    if not making.draft.stored and request.GET.get("anyway") != "1":
        verdict = assess(request.actor, definition, person=chosen.person if chosen else None, answers={}, region=region, at=timezone.now())
        if verdict is not None and verdict.failed:
            return _warned(request, making, verdict)
    return _show(request, making, _bound(making), request.GET.get("step", ""))


def _whom(request: PortalRequest, code: str, definition: Definition) -> tuple[ForWhom | None, HttpResponse | None]:
    """The person the application is for, or the page that asks."""
    wanted = request.GET.get("for", "")
    if request.actor.party_id is None:
        return None, None
    if wanted:
        return for_whom(request.actor, code, _uuid(wanted)), None
    people = people_to_apply_for(request.actor, code)
    if len(people) > 1:
        return None, render(request, "casefile/portal/for_whom.html", {"people": people, "definition": definition, "code": code})
    return (people[0] if people else None), None


def _place(request: PortalRequest, draft: SavedDraft) -> Region | None:
    """The community somebody named who is not in the register; from the address, else from the draft."""
    wanted = request.GET.get("place") or draft.region
    if not wanted:
        return None
    region = get_region(_uuid(wanted))
    return region if region.level == COMMUNITY else None


def _begin(
    request: PortalRequest, code: str, definition: Definition, chosen: ForWhom | None, region: Region, draft: SavedDraft
) -> Application:
    """A draft goes on with the version it was begun under only while that is the current one; its answers are carried over by name."""
    mandated = chosen is not None and chosen.mandate is not None
    form = with_papers(definition.form, definition.spec, title=gettext("Materials"), leave_out=("agent_letter",) if mandated else ())
    kept = draft if draft.key else draft.but(key=request.GET.get("key") or uuid4().hex)
    return Application(request.actor, code, definition, chosen, region, kept, form, prefill(request.actor, definition, chosen))


def _bound(making: Application) -> BoundForm:
    files = uploads.known_files(making.actor, making.form, making.draft.answers, None)
    return bind(making.form, None, making.known, draft=making.draft.answers, files=files)


def _turn_page(request: PortalRequest, making: Application) -> HttpResponse:
    """Take what this page said, keep it, and go where the button leads."""
    problems, new = uploads.take_in(request, making.form)
    files = uploads.known_files(making.actor, making.form, making.draft.answers, request.POST)
    bound = bind(making.form, request.POST, making.known, draft=making.draft.answers, files=files, uploaded=new)
    judged = with_problems(bound, problems)
    if bound.command is not None and bound.command.kind == "refresh":
        return HttpResponse(_drawn(request, making, bound, bound.answers.at or step_keys(bound)[0]))
    step = turn(judged)
    _keep(making, bound, step)
    if judged.ok and bound.answers.at == REVIEW:
        return _submit(request, making, judged)
    stays = step == bound.answers.at and (bound.command is None or bound.command.kind == "step")
    if problems or (stays and (judged.errors_in(step) or step == REVIEW)):
        return _show(request, making, judged, step, status=422)
    return HttpResponseRedirect(making.address(step=step))


def _keep(making: Application, bound: BoundForm, step: str) -> None:
    """Save the draft: the answers right or wrong, the page to go on with, the key of the submission to come."""
    keys = step_keys(bound)
    data = {
        "answers": bound.draft(),
        "key": making.draft.key,
        "region": str(making.region.id) if making.region and making.chosen is None else "",
    }
    actions.save_draft(
        making.actor,
        matter_code=making.code,
        version_id=making.definition.version_id,
        party_id=making.party_id,
        data=data,
        step=keys.index(step) if step in keys else 0,
    )


def _show(request: PortalRequest, making: Application, bound: BoundForm, step: str, *, status: int = 200) -> HttpResponse:
    keys = step_keys(bound)
    if step not in keys:
        step = keys[min(making.draft.step, len(keys) - 1)]
    person = making.chosen.person if making.chosen else None
    context = {
        "spec": making.definition.spec,
        "code": making.code,
        "form": _drawn(request, making, bound, step),
        "review": step == REVIEW,
        "resumed": making.draft.stored,
        "person": person,
        "mandate": making.chosen.mandate if making.chosen else None,
        "region": making.region,
        "saved_at": making.draft.saved_at,
        "draft_id": making.draft.id,
        "unknown": making.chosen is None,
    }
    return render(request, "casefile/portal/apply.html", context, status=status)


def _drawn(request: PortalRequest, making: Application, bound: BoundForm, step: str) -> str:
    address = making.address(anyway="1")
    return render_form(
        bound, door="portal", request=request, action=address, refresh_url=address, step=step, submit_label=gettext("Send the application")
    )


def _warned(request: PortalRequest, making: Application, verdict: Verdict) -> HttpResponse:
    """Said before the form is filled in, not after: which condition is not met, and why. Applying anyway stays possible: registers err."""
    context = {
        "spec": making.definition.spec,
        "code": making.code,
        "failed": verdict.failed,
        "anyway": making.address(anyway="1"),
        "person": making.chosen.person if making.chosen else None,
        "reasons": verdict.reasons,
    }
    return render(request, "casefile/portal/not_eligible.html", context)


def _submit(request: PortalRequest, making: Application, bound: BoundForm) -> HttpResponse:
    """Hand in. The key makes the second of two presses find the first one's case."""
    answers, files = split(making.form, bound.clean())
    now = timezone.now()
    verdict = assess(
        making.actor,
        making.definition,
        person=making.chosen.person if making.chosen else None,
        answers=answers,
        region=making.region,
        at=now,
    )
    try:
        done = actions.submit_case(
            making.actor,
            version_id=making.definition.version_id,
            answers=answers,
            applicant=_applicant(making, answers),
            submission_key=making.draft.key,
            verdict=verdict_json(verdict),
            files=files,
        )
        case_id = done.case.id
        if not done.repeated:
            _claim(making, bound, case_id)
    except IntegrityError:  # both presses arrived at once: the other one has made the case
        other = submitted_with(making.actor, making.draft.key)
        if other is None:
            raise
        case_id = other.id
    except LinliError as error:
        messages.error(request, error.text(gettext))
        return HttpResponseRedirect(making.address(step=REVIEW))
    return HttpResponseRedirect(reverse("casefile_receipt", args=[case_id]))


def _claim(making: Application, bound: BoundForm, case_id: UUID) -> None:
    """What was corrected goes back to the register. A question that only borrows a value (an address to post to) corrects nothing."""
    said = {c.path: c for c in bound.claims() if c.source == f"person.{c.path}"}
    if said:
        values = {
            {"marital_status": "marital"}.get(path, path): "" if claim.new is None else str(claim.new) for path, claim in said.items()
        }
        claim_values(making.actor, case_id=case_id, values=values)


def _applicant(making: Application, answers: dict[str, Any]) -> Applicant:
    """Who the case is about. What the register knows of a known person is never taken from the form."""
    phone = str(answers.get("phone") or "")
    assert making.region is not None  # noqa: S101 - pages without a place lead to the place page
    if making.chosen is None:
        return Applicant(
            name=str(answers.get("applicant_name") or gettext("not given")),
            region_id=making.region.id,
            id_number=str(answers.get("applicant_id_number") or ""),
            phone=phone,
        )
    person, mandate = making.chosen.person, making.chosen.mandate
    return Applicant(
        name=person.name,
        region_id=person.region_id,
        party_id=person.id,
        id_number=person.id_number,
        phone=phone or person.phone,
        agent_id=making.actor.party_id if mandate else None,
        agent_name=mandate.grantee_name if mandate else "",
        mandate_id=mandate.id if mandate else None,
    )


@never_cache
@require_safe
@citizen()
def place(request: PortalRequest, code: str) -> HttpResponse:
    """Where somebody lives whom the register does not know yet: down the tree, a list of links a level."""
    definition = current_definition(code)
    here = (
        get_region(_uuid(request.GET["at"]))
        if request.GET.get("at")
        else Region.objects.filter(parent=None, valid_to=None).order_by("path").first()
    )
    if here is None:
        raise NotFound("REGION_UNKNOWN", gettext("There is no such region."))
    rows = [(one, _deeper(code, one)) for one in children(here)]
    return render(
        request, "casefile/portal/place.html", {"spec": definition.spec, "code": code, "rows": rows, "above": ancestors(here.path)}
    )


def _deeper(code: str, region: Region) -> str:
    name = "casefile_apply" if region.level == COMMUNITY else "casefile_apply_place"
    return f"{reverse(name, args=[code])}?{urlencode({'place' if region.level == COMMUNITY else 'at': region.id})}"


@never_cache
@require_safe
@citizen(assurance=1)
def eligibility(request: PortalRequest, code: str) -> HttpResponse:
    """A fragment of the guide page (and a page of its own without JavaScript): which conditions the signed-in person meets."""
    definition = current_definition(code)
    people = [one for one in people_to_apply_for(request.actor, code) if one.mandate is None]
    verdict = (
        assess(request.actor, definition, person=people[0].person, answers={}, region=people[0].person.region, at=timezone.now())
        if people
        else None
    )
    template = "casefile/portal/eligibility_part.html" if request.htmx else "casefile/portal/eligibility.html"
    return render(request, template, {"spec": definition.spec, "code": code, "verdict": verdict})


@require_POST
@citizen()
def discard(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_draft(request.actor, draft_id=pk)
    messages.success(request, gettext("The draft is deleted."))
    return HttpResponseRedirect(reverse("casefile_my_cases"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("ADDRESS", gettext("There is nothing at this address.")) from None
