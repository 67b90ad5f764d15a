"""What became of two rows, and making two people of them again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.gate import desk
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.matching.engine.showing import row_words
from linli.registry.matching.forms import SplitForm
from linli.registry.people.actions import split_people
from linli.registry.people.engine.showing import LABELS
from linli.registry.people.queries import changed_by, get_merger, written_since
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.merge")
def merger_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Who, when, why, what moved; splitting asks whose those rows are that were written since then."""
    merger = get_merger(request.actor, pk)
    with scoped(system_actor("matching.review")):
        since = written_since(merger) if merger.split_at is None else {}
        changed = changed_by(merger)
    # two columns of one table may name the same row: it is one thing to decide about
    asked = [(f"{label}:{key}", row_words(label, key)) for label, keys in since.items() for key in keys if not label.endswith(".party_id")]
    form = SplitForm(request.POST or None, since=asked, auto_id="split-%s")
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda said: split_people(
                request.actor, merger_id=pk, reason=said["reason"], hers=_both_columns(said.get("hers") or [], since)
            ),
        )
        if not status:
            messages.success(request, gettext("Two people again. What had moved is back."))
            return HttpResponseRedirect(reverse("matching_desk_merger", args=[pk]), status=303)
    moved: dict[str, int] = {}
    for label, keys in merger.moved.items():
        if not label.endswith(".party_id"):
            moved[row_words(label)] = moved.get(row_words(label), 0) + len(keys)
    context = {
        "merger": merger,
        "form": form if merger.split_at is None else None,
        "moved": sorted(moved.items()),
        "changed": [str(LABELS[name]) for name in changed],
        "sent": form if form.errors else None,
    }
    return render(request, "matching/desk/merger.html", context, status=status or 200)


def _both_columns(chosen: list[str], since: dict[str, list[str]]) -> list[str]:
    """A row that names the person in two columns goes as a whole."""
    hers = list(chosen)
    for one in chosen:
        label, _, key = one.rpartition(":")
        twin = f"{label.rpartition('.')[0]}.party_id"
        if twin != label and key in since.get(twin, ()):
            hers.append(f"{twin}:{key}")
    return hers
