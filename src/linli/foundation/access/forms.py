"""Forms of the account administration. They check shape only; rules are in the actions of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.accounts.types import StaffRow
from linli.ui.engine.refusal import RefusableForm


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), initial=timezone.localdate)


class StaffForm(RefusableForm):
    """One person with one post: the columns of the staff list."""

    username = forms.CharField(label=gettext_lazy("User name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(label=gettext_lazy("Mobile number"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    unit_code = forms.CharField(label=gettext_lazy("Unit code"), max_length=40)
    post = forms.CharField(label=gettext_lazy("Post"), max_length=60)
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", gettext("Choose one")), *roles]  # type: ignore[attr-defined]

    def row(self) -> StaffRow:
        return StaffRow(1, **self.cleaned_data)


class ImportForm(RefusableForm):
    """The workbook comes with the first question and is carried, checked, to the second."""

    file = forms.FileField(
        label=gettext_lazy("Staff list (.xlsx)"),
        help_text=gettext_lazy(
            "Columns: user name, full name, mobile number, unit code, post, role code. Nothing is written before you confirm."
        ),
    )


class AbsenceForm(RefusableForm):
    deputy = forms.CharField(
        label=gettext_lazy("User name of the deputy"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    since = day_field(gettext_lazy("First day away"))
    until = day_field(gettext_lazy("Last day away"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=60, required=False)


class HandOverForm(RefusableForm):
    """``leaves`` also ends the posts and closes the account."""

    successor = forms.CharField(
        label=gettext_lazy("User name of the successor"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Takes the claimed tasks of the own office; without one they go back to the offices."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    leaves = forms.BooleanField(label=gettext_lazy("The person leaves: end the posts and close the account"), required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
