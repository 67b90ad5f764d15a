"""The case page: what is asked, what was handed in, where it stands, and what may be done next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.cases.casefile.engine.hooks import SIDE_TASKS
from linli.cases.casefile.forms.desk import RevealForm
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import case_by_number
from linli.cases.casefile.queries.desk import CaseView, case_view, drawing, names_of
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.casefile.queries.step_forms import filled_forms
from linli.cases.casefile.queries.words import (
    COLOURS,
    MANDATES,
    MATERIAL_STATES,
    PAPER_STATES,
    TASK_STATES,
    due_words,
    filled,
    kind_label,
    outcome_label,
    state_badge,
    story,
)
from linli.cases.casefile.types import FINAL, State
from linli.cases.casefile.views.desk.moves import Sent, moves
from linli.cases.casefile.views.desk.rare import rare_steps
from linli.cases.catalogue.engine import value_labels
from linli.foundation.audit.actions import note
from linli.foundation.audit.types import Change
from linli.foundation.gate import desk
from linli.foundation.regions.queries import names_above, zone_of
from linli.foundation.types import Actor
from linli.lib.masking import mask_id_number, mask_name, mask_phone
from linli.records.forms.engine import plain
from linli.ui.types import DeskRequest

CHANNELS = {"portal": "world", "counter": "building-community", "kiosk": "device-desktop", "phone": "phone", "api": "plug"}
FULL = "people.reveal"


@never_cache
@require_GET
@desk("cases.view")
def case_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One case."""
    return show_case(request, pk)


@never_cache
@require_GET
@desk("cases.view")
def by_number(request: DeskRequest, number: str) -> HttpResponse:
    """A case by its number (what a QR code or a bar-code reader gives)."""
    return show_case(request, case_by_number(request.actor, number).pk)


