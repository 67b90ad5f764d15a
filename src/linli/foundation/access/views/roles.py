"""Roles: what each may do in plain words, who holds it, drafting a new extent (security administrator), putting it in force (system administrator)."""

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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.access import actions, queries
from linli.foundation.access.engine.permissions import BUSINESS, GROUPS, WORDS, in_words
from linli.foundation.access.forms import day_field
from linli.foundation.access.models import Role, RoleDraft
from linli.foundation.access.views.appointments import DecideForm, state_words
from linli.foundation.gate import desk
from linli.lib.errors import LinliError, NotFound
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest

SHOWN = 50


class RoleForm(RefusableForm):
    """Name, level and permissions of a role; ``code`` for a new one only."""

    code = forms.CharField(
        label=gettext_lazy("Role code"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and underscores; it never changes."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    level = forms.TypedChoiceField(
        label=gettext_lazy("Sees up to level"),
        coerce=int,
        choices=[
            (1, gettext_lazy("1 public")),
            (2, gettext_lazy("2 internal")),
            (3, gettext_lazy("3 personal: names, telephones, addresses")),
            (4, gettext_lazy("4 sensitive: health, disability, allowances, money")),
        ],
        initial=3,
        help_text=gettext_lazy("Level 5 opens only to somebody who is called to the one case."),
    )
    permissions = forms.MultipleChoiceField(label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("The system administrator reads it before it comes into force."),
    )

    def __init__(self, *args: Any, role: Role | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (gettext(heading), [(p, gettext(words)) for p, words in group.items() if p in BUSINESS]) for heading, group in GROUPS.items()
        ]
        self.fields["permissions"].choices = [(heading, rows) for heading, rows in groups if rows]  # type: ignore[attr-defined]
        if role is not None:
            del self.fields["code"]


class EndForm(RefusableForm):
    """The last day of a post."""

    last_day = day_field(gettext_lazy("Last day"))


@require_GET
@desk("admin.roles")
def role_list(request: DeskRequest) -> HttpResponse:
    """Roles: what each may do, up to which level it sees, how many hold it; drafts that wait."""
    held = queries.holders_by_role()
    rows = [(r, held.get(code, 0)) for code, r in sorted(queries.roles().items())]
    return render(request, "access/desk/roles.html", {"rows": rows, "drafts": queries.role_drafts()})


@never_cache
@require_GET
@desk("admin.roles")
def role_page(request: DeskRequest, code: str) -> HttpResponse:
    """One role with its permissions and holders."""
    return _show(request, queries.get_role(code))


def _show(request: DeskRequest, role: Role, form: EndForm | None = None) -> HttpResponse:
    context = {
        "role": role,
        "groups": in_words(role.permissions),
        "holders": queries.holders_of(role.code),
        "draft": queries.draft_of(role.code),
        "today": timezone.localdate().isoformat(),
        "own": request.actor.user_id,
        "form": form,
    }
    return render(request, "access/desk/role.html", context, status=422 if form is not None else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.roles")
def new_role(request: DeskRequest) -> HttpResponse:
    """Draft a role that does not exist yet."""
    form = RoleForm(request.POST or None, auto_id="role-%s")
    return _draft(request, form, None)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.roles")
def change_role(request: DeskRequest, code: str) -> HttpResponse:
    """Draft another extent of a known role."""
    role = queries.get_role(code)
    if not role.business:
        raise NotFound("ROLE_UNKNOWN", gettext("The roles of the three administrators are not changed on the desk."))
    initial = {"name": role.name, "level": role.level, "permissions": role.permissions}
    return _draft(request, RoleForm(request.POST or None, role=role, initial=initial, auto_id="role-%s"), role)


def _draft(request: DeskRequest, form: RoleForm, role: Role | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        values = {"code": role.code if role else "", **form.cleaned_data}
        try:
            actions.draft_role(request.actor, role_id=role.pk if role else None, **values)
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The draft waits for the system administrator. Until then nothing changes."))
            return HttpResponseRedirect(reverse("access_desk_roles"), status=303)
    return render(request, "access/desk/role_edit.html", {"form": form, "role": role}, status=422 if form.errors else 200)


@require_POST
@desk("admin.roles")
def withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A draft is not wanted any more."""
    actions.withdraw_role(request.actor, draft_id=pk)
    messages.success(request, gettext("The draft is withdrawn."))
    return HttpResponseRedirect(reverse("access_desk_roles"), status=303)


@require_POST
@desk("admin.roles")
def end_post(request: DeskRequest, code: str, holding: UUID) -> HttpResponse:
    """Take a post, and with it the role, from somebody."""
    role = queries.get_role(code)
    form = EndForm(request.POST, auto_id="end-%s")
    if form.is_valid():
        try:
            actions.end_post(request.actor, holding_id=holding, last_day=form.cleaned_data["last_day"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The post ends on that day."))
            return HttpResponseRedirect(reverse("access_desk_role", args=[code]), status=303)
    return _show(request, role, form)


@never_cache
@require_GET
@desk("admin.accounts")
def requests(request: DeskRequest) -> HttpResponse:
    """Drafts of roles that wait for the system administrator, and what was decided."""
    return _show_requests(request)


def _show_requests(request: DeskRequest, sent: DecideForm | None = None, about: UUID | None = None) -> HttpResponse:
    rows = [
        (draft, _differences(draft), sent if sent is not None and draft.pk == about else DecideForm(auto_id=f"decide-{draft.pk}-%s"))
        for draft in queries.role_drafts()[:SHOWN]
    ]
    context = {"rows": rows, "sent": sent, "done": queries.role_drafts(state="decided")[:SHOWN], "states": state_words()}
    return render(request, "access/desk/role_requests.html", context, status=422 if sent is not None else 200)


def _differences(draft: RoleDraft) -> dict[str, Any]:
    """What the draft would add to the role and take from it, in words."""
    before, after = set(draft.role.permissions if draft.role else ()), set(draft.permissions)
    return {
        "added": [gettext(WORDS.get(p, p)) for p in sorted(after - before)],
        "taken": [gettext(WORDS.get(p, p)) for p in sorted(before - after)],
        "level": draft.role.level if draft.role and draft.role.level != draft.level else None,
        "holders": queries.holders_by_role().get(draft.code, 0),
    }


@require_POST
@desk("admin.accounts")
def decide(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Put a draft in force, or refuse it."""
    form = DecideForm(request.POST, auto_id=f"decide-{pk}-%s")
    if form.is_valid():
        try:
            actions.decide_role(request.actor, draft_id=pk, **form.answer())
        except LinliError as error:
            form.refuse(error)
        else:
            granted = form.answer()["grant"]
            messages.success(
                request, gettext("The role is in force.") if granted else gettext("Refused; the security administrator sees why.")
            )
            return HttpResponseRedirect(reverse("access_desk_role_requests"), status=303)
    return _show_requests(request, form, pk)
