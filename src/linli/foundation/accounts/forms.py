"""Forms of the sign-in and account pages. They check shape only; rules are in actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.accounts.policy import CITIZEN_KINDS
from linli.ui.engine.refusal import RefusableForm

KINDS = {
    "family": gettext_lazy("A relative"),
    "helper": gettext_lazy("Somebody who helps me"),
    "guardian": gettext_lazy("Guardian"),
    "legal": gettext_lazy("Legal representative"),
}


class PhoneForm(RefusableForm):
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )


def code_field(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True})
    return forms.CharField(label=label, max_length=20, widget=widget)


class CodeForm(RefusableForm):
    phone = forms.CharField(widget=forms.HiddenInput, max_length=30)
    code = code_field(gettext_lazy("Code from the message"))


class TailForm(RefusableForm):
    token = forms.CharField(widget=forms.HiddenInput, max_length=400)
    id_tail = forms.CharField(
        label=gettext_lazy("Last four characters of your ID number"),
        max_length=4,
        min_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class PasswordForm(RefusableForm):
    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SecondFactorForm(RefusableForm):
    token = forms.CharField(widget=forms.HiddenInput, max_length=400)
    code = code_field(gettext_lazy("Code of the app, or a recovery code"))


class ConfirmFactorForm(RefusableForm):
    code = code_field(gettext_lazy("Code that the app shows"))


class PasskeyForm(RefusableForm):
    """A device's answer, put here by the page's script."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=16_000, required=False)


class AddPasskeyForm(PasskeyForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("So that you know it again, such as: my telephone, the computer at the counter."),
    )


class ChangePasswordForm(RefusableForm):
    old = forms.CharField(
        label=gettext_lazy("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters of three kinds: small letters, capital letters, digits, other signs."),
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", gettext("The two new passwords differ."))
        return data


class PersonForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_number = forms.CharField(label=gettext_lazy("Identity number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class MandateForm(RefusableForm):
    grantee_name = forms.CharField(
        label=gettext_lazy("Name of the person who may act for me"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    grantee_id_number = forms.CharField(
        label=gettext_lazy("Identity number of that person"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Who this is"), choices=[(k, KINDS[k]) for k in CITIZEN_KINDS], widget=forms.RadioSelect, initial="family"
    )
    until = forms.DateField(
        label=gettext_lazy("Good until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Three years at most. You can take it back at any time."),
        initial=lambda: timezone.localdate() + timedelta(days=365),
    )


def _typed(label: Any, length: int, **attrs: Any) -> forms.CharField:
    """A line somebody types from a card; the browser must not offer what was typed for the one before."""
    return forms.CharField(label=label, max_length=length, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}))


class RegisterMandateForm(RefusableForm):
    """Both sides as their cards say."""

    grantor_name = _typed(gettext_lazy("Name of the person who gives the mandate"), 60, autofocus=True)
    grantor_id_number = _typed(gettext_lazy("Identity number of the one who gives the mandate"), 20)
    grantee_name = _typed(gettext_lazy("Name of the person who will act"), 60)
    grantee_id_number = _typed(gettext_lazy("Identity number of the one who will act"), 20)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of mandate"), choices=[(k, KINDS[k]) for k in CITIZEN_KINDS], widget=forms.RadioSelect, initial="family"
    )
    until = forms.DateField(
        label=gettext_lazy("Good until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate() + timedelta(days=365),
    )


class RaiseForm(PersonForm):
    """Name and number from the card, and the telephone of the account."""

    phone = _typed(gettext_lazy("Mobile number of the account"), 30)
