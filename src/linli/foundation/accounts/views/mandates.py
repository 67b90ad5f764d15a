"""At a service counter, with the paper on the table: guardians of minors and of adults, legal representatives of organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.accounts import actions, queries
from linli.foundation.accounts.forms import _typed
from linli.foundation.accounts.models import Mandate
from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.foundation.types import Level
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm, words_of
from linli.ui.types import DeskRequest

ROWS = 30


def _paper(label: Any) -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"})
    return forms.FileField(label=label, widget=widget, help_text=gettext_lazy("A photo, a scan or a PDF; every page readable."))


def _until(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class PaperForm(RefusableForm):
    """A refusal of the stored file stands beside the paper's field."""

    def refuse(self, error: LinliError) -> None:
        if error.field == "file":
            self.add_error("paper", words_of(error))
            return
        super().refuse(error)


class GuardianForm(PaperForm):
    """The ward, the guardian, and what proves it."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Who needs a guardian"),
        choices=[("minor", gettext_lazy("A minor")), ("incapable", gettext_lazy("An adult without full capacity, by a court's decision"))],
        widget=forms.RadioSelect,
        initial="minor",
    )
    ward_name = _typed(gettext_lazy("Name of the person who is represented"), 60, autofocus=True)
    ward_id_number = _typed(gettext_lazy("Identity number of the person who is represented"), 20)
    guardian_name = _typed(gettext_lazy("Name of the guardian"), 60)
    guardian_id_number = _typed(gettext_lazy("Identity number of the guardian"), 20)
    document = forms.CharField(
        label=gettext_lazy("Number of the paper"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Birth certificate or household register for a minor; the court's decision for an adult (required)."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paper = _paper(gettext_lazy("Photo or scan of the paper"))
    until = _until(
        gettext_lazy("Good until"),
        required=False,
        help_text=gettext_lazy("For an adult, three years at most. A minor's guardianship ends by itself with the eighteenth birthday."),
    )


class RepresentativeForm(PaperForm):
    """The organisation as on its licence, and who represents it."""

    body_name = _typed(gettext_lazy("Name of the organisation"), 60, autofocus=True)
    body_code = _typed(gettext_lazy("Unified social credit code"), 18)
    region = forms.ChoiceField(label=gettext_lazy("Community where it is seated"))
    representative_name = _typed(gettext_lazy("Name of the legal representative"), 60)
    representative_id_number = _typed(gettext_lazy("Identity number of the legal representative"), 20)
    document = forms.CharField(
        label=gettext_lazy("Number of the licence"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    paper = _paper(gettext_lazy("Photo or scan of the licence"))
    until = _until(gettext_lazy("Good until"), help_text=gettext_lazy("Three years at most, or as long as the licence."))

    def __init__(self, *args: Any, request: DeskRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = in_ranges(request.actor.ranges, "community")[:600]
        self.fields["region"].choices = [("", gettext("Choose one")), *((str(r.pk), r.name) for r in places)]  # type: ignore[attr-defined]
        self.fields["until"].initial = timezone.localdate() + timedelta(days=365)


class EndForm(RefusableForm):
    """Why it is over."""

    reason = _typed(gettext_lazy("Which paper ends it"), 200)


def _register(request: DeskRequest, form: PaperForm, lead: str, title: str, run: Callable[[dict[str, Any]], Mandate]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            mandate = run(form.cleaned_data)
        except LinliError as error:
            form.refuse(error)
        else:
            said = gettext("Registered until %(day)s; both sides are told.") % {"day": f"{mandate.until:%Y-%m-%d}"}
            messages.success(request, said)
            return HttpResponseRedirect(reverse("accounts_desk_mandates"), status=303)
    context = {"form": form, "title": title, "lead": lead}
    return render(request, "accounts/desk/mandate_paper.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("ward_id_number", "guardian_id_number")
@require_http_methods(["GET", "POST"])
@desk("mandates.register")
def guardian(request: DeskRequest) -> HttpResponse:
    """Register a guardian. The ward lives in the clerk's area."""
    form = GuardianForm(request.POST or None, request.FILES or None, auto_id="guardian-%s")
    lead = gettext("Compare both cards, and the paper with both. The guardian acts in every matter, and every case shows it.")
    return _register(request, form, lead, gettext("Register a guardian"), lambda values: actions.register_guardian(request.actor, **values))


@never_cache
@sensitive_post_parameters("representative_id_number")
@require_http_methods(["GET", "POST"])
@desk("mandates.register")
def representative(request: DeskRequest) -> HttpResponse:
    """Register the legal representative of an organisation seated in the clerk's area."""
    form = RepresentativeForm(request.POST or None, request.FILES or None, request=request, auto_id="body-%s")

    def run(values: dict[str, Any]) -> Mandate:
        region = UUID(values.pop("region"))
        return actions.register_representative(request.actor, region_id=region, **values)

    lead = gettext("Compare the card with the name on the licence.")
    return _register(request, form, lead, gettext("Register a legal representative"), run)


@never_cache
@require_GET
@desk("mandates.register")
def mandate_list(request: DeskRequest) -> HttpResponse:
    """Guardians and legal representatives of the area."""
    return _show(request)


def _show(request: DeskRequest, sent: EndForm | None = None, about: UUID | None = None) -> HttpResponse:
    text, today = request.GET.get("q", "").strip()[:40], timezone.localdate()
    page = Paginator(queries.mandates_with_papers(request.actor, text), ROWS).get_page(request.GET.get("page"))
    rows = [(m, m.revoked_at is None and m.until >= today, _opens(request, m)) for m in page]
    context = {"page": page, "rows": rows, "q": text, "sent": sent, "about": about}
    return render(request, "accounts/desk/mandates.html", context, status=422 if sent is not None else 200)


def _opens(request: DeskRequest, mandate: Mandate) -> bool:
    """Whether the post is high enough to open the paper; a minor's or ward's is sensitive."""
    level = Level.SENSITIVE if mandate.kind == "guardian" else Level.PERSONAL
    return mandate.evidence_file is not None and request.actor.sees(mandate.region_path, level=level)


@require_POST
@desk("mandates.register")
def end(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A guardianship or representation is over."""
    queries.get_mandate(request.actor, pk)
    form = EndForm(request.POST, auto_id=f"end-{pk}-%s")
    if form.is_valid():
        try:
            actions.end_mandate(request.actor, mandate_id=pk, reason=form.cleaned_data["reason"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("It is ended; both sides are told."))
            return HttpResponseRedirect(reverse("accounts_desk_mandates"), status=303)
    return _show(request, form, pk)
