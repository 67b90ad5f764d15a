"""Staff sign-in: password, second factor, changing both."""

from __future__ import annotations

from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import actions, queries
from linli.foundation.accounts.forms import ChangePasswordForm, ConfirmFactorForm, PasswordForm, SecondFactorForm
from linli.foundation.accounts.models import User
from linli.foundation.accounts.types import Step
from linli.foundation.accounts.views.sessions import (
    close_session,
    make_token,
    next_page,
    open_session,
    passkeys_here,
    password_is_old,
    read_token,
)
from linli.foundation.gate import desk, public
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest

HOME = "/desk/"
SIGN_IN = reverse_lazy("accounts_desk_sign_in")


def _page(request: HttpRequest, name: str, form: RefusableForm | None = None, **context: object) -> HttpResponse:
    wrong = form is not None and bool(form.errors)
    return render(
        request, f"accounts/desk/{name}.html", {"form": form, "next": next_page(request, ""), **context}, status=422 if wrong else 200
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@public
def sign_in(request: DeskRequest) -> HttpResponse:
    """User name and password; the page for the second factor follows where one is set."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        result = actions.sign_in_with_password(request.actor, **form.cleaned_data)
        if result.problem is not None:
            form.refuse(result.problem)
        elif result.step is Step.SECOND_FACTOR:
            token = make_token("second_factor", user=str(result.user_id))
            return second_page(request, SecondFactorForm(initial={"token": token}), token)
        elif result.user_id is not None:
            return enter(request, result.user_id)
    return _page(request, "sign_in", form, passkeys_here=passkeys_here(request))


def second_page(request: HttpRequest, form: SecondFactorForm, token: str) -> HttpResponse:
    """The second step: a code, and a passkey where the account has one and this is the address passkeys are good for."""
    values = read_token("second_factor", token)
    offered = values is not None and passkeys_here(request) and queries.has_passkey(UUID(values["user"]))
    return _page(request, "second_factor", form, token=token, passkeys_here=offered)


def enter(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Open the session and go on."""
    return onward(request, open_session(request, user_id))


def onward(request: HttpRequest, user: User) -> HttpResponse:
    """Where a member of staff goes after signing in: first to a new password where one is due."""
    if user.must_change_password or password_is_old(user):
        return HttpResponseRedirect(reverse("accounts_desk_password"))
    return HttpResponseRedirect(next_page(request, HOME))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@public
def second_factor(request: DeskRequest) -> HttpResponse:
    """The app's code or a recovery code, within ten minutes of the right password."""
    if request.method == "GET":  # a reloaded page begins again
        return HttpResponseRedirect(str(SIGN_IN))
    form = SecondFactorForm(request.POST)
    if form.is_valid():
        values = read_token("second_factor", form.cleaned_data["token"])
        if values is None:
            messages.error(request, gettext("This took too long. Please sign in again."))
            return HttpResponseRedirect(str(SIGN_IN))
        result = actions.check_second_factor(request.actor, user_id=UUID(values["user"]), code=form.cleaned_data["code"])
        if result.problem is None and result.user_id is not None:
            return enter(request, result.user_id)
        if result.problem is not None:
            form.refuse(result.problem)
    return second_page(request, form, form.data.get("token", ""))


@require_POST
@public
def sign_out(request: DeskRequest) -> HttpResponse:
    return close_session(request, str(SIGN_IN))


@never_cache
@desk()
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: DeskRequest) -> HttpResponse:
    """Change the own password; forced after the first sign-in and every ninety days."""
    form = ChangePasswordForm(request.POST or None)
    user = queries.own_account(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.set_password(request.actor, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except LinliError as error:
            form.refuse(error)
        else:
            update_session_auth_hash(request, changed)  # this session goes on, all others of the account end
            messages.success(request, gettext("Your password is changed."))
            return HttpResponseRedirect(next_page(request, HOME))
    return _page(request, "password", form, first=user.must_change_password, old=password_is_old(user))


@never_cache
@desk()
def account(request: DeskRequest) -> HttpResponse:
    """The own account: name, posts, second factor."""
    user = queries.own_account(request.actor)
    rows = [(gettext("User name"), user.username), (gettext("Full name"), user.name)]
    return _page(request, "account", None, rows=rows, holdings=queries.posts_today(request.actor), has_factor=queries.has_app(user.id))


@never_cache
@desk()
@require_http_methods(["GET", "POST"])
def set_up_factor(request: DeskRequest) -> HttpResponse:
    """Show the QR code; POST with the app's code puts it in force and shows the recovery codes once."""
    if request.method == "POST" and "code" in request.POST:
        form = ConfirmFactorForm(request.POST)
        if form.is_valid():
            try:
                return _page(
                    request, "recovery_codes", None, codes=actions.confirm_second_factor(request.actor, code=form.cleaned_data["code"])
                )
            except LinliError as error:
                form.refuse(error)
        return _page(request, "set_up_factor", form, secret="", qr="")
    if request.method == "POST":
        secret, address = actions.start_second_factor(request.actor)
        qr = segno.make(address, error="m").svg_data_uri(scale=4)
        return _page(request, "set_up_factor", ConfirmFactorForm(), secret=secret, qr=qr)
    return _page(request, "set_up_factor", None, has_factor=queries.has_app(request.actor.account))
