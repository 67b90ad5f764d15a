"""Pages of a resident's account: sign in by phone, who I am, mandates."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import actions, queries
from linli.foundation.accounts.forms import KINDS, CodeForm, MandateForm, PersonForm, PhoneForm, TailForm
from linli.foundation.accounts.types import SignIn, Step
from linli.foundation.accounts.views.sessions import close_session, make_token, next_page, open_session, passkeys_here, read_token
from linli.foundation.gate import citizen, public
from linli.lib.errors import LinliError
from linli.lib.masking import mask_name, mask_phone
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import PortalRequest


def _page(request: HttpRequest, name: str, form: RefusableForm | None = None, **context: object) -> HttpResponse:
    wrong = form is not None and bool(form.errors)
    goal = next_page(request, "")
    return render(
        request,
        f"accounts/portal/{name}.html",
        {"form": form, "next": goal, "demo": settings.DEMO, **context},
        status=422 if wrong else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@public
def sign_in(request: PortalRequest) -> HttpResponse:
    """Step one: the phone. On a good number the page for the code follows in the same answer; nothing needs a script."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request, settings.LOGIN_REDIRECT_URL))
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            phone = actions.request_code(request.actor, phone=form.cleaned_data["phone"])
            return _page(request, "code", CodeForm(initial={"phone": phone}), masked=mask_phone(phone))
        except LinliError as error:
            form.refuse(error)
    return _page(request, "sign_in", form, passkeys_here=passkeys_here(request))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@public
def code(request: PortalRequest) -> HttpResponse:
    """Step two: the code from the message."""
    if request.method == "GET":  # a reloaded page begins again
        return HttpResponseRedirect(reverse("accounts_sign_in"))
    form = CodeForm(request.POST)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            result = actions.sign_in_with_code(request.actor, phone=phone, code=form.cleaned_data["code"])
        except LinliError as error:
            result = SignIn(problem=error)
        if result.step is Step.ID_TAIL:
            token = make_token("id_tail", user=str(result.user_id), phone=phone)
            return _page(request, "id_tail", TailForm(initial={"token": token}), token=token)
        if result.problem is None:
            return _enter(request, result)
        form.refuse(result.problem)
    return _page(request, "code", form, masked=mask_phone(str(form.data.get("phone", ""))))


def _enter(request: PortalRequest, result: SignIn) -> HttpResponse:
    assert result.user_id is not None  # noqa: S101 - a result without a problem names an account
    open_session(request, result.user_id)
    return HttpResponseRedirect(next_page(request, settings.LOGIN_REDIRECT_URL))


@never_cache
@require_http_methods(["GET", "POST"])
@public
def id_tail(request: PortalRequest) -> HttpResponse:
    """A phone long unused: its last holder says the end of the ID number; a new holder begins a new account."""
    if request.method == "GET":  # a reloaded page begins again
        return HttpResponseRedirect(reverse("accounts_sign_in"))
    token = request.POST.get("token", "")
    values = read_token("id_tail", token)
    if values is None:
        messages.error(request, gettext("This took too long. Please ask for a new code."))
        return HttpResponseRedirect(reverse("accounts_sign_in"))
    user_id, phone = UUID(values["user"]), values["phone"]
    if request.POST.get("new") == "1":
        return _enter(request, actions.take_over_phone(request.actor, user_id=user_id, phone=phone))
    form = TailForm(request.POST)
    if form.is_valid():
        result = actions.confirm_holder(request.actor, user_id=user_id, phone=phone, id_tail=form.cleaned_data["id_tail"])
        if result.problem is None:
            return _enter(request, result)
        form.refuse(result.problem)
    return _page(request, "id_tail", form, token=token)


@require_POST
@public
def sign_out(request: PortalRequest) -> HttpResponse:
    return close_session(request, "/")


@never_cache
@citizen()
def account(request: PortalRequest) -> HttpResponse:
    """What the account says of its owner, masked, and what the assurance means in words."""
    user = queries.own_account(request.actor)
    rows = [
        (gettext("Full name"), mask_name(user.name) if user.assurance else gettext("not confirmed yet")),
        (gettext("Mobile number"), mask_phone(user.phone)),
        (gettext("How sure we are who you are"), assurance_words(user.assurance)),
    ]
    return _page(request, "account", None, rows=rows, account=user)


def assurance_words(level: int) -> str:
    """What an assurance level lets one do, for the person who has it."""
    return {
        0: gettext("We only know your phone. You can apply, but nothing is filled in for you and your earlier matters stay hidden."),
        1: gettext("Your name and identity number match our register. Forms fill in what is known, and you see your matters and results."),
        2: gettext("You showed your identity card at a counter. Everything is open to you."),
    }[level]


@never_cache
@citizen()
@sensitive_post_parameters("name", "id_number")
@require_http_methods(["GET", "POST"])
def verify(request: PortalRequest) -> HttpResponse:
    """Confirm who one is, by name and identity number."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            problem = actions.verify_person(request.actor, **form.cleaned_data).problem
        except LinliError as error:
            problem = error
        if problem is None:
            messages.success(request, gettext("Thank you, we know who you are now."))
            return HttpResponseRedirect(next_page(request, reverse("accounts_account")))
        form.refuse(problem)
    return _page(request, "verify", form, tries_left=queries.verify_tries_left(request.actor))


@never_cache
@citizen()
@require_http_methods(["GET", "POST"])
def change_phone(request: PortalRequest) -> HttpResponse:
    """Move to another phone: first the number, then the code sent to it."""
    if "code" not in request.POST:
        form: RefusableForm = PhoneForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                phone = actions.request_code(request.actor, phone=form.cleaned_data["phone"], purpose="change_phone")
                return _page(request, "change_phone", CodeForm(initial={"phone": phone}), masked=mask_phone(phone))
            except LinliError as error:
                form.refuse(error)
        return _page(request, "change_phone", form)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            problem = actions.change_phone(request.actor, **form.cleaned_data)
        except LinliError as error:
            problem = error
        if problem is None:
            update_session_auth_hash(request, queries.own_account(request.actor))
            messages.success(request, gettext("Your number is changed. Please confirm again who you are."))
            return HttpResponseRedirect(reverse("accounts_account"))
        form.refuse(problem)
    return _page(request, "change_phone", form, masked=mask_phone(str(form.data.get("phone", ""))))


@never_cache
@citizen()
@sensitive_post_parameters("grantee_id_number")
@require_http_methods(["GET", "POST"])
def mandates(request: PortalRequest) -> HttpResponse:
    """Who may act for me, for whom I may act; giving one."""
    form = MandateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_mandate(request.actor, **form.cleaned_data)
            messages.success(request, gettext("The mandate is given. It is shown on every matter it is used for."))
            return HttpResponseRedirect(reverse("accounts_mandates"))
        except LinliError as error:
            form.refuse(error)
    given, received = queries.mandates_of(request.actor)
    return _page(
        request,
        "mandates",
        form,
        given=given,
        received=received,
        kinds=KINDS,
        today=timezone.localdate(),
        known=request.actor.party_id is not None,
    )


@citizen()
@require_POST
def revoke(request: PortalRequest, pk: UUID) -> HttpResponse:
    actions.revoke_mandate(request.actor, mandate_id=pk)
    messages.success(request, gettext("The mandate is revoked."))
    return HttpResponseRedirect(reverse("accounts_mandates"))
