"""Forms of the export pages: their shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.privacy.engine.declared import CORRECTABLE
from linli.foundation.privacy.queries.rules import erase_rules
from linli.foundation.privacy.types import Correctable, Exportable
from linli.ui.engine.refusal import RefusableForm


class AskForm(RefusableForm):
    region = forms.ChoiceField(label=gettext_lazy("Place"))
    columns = forms.MultipleChoiceField(label=gettext_lazy("Columns"), widget=forms.CheckboxSelectMultiple)
    full = forms.ChoiceField(label=gettext_lazy("How personal data is shown"))
    form = forms.ChoiceField(label=gettext_lazy("Kind of file"), choices=[("xlsx", "Excel (xlsx)"), ("csv", "CSV")])
    purpose = forms.CharField(
        label=gettext_lazy("What for"), max_length=200, help_text=gettext_lazy("Residents whose data is in the list read this.")
    )

    def __init__(self, *args: Any, one: Exportable, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.fields["columns"].choices = [(c.code, c.title) for c in one.columns]  # type: ignore[attr-defined]
        self.fields["full"].choices = [("0", gettext("masked")), ("1", gettext("in full; somebody has to approve it"))]  # type: ignore[attr-defined]
        for code, (label, choices) in one.choices().items():
            self.fields[code] = forms.ChoiceField(label=str(label), required=False, choices=[("", gettext("All")), *choices])
        self.order_fields(["region", *one.choices(), "columns", "full", "form", "purpose"])


class RefuseForm(RefusableForm):
    reason = forms.CharField(label=gettext_lazy("Why not"), max_length=200)


class AskAboutForm(RefusableForm):
    """What a resident asks about her data; which fields it has depends on what she asks."""

    attribute = forms.ChoiceField(label=gettext_lazy("What is wrong"))
    value = forms.CharField(label=gettext_lazy("What is right"), max_length=160)
    scope = forms.MultipleChoiceField(label=gettext_lazy("What is to be erased"), widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(
        label=gettext_lazy("What we should know"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {"copy": ("text",), "correct": ("attribute", "value", "text"), "erase": ("scope", "text")}[kind]
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        if kind == "correct":
            choices = [("", gettext("Choose one")), *((code, one.title) for code, one in CORRECTABLE.items())]
            self.fields["attribute"].choices = choices  # type: ignore[attr-defined]
        if kind == "erase":
            self.fields["scope"].choices = [(rule.code, rule.name) for rule in erase_rules(erasable=True)]  # type: ignore[attr-defined]


class GrantForm(RefusableForm):
    """The yes to a request. ``value``: of a correction, what is written."""

    value = forms.CharField(label=gettext_lazy("What is written into the register"), max_length=160)
    reason = forms.CharField(label=gettext_lazy("A word to the resident"), max_length=300, required=False)

    def __init__(self, *args: Any, one: Correctable | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one is None:
            del self.fields["value"]
        elif one.choices():
            choices = [("", gettext("Choose one")), *one.choices()]
            self.fields["value"] = forms.ChoiceField(label=self.fields["value"].label, choices=choices)


class RefuseRequestForm(RefusableForm):
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=300,
        help_text=gettext_lazy("The resident reads this. Name the rule, and what she can do."),
    )
