"""Who says what of one attribute of a person, why one of the values stands, and saying otherwise with a reason."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.gate import desk
from linli.lib.codes import table
from linli.registry.people import actions, queries
from linli.registry.people.engine.showing import LABELS, shown
from linli.registry.people.types import ATTRIBUTES, CODES, OVERRULED
from linli.registry.people.views.dossier import ask_why, must_say_why
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest


class OverruleForm(RefusableForm):
    value = forms.CharField(label=gettext_lazy("What is right"), max_length=160)
    reason = forms.CharField(
        label=gettext_lazy("How you know"),
        max_length=200,
        help_text=gettext_lazy("For example: seen on the spot, shown the certificate. No file overwrites the value for a year."),
    )

    def __init__(self, *args: object, attribute: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if attribute in CODES:
            choices = table(CODES[attribute]).choices()
            self.fields["value"] = forms.ChoiceField(label=self.fields["value"].label, choices=[("", gettext("Choose one")), *choices])


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.view")
def said(request: DeskRequest, pk: UUID, attribute: str) -> HttpResponse:
    """The best first, with its score; whoever may edit people may say otherwise."""
    person = queries.get_person(request.actor, pk)
    if must_say_why(request, person):
        return ask_why(request, person)
    if attribute not in ATTRIBUTES:
        raise Http404
    may = request.actor.may("people.edit") and attribute in OVERRULED
    form = OverruleForm(request.POST or None, attribute=attribute, auto_id="overrule-%s") if may else None
    status = 200
    if request.method == "POST" and form is not None:
        status = attempt(form, lambda told: actions.overrule(request.actor, person_id=pk, attribute=attribute, **told))
        if not status:
            messages.success(request, gettext("The value stands now; no file overwrites it for a year."))
            return HttpResponseRedirect(reverse("people_desk_said", args=[pk, attribute]), status=303)
    rows = [(one, shown(attribute, one.offer.value)) for one in queries.heard_of(request.actor, person, attribute)]
    context = {"person": person, "label": LABELS[attribute], "rows": rows, "form": form, "sent": form if form and form.errors else None}
    return render(request, "people/desk/said.html", context, status=status or 200)
