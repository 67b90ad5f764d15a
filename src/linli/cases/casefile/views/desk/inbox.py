"""The inbox: mine, my units', everything in sight; filtered by the address, claimed row by row."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.cases.casefile import actions, policy
from linli.cases.casefile.forms.desk import InboxFilter
from linli.cases.casefile.models import Task
from linli.cases.casefile.queries import inbox
from linli.cases.casefile.queries.cases import get_task
from linli.cases.casefile.queries.words import KINDS, DueWords, due_words
from linli.cases.catalogue.queries import names
from linli.foundation.gate import desk
from linli.foundation.types import Actor
from linli.lib.errors import LinliError
from linli.lib.masking import mask_name
from linli.ui.engine.addresses import address_of
from linli.ui.types import DeskRequest, Tab

BOXES = ("mine", "unit", "all")


class InboxRow(TypedDict):
    """One line of the inbox, ready to be drawn: twenty of them are most of what a page costs, and a template asks a dictionary first."""

    id: UUID
    url: str
    number: str
    place: str
    day: str
    serial: str
    title: str
    applicant: str
    step: str
    due: DueWords
    holder: str
    office: str
    change: str  # address that claims or releases; empty where neither is this person's
    button: str
    said: str  # what became of a claim that did not succeed


def row_of(actor: Actor, task: Task, now: datetime, said: str = "") -> InboxRow:
    mine = policy.holds(actor, task) and actor.may("cases.claim") and task.state == "open"
    claims = mine and policy.can_claim(actor, task) and task.assignee_id is None
    releases = mine and task.assignee_id == actor.user_id
    number = task.number
    return {
        "id": task.id,
        "url": address_of("case_desk_subject", task.case_id),
        "number": number,
        "place": number[:12],
        "day": number[12:20],
        "serial": number[20:],
        "title": task.title,
        "applicant": mask_name(task.applicant),
        "step": task.name,
        "due": due_words(task.due_at, now),
        "holder": task.assignee_name,
        "office": task.unit_name,
        "change": address_of("casefile_desk_claim" if claims else "casefile_desk_release", task.id) if claims or releases else "",
        "button": gettext("Claim") if claims else gettext("Release"),
        "said": said,
    }


@never_cache
@require_GET
@desk("cases.view")
def inbox_page(request: DeskRequest) -> HttpResponse:
    """Twenty tasks by due date. `?part=rows` answers with the rows alone, for the live refresh."""
    which = request.GET.get("box", "")
    if which not in BOXES:
        which = "unit" if request.actor.unit_ids else "all"
    form = InboxFilter(request.GET, matters=list(names()), kinds=[(k, v) for k, v in KINDS.items()], auto_id="filter-%s")
    form.is_valid()
    values = form.cleaned_data
    filters = inbox.Filters(
        matter=values.get("matter", ""), kind=values.get("kind", ""), text=values.get("text", ""), overdue=bool(values.get("overdue"))
    )
    now = timezone.now()
    found = _page(request, which, filters, now)
    query = {
        k: v
        for k, v in {
            "box": which,
            "matter": filters.matter,
            "kind": filters.kind,
            "overdue": "1" if filters.overdue else "",
            "text": filters.text,
        }.items()
        if v
    }
    context = {
        "rows": [row_of(request.actor, t, now) for t in found.tasks],
        "page": found,
        "box": which,
        "form": form,
        "query": urlencode(query),
        "filtered": len(query) > 1,
        "total": f"{found.total}+" if found.more else str(found.total),
        "after": request.GET.get("after", ""),
        "next_query": urlencode({**query, "after": found.after}) if found.after else "",
        "tabs": _tabs(which),
        "here": request.get_full_path(),
        "part_query": urlencode({**query, "after": request.GET.get("after", ""), "part": "rows"}),
    }
    template = "casefile/desk/inbox.html#rows" if request.GET.get("part") == "rows" else "casefile/desk/inbox.html"
    return render(request, template, context)


def _page(request: DeskRequest, which: str, filters: inbox.Filters, now: datetime) -> inbox.Page:
    """The page after the cursor in the address; a cursor somebody made up begins again."""
    after = request.GET.get("after", "")
    if after:
        due, _, key = after.rpartition("_")
        try:
            UUID(key)
            if due:
                datetime.fromisoformat(due)
        except ValueError:
            after = ""
    return inbox.page(request.actor, which, filters, now=now, after=after)  # type: ignore[arg-type]


def _tabs(which: str) -> list[Tab]:
    labels = {"mine": gettext("Mine"), "unit": gettext("My units'"), "all": gettext("All in my sight")}
    return [Tab(label=label, url=f"?box={key}", current=key == which) for key, label in labels.items()]


@require_POST
@desk("cases.claim")
def claim(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take a task; who comes second is told who has it."""
    return _swap(request, pk, lambda: actions.claim_task(request.actor, task_id=pk))


@require_POST
@desk("cases.claim")
def release(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Put a task back for the whole unit."""
    return _swap(request, pk, lambda: actions.release_task(request.actor, task_id=pk))


def _swap(request: DeskRequest, pk: UUID, run: object) -> HttpResponse:
    """Do it and draw the row anew (htmx), or go back to where the person was."""
    said = ""
    task = get_task(request.actor, pk)
    try:
        task = run()  # type: ignore[operator]
    except LinliError as error:
        if error.status == 404:
            raise
        task = get_task(request.actor, pk)
        holder = gettext("%(name)s has it.") % {"name": task.assignee_name} if task.assignee_name and task.state == "open" else ""
        said = holder or error.text(gettext)
    if request.htmx:
        row = row_of(request.actor, task, timezone.now(), said)
        return render(request, "casefile/desk/inbox.html#row", {"row": row, "here": request.htmx.current_url_abs_path or ""})
    if said:
        messages.warning(request, said)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else reverse("casefile_desk_inbox"), status=303)
