"""Forms of the quality pages: their shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from linli.ui.engine.refusal import RefusableForm


class WaiveForm(RefusableForm):
    reason = forms.CharField(
        label=gettext_lazy("Why it stays as it is"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CompareForm(RefusableForm):
    batch = forms.ChoiceField(
        label=gettext_lazy("Their database"),
        help_text=gettext_lazy("A file that was brought, by hand or by a connector; it need not be loaded."),
    )
    region = forms.ChoiceField(label=gettext_lazy("Region that is compared"))

    def __init__(self, *args: Any, batches: list[tuple[str, str]], regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("batch", batches), ("region", regions)):
            self.fields[name].choices = [("", gettext("Choose one")), *choices]  # type: ignore[attr-defined]
