"""Administration of who may what: roles with their holders (security administrator), staff accounts (system administrator), packs."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.access import queries
from linli.foundation.accounts import actions
from linli.foundation.accounts.queries import has_second_factor
from linli.foundation.actions.engine.packs import loaders_in_order
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest

ROWS = 50
PARTS = {
    "regions": gettext_lazy("Regions"),
    "units": gettext_lazy("Units and posts"),
    "roles": gettext_lazy("Roles"),
    "calendar": gettext_lazy("Work calendar"),
    "sources": gettext_lazy("Data sources"),
    "messages": gettext_lazy("Message templates"),
    "matters": gettext_lazy("Matters"),
}


@never_cache
@require_GET
@desk("admin.accounts")
def accounts(request: DeskRequest) -> HttpResponse:
    """Staff accounts with posts and locks."""
    text = request.GET.get("q", "").strip()[:40]
    page = Paginator(queries.staff(text), ROWS).get_page(request.GET.get("page"))
    return render(request, "access/desk/accounts.html", {"page": page, "q": text, "now": timezone.now()})


class EndPostForm(RefusableForm):
    """The last day of a post."""

    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


@never_cache
@require_GET
@desk("admin.accounts")
def account(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One account."""
    return _show(request, pk)


def _show(request: DeskRequest, pk: UUID, *, password: str = "", form: EndPostForm | None = None, status: int = 200) -> HttpResponse:
    user = queries.get_staff(pk)
    context = {
        "account": user,
        "holdings": queries.all_holdings(pk),
        "waiting": queries.appointments_of(pk),
        "factor": has_second_factor(pk),
        "password": password,
        "own": user.pk == request.actor.user_id,
        "form": form,
        "locked": bool(user.locked_until and user.locked_until > timezone.now()),
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "access/desk/account.html", context, status=status)


@never_cache
@require_POST
@desk("admin.accounts")
def reset_password(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A first password, shown once."""
    queries.get_staff(pk)
    try:
        password = actions.reset_password(request.actor, user_id=pk)
    except LinliError as error:
        messages.error(request, error.text(gettext))
        return _show(request, pk, status=error.status)
    return _show(request, pk, password=password)


@require_POST
@desk("admin.accounts")
def remove_factor(request: DeskRequest, pk: UUID) -> HttpResponse:
    """For somebody who lost the telephone."""
    queries.get_staff(pk)
    try:
        actions.remove_second_factor(request.actor, user_id=pk)
    except LinliError as error:
        messages.error(request, error.text(gettext))
        return _show(request, pk, status=error.status)
    messages.success(request, gettext("The second factor is taken off; it has to be set up anew."))
    return HttpResponseRedirect(reverse("access_desk_account", args=[pk]), status=303)


@require_POST
@desk("admin.accounts")
def end_post(request: DeskRequest, pk: UUID, holding: UUID) -> HttpResponse:
    """Somebody gives up a post."""
    queries.get_staff(pk)
    form = EndPostForm(request.POST, auto_id="end-%s")
    if form.is_valid():
        try:
            actions.end_holding(request.actor, holding_id=holding, last_day=form.cleaned_data["last_day"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The post ends on that day."))
            return HttpResponseRedirect(reverse("access_desk_account", args=[pk]), status=303)
    return _show(request, pk, form=form, status=422)


@require_GET
@desk("admin.packs")
def packs(request: DeskRequest) -> HttpResponse:
    """The packs of this city and what each part of a pack loads, in the order of loading."""
    return render(
        request,
        "access/desk/packs.html",
        {"packs": settings.PACKS, "loaders": [(PARTS.get(name, name), loader.export is not None) for name, loader in loaders_in_order()]},
    )
