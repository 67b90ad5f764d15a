"""Forms of the exchange pages: their shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from linli.ui.engine.refusal import RefusableForm

_AREA = {"rows": 3}


class AskForm(RefusableForm):
    """An application in the name of an office."""

    office = forms.CharField(label=gettext_lazy("Office that wants the data"), max_length=60)
    recipient_id = forms.ChoiceField(
        label=gettext_lazy("Its program"),
        help_text=gettext_lazy("Programs are registered by the administrator of accounts; each has a secret of its own."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    reason = forms.CharField(label=gettext_lazy("What it is needed for"), max_length=300, widget=forms.Textarea(attrs=_AREA))
    legal_basis = forms.CharField(label=gettext_lazy("Legal basis of the use"), max_length=200)
    fields_ = forms.MultipleChoiceField(
        label=gettext_lazy("Items"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("No more than the purpose needs. Items of level 4 need the approval of two people."),
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"))
    until = forms.DateField(label=gettext_lazy("Used until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(
        self,
        *args: Any,
        programs: list[tuple[str, str]],
        purposes: list[tuple[str, str]],
        items: list[tuple[str, str]],
        regions: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        none = ("", gettext("Choose one"))
        chosen = {"recipient_id": [none, *programs], "purpose": [none, *purposes], "fields_": items, "region": [none, *regions]}
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class DecideForm(RefusableForm):
    """A step with a reason."""

    decision = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs=_AREA))


class EndpointForm(RefusableForm):
    url = forms.CharField(
        label=gettext_lazy("Address that is told"),
        max_length=300,
        help_text=gettext_lazy(
            "Begins with https. It is told which records changed, never what they say: the program fetches that itself."
        ),
    )
