"""Data quality on the desk: the dashboard, the list of problems, one problem."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import ancestors, at_level, by_path
from linli.lib.errors import LinliError
from linli.registry.quality import policy
from linli.registry.quality.actions import deciding, running
from linli.registry.quality.engine.scoring import Sum
from linli.registry.quality.forms import WaiveForm
from linli.registry.quality.models import Issue
from linli.registry.quality.queries import issues as queries
from linli.registry.quality.queries.dashboard import Line, board, last_examination
from linli.registry.quality.types import KINDS, LEVELS, TONES
from linli.ui.engine.refusal import words_of
from linli.ui.types import DeskRequest

ROWS = 30
STATES: dict[str, tuple[Any, str]] = {
    "open": (gettext_lazy("to be mended"), "warning"),
    "mended": (gettext_lazy("mended"), "success"),
    "waived": (gettext_lazy("stays as it is"), "neutral"),
}
RUNS: dict[str, tuple[Any, str]] = {
    "running": (gettext_lazy("running"), "info"),
    "done": (gettext_lazy("ended"), "success"),
    "failed": (gettext_lazy("broke off"), "danger"),
}


@never_cache
@require_GET
@desk("quality.view")
def dashboard(request: DeskRequest) -> HttpResponse:
    """What the last examinations found, in the reader's ranges or below ``path``."""
    path = _path(request)
    found, last = board(request.actor, path=path), last_examination(request.actor)
    region = by_path(path) if path else None
    context = {
        "board": found,
        "kinds": KINDS.items(),
        "whole": _shown(found.whole),
        "places": [_shown(one) for one in found.places],
        "sources": [_shown(one) for one in found.sources],
        "rules": [(rule, LEVELS[rule.level], TONES[rule.level], KINDS[rule.kind], sum_, _rate(sum_), n) for rule, sum_, n in found.rules],
        "path": path,
        "region": region,
        "above": [one for one in ancestors(path) if one.path != path] if path else [],
        "last": last,
        "run": RUNS[last.state] if last else None,
    }
    return render(request, "quality/desk/dashboard.html", context)


def _path(request: DeskRequest) -> str:
    """Below which region; letters and digits only."""
    path = request.GET.get("path", "")[:40]
    return path if path.isalnum() else ""


def _shown(line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "score": "–" if line.score is None else f"{line.score:.1f}",
        "rates": [(kind, _rate(one), one) for kind, one in line.kinds.items()],
        "down": len(line.key) < len(at_level("0" * 100, "community")),
    }


def _rate(one: Sum) -> str:
    return "–" if one.rate is None else f"{one.rate:.1f} %"


@never_cache
@require_POST
@desk("quality.run")
def order(request: DeskRequest) -> HttpResponse:
    """Have the register examined now."""
    try:
        running.order_examination(request.actor)
    except LinliError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, gettext("The register is being examined. You may leave this page."))
    return HttpResponseRedirect(reverse("quality_desk_board"), status=303)


@never_cache
@require_GET
@desk("quality.view")
def issue_list(request: DeskRequest) -> HttpResponse:
    """Problems, what is due first on top."""
    state, rule, path = request.GET.get("state", "open"), request.GET.get("rule", "")[:40], _path(request)
    late, today = request.GET.get("late") == "1", timezone.localdate()
    state = state if state in STATES else "open"
    found = queries.issues(request.actor, state=state, rule=rule, path=path, late_on=today if late else None)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    names = queries.subjects(request.actor, page)
    rows = [_row(one, names.get(one.subject_id), today) for one in page]
    region = by_path(path) if path else None
    context = {
        "page": page,
        "rows": rows,
        "states": [(key, words) for key, (words, _) in STATES.items()],
        "state": state,
        "rules": queries.active_rules(),
        "rule": rule,
        "path": path,
        "late": late,
        "region": region,
    }
    return render(request, "quality/desk/issues.html", context)


def _row(issue: Issue, subject: queries.Subject | None, today: Any) -> dict[str, Any]:
    words, tone = STATES[issue.state]
    return {
        "issue": issue,
        "subject": subject,
        "state": words,
        "tone": tone,
        "level": LEVELS[issue.rule.level],
        "late": issue.state == "open" and issue.due_on < today,
    }


@never_cache
@require_http_methods(["GET", "POST"])
@desk("quality.view")
def issue_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One problem: the record it is about, and what becomes of it."""
    issue, form, status = queries.get_issue(request.actor, pk), WaiveForm(request.POST or None), 200
    if request.method == "POST":
        try:
            _step(request, issue)
        except LinliError as error:
            form.is_valid()
            form.refuse(error)
            status = error.status
        else:
            after = queries.next_issue(request.actor, issue)
            where = reverse("quality_desk_issue", args=[after.pk]) if after and "next" in request.POST else request.path
            return HttpResponseRedirect(where, status=303)
    subject = queries.subjects(request.actor, [issue]).get(issue.subject_id)
    context = _row(issue, subject, timezone.localdate()) | {
        "form": form,
        "sent": form if status != 200 else None,
        "after": queries.next_issue(request.actor, issue),
        "may_mend": policy.can_mend(request.actor, issue),
        "places": ancestors(at_level(issue.region_path, "community")),
        "kind": KINDS[issue.rule.kind],
    }
    return render(request, "quality/desk/issue.html", context, status=status)


def _step(request: DeskRequest, issue: Issue) -> None:
    step = request.POST.get("step", "")
    if step == "waive":
        deciding.waive(request.actor, issue_id=issue.pk, reason=request.POST.get("reason", ""))
        messages.success(request, gettext("The record stays as it is; the reason is kept."))
    elif step == "reopen":
        deciding.reopen(request.actor, issue_id=issue.pk)
        messages.success(request, gettext("The problem is open again."))
    else:
        deciding.mend(request.actor, issue_id=issue.pk)
        messages.success(request, gettext("The problem is mended."))
