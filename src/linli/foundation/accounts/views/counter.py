"""At a service counter, with the cards on the table: who signs in is known for certain, and somebody may act for somebody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.accounts import actions, queries
from linli.foundation.accounts.forms import RaiseForm, RegisterMandateForm
from linli.foundation.gate import desk
from linli.lib.contact import parse_mobile
from linli.lib.errors import LinliError, NotFound
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest


def _page(request: DeskRequest, title: str, lead: str, form: RefusableForm) -> HttpResponse:
    context = {"title": title, "lead": lead, "form": form}
    return render(request, "accounts/desk/counter.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("mandates.register")
def mandate(request: DeskRequest) -> HttpResponse:
    """Register that one person may act for another: a relative, or somebody who helps. The grantor lives in the clerk's area."""
    form = RegisterMandateForm(request.POST or None, auto_id="mandate-%s")
    if request.method == "POST" and form.is_valid():
        try:
            actions.register_mandate(request.actor, **form.cleaned_data)
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The mandate is registered; both sides are told."))
            return HttpResponseRedirect(reverse("accounts_desk_mandate_new"), status=303)
    lead = gettext("Compare both identity cards. A guardian or legal representative is registered with the paper that proves it.")
    return _page(request, gettext("Register a mandate"), lead, form)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("accounts.raise")
def seen(request: DeskRequest) -> HttpResponse:
    """The holder of an account stands here with the card: the account is known for certain (L2)."""
    form = RaiseForm(request.POST or None, auto_id="seen-%s")
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = queries.citizen_by_phone(request.actor, parse_mobile(values["phone"], field="phone").number)
            if user is None:
                raise NotFound(
                    "ACCOUNT_UNKNOWN",
                    gettext("No account uses this number."),
                    field="phone",
                    hint=gettext("The resident signs in once with a code; then this works."),
                )
            actions.raise_to_seen(request.actor, user_id=user.pk, name=values["name"], id_number=values["id_number"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The account is confirmed."))
            return HttpResponseRedirect(reverse("accounts_desk_seen"), status=303)
    lead = gettext("Compare face and card, then enter what the card says and the telephone the resident signs in with.")
    return _page(request, gettext("Confirm an account"), lead, form)
