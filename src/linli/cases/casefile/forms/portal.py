"""Forms of the residents' pages. They check shape only; rules are in actions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from linli.lib.casenumber import parse_case_number
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm, words_of


class TrackForm(RefusableForm):
    """The case number and a secret of the receipt."""

    number = forms.CharField(
        label=gettext_lazy("Case number"),
        max_length=40,
        help_text=gettext_lazy("26 digits, on the receipt and in our message"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=gettext_lazy("Query code, or the last four characters of the applicant's ID number"),
        max_length=6,
        min_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        """A mistyped number is told at once (its check digit gives it away), without counting as a guess."""
        try:
            return str(parse_case_number(self.cleaned_data["number"]))
        except LinliError as error:
            raise forms.ValidationError(words_of(error)) from error


class VerifyForm(forms.Form):
    """The code beside a paper's QR code."""

    code = forms.CharField(
        label=gettext_lazy("Code on the paper"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