@require_GET
@desk("cases.view")
def process(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The process of the case's edition with its drawing, as BPMN 2.0 for the viewer on the case page."""
    return HttpResponse(
        drawing(request.actor, pk), content_type="application/xml; charset=utf-8", headers={"Cache-Control": "private, max-age=300"}
    )


@never_cache
@require_POST
@desk(FULL)
def reveal(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Show everything unmasked once, for a stated purpose; the trail keeps who, when and why."""
    view = case_view(request.actor, pk)
    form = RevealForm(request.POST, auto_id="reveal-%s")
    if not form.is_valid():
        return show_case(request, pk, reveal_form=form, status=422)
    note(
        request.actor,
        "cases.form_shown",
        subject=Change("casefile.case", str(pk), {}, view.case.region_path),
        purpose=form.cleaned_data["purpose"],
    )
    return show_case(request, pk, full=True)


def show_case(
    request: DeskRequest,
    pk: UUID,
    *,
    sent: Sent | None = None,
    reveal_form: RevealForm | None = None,
    full: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page with a step that was refused, or with everything shown in full."""
    view = case_view(request.actor, pk)
    now = timezone.now()
    label, tone = state_badge(view.case)
    context: dict[str, Any] = {
        "view": view,
        "case": view.case,
        "state_label": label,
        "state_tone": tone,
        "full": full,
        "may_reveal": request.actor.may(FULL),
        "reveal_form": reveal_form or RevealForm(auto_id="reveal-%s"),
        "head": _head(view, full),
        "due": _due(view, now),
        "lines": _lines(view, full),
        "offer": moves(request.actor, view, sent),
        "sent_form": sent.form if sent else reveal_form,
        "timeline": story(view.timeline, view.case, full=full),
        "tasks": _tasks(view, now),
        "materials": [(m, *MATERIAL_STATES[m.state]) for m in view.materials],
        "papers": [(p, *PAPER_STATES[p.state]) for p in view.papers],
        "cards": [(c, *COLOURS[c.colour], filled(c.reason, c.params)) for c in view.cards],
        "reasons": _reasons(view),
        "why": _why(view),
        "ledger": _ledger(view),
        "signing": _signing(view),
        "steps": _steps(view),
        "drawn": {state: " ".join(s.step_id for s in view.steps if s.state == state) for state in ("done", "current")},
        "over": State(view.case.state) in FINAL,
        "step_forms": filled_forms(view.case, view.tasks, reveal=full),
        "fillable": _fillable(request.actor, view),
        "beside": [
            (t, SIDE_TASKS.get(t.kind).label, SIDE_TASKS.get(t.kind).address(t.token_id), due_words(t.due_at, now)) for t in view.beside
        ],
        "rare": rare_steps(request.actor, view),
    }
    return render(request, "casefile/desk/case.html", context, status=status)


def _head(view: CaseView, full: bool) -> list[tuple[str, str]]:
    case = view.case
    number = str(view.answers.get("applicant_id_number") or "")
    shown_number = number if full else mask_id_number(number) if number else (f"**************{case.id_last4}" if case.id_last4 else "")
    agent = case.agent_name or str(view.answers.get("agent_name") or "")
    return [
        (gettext("Applicant"), case.applicant if full else mask_name(case.applicant)),
        (gettext("ID number"), shown_number),
        (gettext("Telephone number"), (case.phone if full else mask_phone(case.phone)) if case.phone else ""),
        (gettext("Acting for the applicant"), (agent if full else mask_name(agent)) if agent else gettext("nobody")),
        *_mandate(view),
        (gettext("Place"), " ".join(names_above(case.region_path)[1:]) or case.region.name),
        *_managed_by(case),
        (gettext("Handed in"), f"{timezone.localtime(case.submitted_at):%Y-%m-%d %H:%M} · {_channel(case.channel)}"),
        (gettext("Taken in at"), case.unit.name if case.unit else ""),
        (gettext("Version of the matter"), _edition(view)),
        *([] if case.fee_charged is None else [(gettext("Paid in all, in yuan"), f"{case.fee_charged:.2f}")]),
    ]


def _managed_by(case: Case) -> list[tuple[str, str]]:
    """The functional zone that managed the place when the case was handed in; a later change of the zone does not alter it."""
    zone = zone_of(case.region_path, on=timezone.localdate(case.submitted_at))
    return [(gettext("Managed by"), zone.name)] if zone else []


def _fillable(actor: Actor, view: CaseView) -> set[UUID]:
    """Open steps whose form this person fills in now: held, and not signed by anybody yet."""
    return {t.task.pk for t in view.open if t.held and not t.signing.signed and not stands_aside(actor, view.case)}


def _mandate(view: CaseView) -> list[tuple[str, str]]:
    """By which right somebody acts, from when to when, and whether it was taken back since."""
    mandate = view.mandate
    if mandate is None:
        return []
    said = gettext("%(kind)s, %(since)s to %(until)s") % {
        "kind": MANDATES.get(mandate.kind, mandate.kind),
        "since": mandate.since.isoformat(),
        "until": mandate.until.isoformat(),
    }
    if mandate.revoked_at is not None:
        said += " · " + gettext("revoked on %(day)s") % {"day": f"{timezone.localtime(mandate.revoked_at):%Y-%m-%d}"}
    return [(gettext("Mandate"), said)]


def _edition(view: CaseView) -> str:
    """Which edition of the matter the case is locked to, and since when that one was in force."""
    chosen = view.definition
    since = f"{timezone.localtime(chosen.published_at):%Y-%m-%d}" if chosen.published_at else gettext("not published")
    return gettext("%(name)s (%(code)s), edition %(n)s of %(day)s") % {
        "name": chosen.spec.name,
        "code": chosen.matter_code,
        "n": chosen.edition,
        "day": since,
    }


def _channel(channel: str) -> str:
    names = {
        "portal": gettext("online"),
        "counter": gettext("at the counter"),
        "kiosk": gettext("at a kiosk"),
        "phone": gettext("by telephone"),
        "api": gettext("by a partner"),
    }
    return names.get(channel, channel)


def _due(view: CaseView, now: Any) -> dict[str, Any] | None:
    """Due date and the sentences that explain it; nothing before acceptance and after the decision."""
    case, clock = view.case, view.clock
    if case.decided_at or case.closed_at or clock is None or clock.promised_due is None:
        return None
    words = due_words(clock.promised_due, now, still=case.state == State.SUSPENDED)
    return {
        "promised": words,
        "statutory": due_words(clock.statutory_due, now),
        "provisional": clock.provisional,
        "sentences": [filled(str(r.get("msgid", "")), dict(r.get("params", {}))) for r in clock.explanation],
    }


def _ledger(view: CaseView) -> list[dict[str, Any]]:
    names = {p.key: p.name for p in view.definition.spec.special_procedures}
    return [
        {
            "name": names.get(s.reason, gettext("Public notice") if s.reason == "publicity" else s.reason),
            "basis": gettext(s.basis),
            "since": s.since,
            "until": s.until,
            "longest": s.longest_days,
        }
        for s in view.ledger
    ]


def _lines(view: CaseView, full: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Answers by section, masked unless shown in full."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in plain(view.definition.form, view.answers, reveal=full):
        sections.setdefault(line.section, []).append((line.label, line.value))
    return list(sections.items())


def _tasks(view: CaseView, now: Any) -> list[dict[str, Any]]:
    still = view.case.state == State.SUSPENDED
    return [
        {
            "task": t,
            "kind": kind_label(t.kind),
            "state": TASK_STATES[t.state],
            "outcome": outcome_label(t.outcome) if t.outcome else "",
            "due": due_words(t.due_at, now, still=still) if t.state == "open" else None,
            "who": _who(t.state, t.done_by, t.done_by_name) or t.assignee_name,
        }
        for t in view.tasks
    ]


def _who(state: str, user_id: UUID | None, name: str) -> str:
    """Who did a step; a job has no name that means anything to people."""
    return name if state != "done" or user_id is not None else gettext("by itself")


def _steps(view: CaseView) -> list[dict[str, Any]]:
    return [
        {
            "step": s,
            "outcome": outcome_label(s.outcome) if s.outcome else "",
            "icon": {"done": "check", "current": "progress", "todo": "point"}[s.state],
        }
        for s in view.steps
    ]


def _signing(view: CaseView) -> list[dict[str, Any]]:
    """Who has signed and who is awaited, for steps that need signatures."""
    wanted = [t for t in view.open if t.signing.added or t.signing.people > 1]
    ids = [UUID(key) for t in wanted for key in (*t.signing.added, *t.signing.signed)]
    names = names_of(ids) if ids else {}
    return [
        {
            "step": t.task.name,
            "signed": [names.get(k, "") for k in t.signing.signed],
            "awaited": [names.get(k, "") for k in t.signing.awaited],
            "missing": t.signing.missing_people,
            "people": t.signing.people,
        }
        for t in wanted
    ]


def _reasons(view: CaseView) -> list[dict[str, Any]]:
    """Each condition of the matter and how it came out: which one failed, which one is not known."""
    verdict = view.case.decision.get("verdict") or {}
    return [
        {"text": r.get("text", ""), "passed": r.get("passed"), "severity": r.get("severity", "block")} for r in verdict.get("reasons", [])
    ]


def _why(view: CaseView) -> list[tuple[str, str]]:
    """What the decision says besides the verdict."""
    decision = view.case.decision
    found = []
    if decision.get("reason"):
        found.append((gettext("Reason"), str(decision["reason"])))
    if decision.get("turn_to"):
        found.append((gettext("Where to turn instead"), str(decision["turn_to"])))
    correction = decision.get("correction")
    if correction and view.case.state == State.CORRECTING:
        found.append((gettext("Waiting until %(day)s for") % {"day": correction.get("until", "")}, "; ".join(correction.get("items", []))))
    labels = value_labels(view.definition.spec.eligibility_table or {})
    for key, value in (decision.get("verdict") or {}).get("values", {}).items():
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            found.append((labels.get(key, key), str(value)))
    return found
