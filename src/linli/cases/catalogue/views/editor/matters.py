"""The list of matters, one matter with its editions, a new one, and what happens to a draft as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.catalogue import actions
from linli.cases.catalogue.engine import folder_name, to_zip
from linli.cases.catalogue.queries.editing import (
    PUBLISH,
    any_matter,
    changes_of,
    draft_version,
    edition,
    editions_of,
    gaps_of,
    get_draft,
    matter_rows,
    on_offer,
    spec_of,
)
from linli.cases.catalogue.views.editor.base import gap_url, page, said
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.ui.types import DeskRequest

MAX_UPLOAD = 2_000_000


class FilterForm(forms.Form):
    """The list's filter; sent by GET so that a filtered list has an address."""

    words = forms.CharField(label=_("Name or code"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("open", _("on offer")), ("closed", _("not on offer")), ("draft", _("with a draft"))],
    )


class NewForm(forms.Form):
    """Begins a matter."""

    use_required_attribute = False
    code = forms.RegexField(
        r"^[A-Z]{2}[0-9]{2,3}$", label=_("Code"), help_text=_("Two capital letters of the line and a number, such as MZ99.")
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    line = forms.RegexField(r"^[A-Z]{2}$", label=_("Department line"), help_text=_("Two capital letters, such as MZ."))
    copy_from = forms.ChoiceField(label=_("Copied from"), required=False)

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copy_from"].choices = [("", _("nothing")), *sources]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """Takes the zip of an exported matter."""

    use_required_attribute = False
    file = forms.FileField(label=_("Zip of one matter's folder"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(gettext("The file is larger than 2 MB."))
        return file


@require_safe
@desk("catalogue.edit")
def matter_list(request: DeskRequest) -> HttpResponse:
    """Every matter with its state, the edition in force and its draft."""
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = matter_rows(request.actor, words=chosen.get("words", "").strip(), state=chosen.get("state", ""))
    return render(request, "catalogue/editor/matters.html", {"rows": [(row, on_offer(row.matter)) for row in rows], "form": form})


@require_safe
@desk("catalogue.edit")
def matter(request: DeskRequest, code: str) -> HttpResponse:
    """One matter: whether it is on offer, its editions, its draft."""
    found = any_matter(request.actor, code)
    context = {
        "matter": found,
        "code": code,
        "on_offer": on_offer(found),
        "draft": draft_version(request.actor, code),
        "editions": editions_of(request.actor, found),
        "may_publish": request.actor.may(PUBLISH),
    }
    return render(request, "catalogue/editor/matter.html", context)


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def new(request: DeskRequest) -> HttpResponse:
    """A new matter, from nothing or copied."""
    sources = [(row.matter.code, f"{row.matter.code} {row.matter.name}") for row in matter_rows(request.actor)]
    form = NewForm(request.POST or None, sources=sources)
    if request.method == "POST" and form.is_valid():
        try:
            actions.new_matter(request.actor, **form.cleaned_data)
            return HttpResponseRedirect(reverse("catalogue_edit", args=[form.cleaned_data["code"]]))
        except LinliError as error:
            _note(form, error)
    return render(request, "catalogue/editor/new.html", {"form": form, "title": gettext("New matter")}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def import_(request: DeskRequest) -> HttpResponse:
    """A matter from a zip, as a draft."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.import_matter(request.actor, data=form.cleaned_data["file"].read())
            return HttpResponseRedirect(reverse("catalogue_edit", args=[version.matter.code]))
        except LinliError as error:
            _note(form, error)
    context = {"form": form, "title": gettext("Import a matter"), "multipart": True}
    return render(request, "catalogue/editor/new.html", context, status=422 if form.errors else 200)


def _note(form: forms.Form, error: LinliError) -> None:
    if error.status in (403, 404):
        raise error
    field = error.field if error.field in form.fields else None
    form.add_error(field, " ".join(part for part in (error.text(gettext), error.next_step(gettext)) if part))


@require_safe
@desk("catalogue.edit")
def export(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One edition (0: the draft) as the zip of its pack folder."""
    version = edition(request.actor, code, number)
    spec = spec_of(version)
    response = HttpResponse(to_zip(spec, version.papers), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{folder_name(spec)}.zip"'
    return response


@require_safe
@desk("catalogue.edit")
def edit(request: DeskRequest, code: str) -> HttpResponse:
    """The draft: what is missing, with the way to it, and what can be done with it."""
    draft = get_draft(request.actor, code)
    gaps = [(gap.field, said(gap), gap_url(code, gap)) for gap in gaps_of(draft)]
    return page(
        request, "check.html", draft, "check", {"gaps": gaps, "title": gettext("Check and publish"), "change_count": len(changes_of(draft))}
    )


@require_safe
@desk("catalogue.edit")
def diff(request: DeskRequest, code: str) -> HttpResponse:
    """What the draft changes against the edition in force."""
    draft = get_draft(request.actor, code)
    return page(request, "diff.html", draft, "diff", {"changes": changes_of(draft), "title": gettext("What changes")})


@require_POST
@desk("catalogue.edit")
def open_draft(request: DeskRequest, code: str) -> HttpResponse:
    """Begin a draft, or go on with the one there is."""
    return _done(request, lambda: actions.open_draft(request.actor, code=code), "", reverse("catalogue_edit", args=[code]))


@require_POST
@desk("catalogue.edit")
def discard(request: DeskRequest, code: str) -> HttpResponse:
    """Throw the draft away."""
    return _done(
        request, lambda: actions.discard_draft(request.actor, code=code), gettext("The draft is gone."), reverse("catalogue_editor")
    )


@require_POST
@desk("catalogue.publish")
def publish(request: DeskRequest, code: str) -> HttpResponse:
    """Make the draft the edition new cases are made under."""
    digest = str(request.POST.get("digest", ""))[:64]
    here, back = reverse("catalogue_editions", args=[code]), reverse("catalogue_edit", args=[code])
    return _done(
        request,
        lambda: actions.publish_draft(request.actor, code=code, digest=digest),
        gettext("Published. Running cases keep their edition."),
        here,
        back,
    )


@require_POST
@desk("catalogue.publish")
def change_state(request: DeskRequest, code: str) -> HttpResponse:
    """Suspend, reopen or retire."""
    here = reverse("catalogue_editions", args=[code])
    known: dict[str, tuple[Callable[..., object], str]] = {
        "suspend": (actions.suspend_matter, gettext("No new applications are taken now.")),
        "reopen": (actions.reopen_matter, gettext("The matter is on offer again.")),
        "retire": (actions.retire_matter, gettext("The matter is off the catalogue.")),
    }
    chosen = known.get(str(request.POST.get("to")))
    if chosen is None:
        return HttpResponse(gettext("There is no such state."), status=400)
    return _done(request, lambda: chosen[0](request.actor, code=code), chosen[1], here)


def _done(request: DeskRequest, act: Callable[[], object], text: str, to: str, back: str = "") -> HttpResponse:
    """Do it and go on; a refusal goes back with its reason."""
    try:
        act()
    except LinliError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, " ".join(part for part in (error.text(gettext), error.next_step(gettext)) if part))
        return HttpResponseRedirect(back or to)
    if text:
        messages.success(request, text)
    return HttpResponseRedirect(to)
