"""Appointments: the system administrator asks on the one page, the security administrator decides on the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.access import actions, queries
from linli.foundation.access.engine.permissions import in_words
from linli.foundation.access.forms import day_field
from linli.foundation.access.models import Appointment
from linli.foundation.gate import desk
from linli.foundation.units.queries import get_post
from linli.lib.errors import Invalid, LinliError
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest

SHOWN = 50


class AppointForm(RefusableForm):
    """Who, from when, and why."""

    username = forms.CharField(
        label=gettext_lazy("User name of the person"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    since = day_field(gettext_lazy("First day"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("The security administrator reads it and decides.")
    )


class DecideForm(RefusableForm):
    """Yes or no, and why not."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("grant", gettext_lazy("Grant")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=gettext_lazy("Remark (a refusal needs one)"), max_length=200, required=False)

    def answer(self) -> dict[str, Any]:
        return {"grant": self.cleaned_data["verdict"] == "grant", "remark": self.cleaned_data["remark"]}


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.accounts")
def appoint(request: DeskRequest, post: UUID) -> HttpResponse:
    """Ask for somebody to be appointed to a post."""
    chosen = get_post(post)
    form = AppointForm(request.POST or None, initial={"username": request.GET.get("who", "")}, auto_id="appoint-%s")
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = queries.staff().filter(username=values["username"].strip(), is_active=True).first()
            if user is None:
                raise Invalid(
                    "COLLEAGUE_UNKNOWN",
                    gettext("There is no account of this user name."),
                    field="username",
                    hint=gettext("Enter the person under Staff accounts first."),
                )
            actions.ask_appointment(request.actor, user_id=user.pk, post_id=post, since=values["since"], reason=values["reason"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("Asked for. The post opens nothing before the security administrator grants it."))
            return HttpResponseRedirect(reverse("units_desk_unit", args=[chosen.unit_id]), status=303)
    role = queries.roles().get(chosen.role_code)
    context = {"post": chosen, "role": role, "opens": in_words(role.permissions) if role else [], "form": form}
    return render(request, "access/desk/appoint.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
@desk("admin.roles")
def appointments(request: DeskRequest) -> HttpResponse:
    """What waits for the security administrator, and what was decided."""
    return _show(request)


def _show(request: DeskRequest, sent: DecideForm | None = None, about: UUID | None = None) -> HttpResponse:
    roles = queries.roles()
    rows = []
    for asked in queries.appointments()[:SHOWN]:
        role = roles.get(asked.post.role_code)
        form = sent if sent is not None and asked.pk == about else DecideForm(auto_id=f"decide-{asked.pk}-%s")
        rows.append((asked, role, in_words(role.permissions) if role else [], form))
    context = {"rows": rows, "sent": sent, "done": queries.appointments(state="decided")[:SHOWN], "states": state_words()}
    return render(request, "access/desk/appointments.html", context, status=422 if sent is not None else 200)


def state_words() -> dict[str, str]:
    """What became of something asked for."""
    return {"granted": gettext("granted"), "refused": gettext("refused"), "withdrawn": gettext("withdrawn"), "open": gettext("waiting")}


@require_POST
@desk("admin.roles")
def decide(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Grant or refuse one."""
    asked = queries.get_appointment(pk)
    form = DecideForm(request.POST, auto_id=f"decide-{pk}-%s")
    if form.is_valid():
        try:
            actions.decide_appointment(request.actor, appointment_id=pk, **form.answer())
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, _said(asked, granted=form.answer()["grant"]))
            return HttpResponseRedirect(reverse("access_desk_appointments"), status=303)
    return _show(request, form, pk)


def _said(asked: Appointment, *, granted: bool) -> str:
    if granted:
        return gettext("%(name)s holds the post from %(day)s.") % {"name": asked.user.name, "day": f"{asked.since:%Y-%m-%d}"}
    return gettext("Refused; the system administrator sees why.")


@require_POST
@desk("admin.accounts")
def withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What was asked for is not wanted any more."""
    asked = queries.get_appointment(pk)
    actions.withdraw_appointment(request.actor, appointment_id=pk)
    messages.success(request, gettext("The appointment is withdrawn."))
    return HttpResponseRedirect(reverse("access_desk_account", args=[asked.user_id]), status=303)
