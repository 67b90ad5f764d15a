"""What may be entered about a person: a further document, a group, a report of her death."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.types import Actor, Level
from linli.registry.people import actions, queries
from linli.registry.people.models import Person
from linli.registry.sources.queries import sources
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest

DAY = forms.DateInput(attrs={"type": "date"})
REPORTERS = ("collected", "police", "family", "civil")
"""Whose word on a death counts (community.md §15.5): the community, police, health, civil affairs."""


class DocumentForm(RefusableForm):
    id_type = forms.ChoiceField(label=gettext_lazy("Kind of document"))
    number = forms.CharField(label=gettext_lazy("Number"), max_length=30, help_text=gettext_lazy("As printed on the document."))
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=60, required=False)
    valid_from = forms.DateField(label=gettext_lazy("Valid from"), required=False, widget=DAY)
    valid_to = forms.DateField(label=gettext_lazy("Valid to"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_type"].choices = [("", gettext("Choose one")), *queries.document_kinds()]  # type: ignore[attr-defined]


class GroupForm(RefusableForm):
    kind = forms.ChoiceField(label=gettext_lazy("Group"))
    since = forms.DateField(label=gettext_lazy("Since"), widget=DAY)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = max((r.level for r in actor.ranges), default=Level.PUBLIC)
        kinds = [kind for kind in queries.group_kinds(Level.SPECIAL) if kind.level <= own or kind.level == Level.SPECIAL]
        self.fields["kind"].choices = [("", gettext("Choose one")), *((k.code, k.name) for k in kinds)]  # type: ignore[attr-defined]
        self.fields["kind"].help_text = gettext(
            "Of the groups of the highest level nobody but you will know that the person belongs to them."
        )


class DeathForm(RefusableForm):
    on = forms.DateField(label=gettext_lazy("Died on"), widget=DAY)
    source = forms.ChoiceField(label=gettext_lazy("Who says so"))
    document = forms.CharField(label=gettext_lazy("Number of the paper"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {row.code: row.name for row in sources().values()}
        self.fields["source"].choices = [(code, known[code]) for code in REPORTERS if code in known]  # type: ignore[attr-defined]


def _page(request: DeskRequest, person: Person, form: forms.Form, *, title: str, button: str, status: int, **more: Any) -> HttpResponse:
    page = reverse("people_desk_person", args=[person.pk])
    context = {
        "form": form,
        "person": person,
        "title": title,
        "about": person.name,
        "button": button,
        "back": page,
        "crumbs": [(gettext("People"), reverse("people_desk_search")), (person.name, page)],
        **more,
    }
    return render(request, str(more.get("template", "ui/desk/form_page.html")), context, status=status or 200)


def _back(request: DeskRequest, person: Person, said: str, tab: str = "") -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("people_desk_person", args=[person.pk]) + (f"?tab={tab}" if tab else ""), status=303)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.edit")
def document(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Note a passport or permit."""
    person, form, status = queries.get_person(request.actor, pk), DocumentForm(request.POST or None), 200
    if request.method == "POST":
        status = attempt(form, lambda told: actions.add_identity(request.actor, person_id=pk, **told))
        if not status:
            return _back(request, person, gettext("The document is noted."), "records")
    return _page(request, person, form, title=gettext("Note a document"), button=gettext("Note the document"), status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.groups")
def group(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Somebody belongs to a group."""
    person, status = queries.get_person(request.actor, pk), 200
    form = GroupForm(request.POST or None, actor=request.actor, initial={"since": timezone.localdate()})
    if request.method == "POST":
        status = attempt(form, lambda told: actions.enter_group(request.actor, person_id=pk, **told))
        if not status:
            return _back(request, person, gettext("The group is noted; you are responsible."), "records")
    return _page(request, person, form, title=gettext("Enter a group"), button=gettext("Enter the group"), status=status)


class EndForm(RefusableForm):
    on = forms.DateField(label=gettext_lazy("Until"), widget=DAY)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.groups")
def leave_group(request: DeskRequest, pk: UUID, group: UUID) -> HttpResponse:
    """Somebody no longer belongs to a group."""
    person, status = queries.get_person(request.actor, pk), 200
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST":
        status = attempt(form, lambda told: actions.end_group(request.actor, group_id=group, on=told["on"]))
        if not status:
            return _back(request, person, gettext("The person no longer belongs to the group."), "records")
    return _page(request, person, form, title=gettext("End a group"), button=gettext("End the group"), status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.edit")
def death(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Who reports a death; the second office makes it sure."""
    person, form, status = queries.get_person(request.actor, pk), DeathForm(request.POST or None), 200
    if request.method == "POST":
        status = attempt(form, lambda told: actions.report_death(request.actor, person_id=pk, **told))
        if not status:
            dead = queries.get_person(request.actor, pk).died_on is not None
            said = gettext("Two offices agree: the death is entered.") if dead else gettext("Reported. A second office has to confirm it.")
            return _back(request, person, said)
    more = {"reports": queries.death_reports(request.actor, pk), "template": "people/desk/death.html"}
    intro = gettext("One report suspends what is paid until somebody has checked. When a second office reports the death, it is entered.")
    return _page(
        request, person, form, title=gettext("Report a death"), button=gettext("Report the death"), status=status, intro=intro, **more
    )


class WithdrawForm(RefusableForm):
    reason = forms.CharField(max_length=200)


@never_cache
@require_POST
@desk("people.edit")
def withdraw(request: DeskRequest, pk: UUID, report: UUID) -> HttpResponse:
    """Checked: the person is alive."""
    person, form = queries.get_person(request.actor, pk), WithdrawForm(request.POST)
    if attempt(form, lambda told: actions.withdraw_death_report(request.actor, report_id=report, reason=told["reason"])):
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return HttpResponseRedirect(reverse("people_desk_death", args=[pk]), status=303)
    return _back(request, person, gettext("The report is withdrawn; payments go on."))
