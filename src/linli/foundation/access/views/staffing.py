"""Staff come, are away and go: accounts entered one by one or from a list, absences with a deputy, tasks handed over, locks lifted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.access import queries
from linli.foundation.access.forms import AbsenceForm, HandOverForm, ImportForm, StaffForm
from linli.foundation.accounts import actions
from linli.foundation.accounts.types import ImportResult, Verdict
from linli.foundation.gate import desk
from linli.lib.errors import Invalid, LinliError
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest

SALT = "access.staff-list"
LARGEST = 1024 * 1024
MINUTES_TO_CONFIRM = 30
TONES = {Verdict.CREATED: "success", Verdict.ADDED_POST: "success", Verdict.UNCHANGED: "secondary", Verdict.WRONG: "danger"}


def _verdict_words(verdict: Verdict) -> str:
    words = {
        Verdict.CREATED: gettext("new account"),
        Verdict.ADDED_POST: gettext("further post"),
        Verdict.UNCHANGED: gettext("nothing new"),
        Verdict.WRONG: gettext("wrong"),
    }
    return words[verdict]


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.accounts")
def new_staff(request: DeskRequest) -> HttpResponse:
    """One person; the first password is shown once."""
    roles = [(code, role.name) for code, role in sorted(queries.roles().items())]
    form = StaffForm(request.POST or None, roles=roles, auto_id="staff-%s")
    password = ""
    if request.method == "POST" and form.is_valid():
        try:
            taken = actions.create_staff(request.actor, row=form.row())
        except LinliError as error:
            form.refuse(error)
        else:
            password = taken.first_password
            messages.success(request, f"{taken.row.name}: {_verdict_words(taken.verdict)}")
            messages.info(request, gettext("The post opens nothing before the security administrator grants it."))
            form = StaffForm(roles=roles, auto_id="staff-%s")
    return render(request, "access/desk/staff_new.html", {"form": form, "password": password}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.accounts")
def staff_list(request: DeskRequest) -> HttpResponse:
    """A staff list: first every row's verdict, then - when none is wrong and somebody confirms - all of it."""
    form = ImportForm(request.POST or None, request.FILES or None, auto_id="list-%s")
    checked, result = request.POST.get("checked", ""), None
    try:
        if checked:
            result = actions.import_staff(request.actor, workbook=_carried(checked), translate=gettext)
            form, checked = ImportForm(auto_id="list-%s"), ""
            if result.imported:
                messages.success(
                    request, gettext("The list is taken over. The posts open nothing before the security administrator grants them.")
                )
        elif request.method == "POST" and form.is_valid():
            data = form.cleaned_data["file"].read(LARGEST + 1)
            if len(data) > LARGEST:
                raise Invalid("SHEET_TOO_LONG", gettext("The workbook is larger than 1 MB."), field="file")
            result = actions.import_staff(request.actor, workbook=data, translate=gettext, only_check=True)
            checked = "" if result.wrong or not result.rows else signing.dumps(base64.b64encode(data).decode(), salt=SALT, compress=True)
    except LinliError as error:
        form.is_valid()
        form.refuse(error)
    context = {"form": form, "result": result, "rows": _rows(result), "checked": checked}
    wrong = bool(form.is_bound and form.errors) or bool(result and result.wrong)
    return render(request, "access/desk/staff_list.html", context, status=422 if wrong else 200)


def _carried(checked: str) -> bytes:
    """The workbook that was checked before; nobody can have changed it on the way."""
    try:
        return base64.b64decode(signing.loads(checked, salt=SALT, max_age=MINUTES_TO_CONFIRM * 60), validate=True)
    except (signing.BadSignature, binascii.Error, ValueError) as error:
        raise Invalid("LIST_AGAIN", gettext("This took too long. Choose the file again."), field="file") from error


def _rows(result: ImportResult | None) -> list[dict[str, object]]:
    return [
        {
            "number": one.row.number,
            "username": one.row.username,
            "name": one.row.name,
            "post": f"{one.row.unit_code} {one.row.post}",
            "verdict": _verdict_words(one.verdict),
            "tone": TONES[one.verdict],
            "reasons": [reason.text(gettext) for reason in one.reasons],
            "password": one.first_password,
        }
        for one in (result.rows if result else ())
    ]


def _colleague(username: str, field: str) -> UUID:
    user = queries.staff().filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise Invalid("COLLEAGUE_UNKNOWN", gettext("There is no account of this user name."), field=field)
    return user.pk


def _ask(request: DeskRequest, pk: UUID, title: str, form: RefusableForm, run: Callable[[], str]) -> HttpResponse:
    user = queries.get_staff(pk)
    if request.method == "POST" and form.is_valid():
        try:
            said = run()
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("access_desk_account", args=[pk]), status=303)
    return render(
        request, "access/desk/staff_ask.html", {"account": user, "title": title, "form": form}, status=422 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.accounts")
def absence(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Days away, and who stands in."""
    form = AbsenceForm(request.POST or None, auto_id="away-%s")

    def run() -> str:
        values = form.cleaned_data
        deputy = _colleague(values["deputy"], "deputy")
        actions.set_absence(
            request.actor, user_id=pk, deputy_id=deputy, since=values["since"], until=values["until"], reason=values["reason"]
        )
        return gettext("The deputy stands in for these days.")

    return _ask(request, pk, gettext("Absence"), form, run)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.accounts")
def hand_over(request: DeskRequest, pk: UUID) -> HttpResponse:
    """All claimed tasks at once: to a successor, or back to the offices; with the end of the account when the person leaves."""
    form = HandOverForm(request.POST or None, auto_id="over-%s")

    def run() -> str:
        values = form.cleaned_data
        to = _colleague(values["successor"], "successor") if values["successor"] else None
        if values["leaves"]:
            moved = actions.leave(request.actor, user_id=pk, successor_id=to, reason=values["reason"])
        else:
            moved = actions.move_tasks(request.actor, from_user=pk, to_user=to, reason=values["reason"])
        return gettext("%(count)s tasks changed hands.") % {"count": moved}

    return _ask(request, pk, gettext("Hand over the tasks"), form, run)


@require_POST
@desk("admin.accounts")
def unlock(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Lift a lock."""
    queries.get_staff(pk)
    try:
        actions.unlock(request.actor, user_id=pk)
    except LinliError as error:
        messages.error(request, error.text(gettext))
    else:
        messages.success(request, gettext("The account is unlocked."))
    return HttpResponseRedirect(reverse("access_desk_account", args=[pk]), status=303)
