"""Passkeys at both doors: signing in, the second step at the desk, the list of one's own. The browser's part is frontend/src/islands/passkey.ts.

Options are JSON, fetched when somebody presses the button; the device's answer comes back in a plain form, so that errors, languages
and the way onwards are those of every other page.
"""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import actions, queries
from linli.foundation.accounts.engine import site_of
from linli.foundation.accounts.forms import AddPasskeyForm, PasskeyForm, SecondFactorForm
from linli.foundation.accounts.models import UserKind
from linli.foundation.accounts.types import entered_at
from linli.foundation.accounts.views.desk import SIGN_IN, enter, onward, second_page
from linli.foundation.accounts.views.sessions import next_page, open_session, passkeys_here, read_token
from linli.foundation.gate import citizen, desk, public
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import words_of
from linli.ui.types import DeskRequest, DoorRequest, PortalRequest

CHALLENGE = "passkey"
"""Session key: the number of the challenge this session may answer."""


def _options(request: HttpRequest, made: tuple[UUID, dict[str, object]]) -> HttpResponse:
    request.session[CHALLENGE] = str(made[0])
    return JsonResponse({"publicKey": made[1]})


def _refusal(error: LinliError) -> HttpResponse:
    """What the page's script shows beside the button."""
    return JsonResponse({"detail": words_of(error), "code": error.code}, status=error.status)


def _challenge(request: HttpRequest) -> UUID | None:
    """The number of this session's challenge; it is forgotten at once, and used up in the database by the action."""
    number = request.session.pop(CHALLENGE, None)
    return UUID(number) if number else None


@never_cache
@require_POST
@public
def ask(request: DoorRequest) -> HttpResponse:
    """A challenge for signing in from either door."""
    try:
        return _options(request, actions.ask_for_passkey(request.actor))
    except LinliError as error:
        return _refusal(error)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def sign_in(request: DoorRequest) -> HttpResponse:
    """The answer of the device: the account's own door opens. Refused: back to the sign-in page one came from, with the reason."""
    desk_side = request.POST.get("door") == "desk"
    back = str(SIGN_IN) if desk_side else reverse("accounts_sign_in")
    if request.method == "GET":  # a reloaded page begins again
        return HttpResponseRedirect(back)
    result = actions.sign_in_with_passkey(request.actor, challenge_id=_challenge(request), answer=_answer(request))
    if result.problem is None and result.user_id is not None:
        user = open_session(request, result.user_id)
        if user.kind == UserKind.STAFF:
            return onward(request, user)
        return HttpResponseRedirect(next_page(request, settings.LOGIN_REDIRECT_URL))
    return _again(request, result.problem, back)


def _answer(request: HttpRequest) -> str:
    form = PasskeyForm(request.POST)
    return str(form.cleaned_data["answer"]) if form.is_valid() else ""


def _again(request: HttpRequest, problem: LinliError | None, back: str) -> HttpResponse:
    """The sign-in page with the reason on it; where the person wanted to go is kept."""
    if problem is not None:
        messages.error(request, " ".join(part for part in (problem.text(gettext), problem.next_step(gettext)) if part))
    goal = next_page(request, "")
    return HttpResponseRedirect(f"{back}?{urlencode({'next': goal})}" if goal else back, status=303)


@never_cache
@require_POST
@public
def ask_factor(request: DeskRequest) -> HttpResponse:
    """A challenge for the second step, for the account whose password was right."""
    values = read_token("second_factor", request.POST.get("token", ""))
    if values is None:
        return JsonResponse({"detail": gettext("This took too long. Please sign in again.")}, status=409)
    try:
        return _options(request, actions.ask_for_passkey(request.actor, user_id=UUID(values["user"])))
    except LinliError as error:
        return _refusal(error)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def second_factor(request: DeskRequest) -> HttpResponse:
    """The device's answer as the second step, within ten minutes of the right password."""
    token = request.POST.get("token", "")
    values = read_token("second_factor", token)
    if values is None:
        if request.method == "POST":
            messages.error(request, gettext("This took too long. Please sign in again."))
        return HttpResponseRedirect(str(SIGN_IN))
    result = actions.check_passkey_factor(
        request.actor, user_id=UUID(values["user"]), challenge_id=_challenge(request), answer=_answer(request)
    )
    if result.problem is None and result.user_id is not None:
        return enter(request, result.user_id)
    form = SecondFactorForm({"token": token})
    form.full_clean()
    form.errors.clear()  # the code was not asked for
    if result.problem is not None:
        form.refuse(result.problem)
    return second_page(request, form, token)


def _list(request: DoorRequest, door: str) -> HttpResponse:
    """One's passkeys; POST with a device's answer adds one. Staff who had no recovery codes get them, once."""
    form = AddPasskeyForm(request.POST or None)
    if request.method == "POST":
        challenge = _challenge(request)
        if form.is_valid():
            added = actions.add_passkey(
                request.actor, challenge_id=challenge, answer=form.cleaned_data["answer"], name=form.cleaned_data["name"]
            )
            if added.recovery:
                return render(request, "accounts/desk/recovery_codes.html", {"codes": added.recovery})
            if added.problem is None:
                messages.success(request, gettext("The passkey is added. From now on you can sign in with it."))
                return HttpResponseRedirect(request.path, status=303)
            form.refuse(added.problem)
    context = {
        "form": form,
        "passkeys": queries.passkeys_of(request.actor),
        "here": passkeys_here(request),
        "elsewhere": site_of(settings.SITE_URL).origin + request.path,
    }
    return render(request, f"accounts/{door}/passkeys.html", context, status=422 if form.errors else 200)


def _invite(request: DoorRequest) -> HttpResponse:
    try:
        return _options(request, actions.invite_passkey(request.actor, signed_in_at=entered_at(request.session)))
    except LinliError as error:
        return _refusal(error)


def _remove(request: DoorRequest, pk: UUID, back: str) -> HttpResponse:
    actions.remove_passkey(request.actor, passkey_id=pk)
    messages.success(request, gettext("The passkey is removed. It no longer opens this account; delete it on the device as well."))
    return HttpResponseRedirect(reverse(back), status=303)


@never_cache
@require_http_methods(["GET", "POST"])
@citizen()
def portal_list(request: PortalRequest) -> HttpResponse:
    return _list(request, "portal")


@never_cache
@require_POST
@citizen()
def portal_invite(request: PortalRequest) -> HttpResponse:
    return _invite(request)


@require_POST
@citizen()
def portal_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    return _remove(request, pk, "accounts_passkeys")


@never_cache
@require_http_methods(["GET", "POST"])
@desk()
def desk_list(request: DeskRequest) -> HttpResponse:
    return _list(request, "desk")


@never_cache
@require_POST
@desk()
def desk_invite(request: DeskRequest) -> HttpResponse:
    return _invite(request)


@require_POST
@desk()
def desk_remove(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _remove(request, pk, "accounts_desk_passkeys")
