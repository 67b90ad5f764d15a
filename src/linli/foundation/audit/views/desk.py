"""The trail, for the audit administrator: entries with filters, one entry with its changes, and the state of the seals."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.audit import queries
from linli.foundation.audit.engine.names import job_name, name_of
from linli.foundation.audit.models import AuditEntry
from linli.foundation.audit.types import Outcome
from linli.foundation.gate import desk
from linli.foundation.types import ActorKind
from linli.ui.types import DeskRequest, Tone

ROWS = 50
OUTCOMES = {
    Outcome.DONE: (gettext_lazy("done"), Tone.SUCCESS),
    Outcome.REFUSED: (gettext_lazy("refused"), Tone.WARNING),
    Outcome.FAILED: (gettext_lazy("failed"), Tone.DANGER),
}


class TrailForm(forms.Form):
    action = forms.CharField(label=gettext_lazy("What (beginning)"), required=False, max_length=80)
    actor = forms.CharField(label=gettext_lazy("Who (beginning)"), required=False, max_length=80)
    subject = forms.CharField(label=gettext_lazy("Key of the object"), required=False, max_length=60)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), required=False, choices=[("", gettext_lazy("All")), *[(str(k), v[0]) for k, v in OUTCOMES.items()]]
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


@never_cache
@require_GET
@desk("audit.view")
def trail(request: DeskRequest) -> HttpResponse:
    """Fifty entries, newest first."""
    form = TrailForm(request.GET, auto_id="trail-%s")
    form.is_valid()
    wanted = queries.TrailFilter(**{k: v for k, v in form.cleaned_data.items() if v})
    before = request.GET.get("before", "")
    rows = queries.trail(request.actor, wanted, before=int(before) if before.isdigit() else 0, limit=ROWS + 1)
    query: dict[str, Any] = {k: v for k, v in request.GET.items() if k != "before" and v}
    context = {
        "form": form,
        "rows": [(e, name_of(e.action), _who(e), *OUTCOMES[Outcome(e.outcome)]) for e in rows[:ROWS]],
        "before": before,
        "next_query": urlencode({**query, "before": rows[ROWS - 1].seq}) if len(rows) > ROWS else "",
        "query": urlencode(query),
        "batches": queries.batches(request.actor, limit=8),
        "unsealed": queries.unsealed(request.actor),
    }
    return render(request, "audit/desk/trail.html", context)


def _who(entry: AuditEntry) -> str:
    """A person's name; what a job is called. Nobody signed in has neither."""
    return (job_name(entry.actor_label) if entry.actor_kind == ActorKind.SYSTEM else entry.actor_label) or entry.actor_kind


@never_cache
@require_GET
@desk("audit.view")
def entry(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One entry: who, what, from where, and each field before and after."""
    found = queries.get_entry(request.actor, pk)
    changes = [
        (c.get("type", ""), c.get("id", ""), [(name, pair[0], pair[1]) for name, pair in c.get("fields", {}).items()])
        for c in found.changes
    ]
    label, tone = OUTCOMES[Outcome(found.outcome)]
    return render(
        request,
        "audit/desk/entry.html",
        {
            "entry": found,
            "name": name_of(found.action),
            "who": _who(found),
            "changes": changes,
            "label": label,
            "tone": tone,
            "notes": list(found.notes.items()),
        },
    )
