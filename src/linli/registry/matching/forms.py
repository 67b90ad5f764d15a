"""Forms of who is who: their shape only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from linli.registry.people.engine.merging import GOES, STAYS, Question
from linli.ui.engine.refusal import RefusableForm


class DecideForm(RefusableForm):
    """``decision`` is the key of the one who stays, or "apart". A question is answered by the key of the one who is right."""

    decision = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("How you know"), max_length=200, help_text=gettext_lazy("It stays with the decision."))

    def __init__(self, *args: Any, questions: Sequence[Question], first: str, second: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._first = first
        self.fields["reason"].initial = gettext("Both rows were compared.")
        self.questions = [question.key for question in questions]
        for question in questions:
            self.fields[question.key] = forms.ChoiceField(
                label=str(question.text),
                widget=forms.RadioSelect,
                required=False,
                choices=[(first, f"1. {question.stays}"), (second, f"2. {question.goes}")],
            )

    def choices_for(self, stays: str) -> dict[str, str]:
        """The answers, seen from the one who stays."""
        told = {key: self.cleaned_data.get(key, "") for key in self.questions}
        return {key: STAYS if answer == stays else GOES for key, answer in told.items() if answer}


class OtherForm(RefusableForm):
    who = forms.CharField(
        label=gettext_lazy("Name, ID number or telephone"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class SplitForm(RefusableForm):
    reason = forms.CharField(label=gettext_lazy("How you know"), max_length=200, help_text=gettext_lazy("It stays with the decision."))
    hers = forms.MultipleChoiceField(
        label=gettext_lazy("Written since then: what is about the one given back?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, since: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if since:
            self.fields["hers"].choices = since  # type: ignore[attr-defined]
        else:
            del self.fields["hers"]


class NewForm(RefusableForm):
    """Somebody the register may not know yet."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    id_number = forms.CharField(label=gettext_lazy("ID number"), max_length=18, required=False)
    birth_date = forms.DateField(
        label=gettext_lazy("Birth date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    phone = forms.CharField(label=gettext_lazy("Telephone number"), max_length=20, required=False)
    live_address = forms.CharField(label=gettext_lazy("Address"), max_length=160, required=False)
    community = forms.ChoiceField(label=gettext_lazy("Community"))

    def __init__(self, *args: Any, communities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].choices = [("", gettext("Choose one")), *communities]  # type: ignore[attr-defined]

    def values(self) -> dict[str, str]:
        """Attribute -> text, as far as something was written."""
        told = {name: self.cleaned_data.get(name) for name in ("name", "id_number", "phone", "live_address")}
        found = {name: str(value) for name, value in told.items() if value}
        birth = self.cleaned_data.get("birth_date")
        return found | ({"birth_date": birth.isoformat()} if birth else {})
