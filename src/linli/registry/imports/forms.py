"""Forms of the import pages: their shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.ui.engine.refusal import RefusableForm


class UploadForm(RefusableForm):
    layout = forms.ChoiceField(label=gettext_lazy("Whose file it is"))
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "Excel, CSV (also from old systems), JSON lines or Parquet. Nothing is written before you have seen what would happen."
        ),
    )
    as_of = forms.DateField(
        label=gettext_lazy("True of which day"),
        help_text=gettext_lazy("For rows that do not say it themselves."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    community = forms.ChoiceField(
        label=gettext_lazy("Community of rows that name none"),
        required=False,
        help_text=gettext_lazy("Only for people the register does not know yet."),
    )

    def __init__(self, *args: Any, layouts: list[tuple[str, str]], communities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].choices = [("", gettext("Choose one")), *layouts]  # type: ignore[attr-defined]
        self.fields["community"].choices = [("", gettext("None: such rows are refused")), *communities]  # type: ignore[attr-defined]
        self.fields["as_of"].initial = timezone.localdate()


class DecideForm(RefusableForm):
    """``person`` is a candidate's key, or "new"."""

    person = forms.CharField(max_length=40)
    community = forms.ChoiceField(label=gettext_lazy("Community the new person lives in"), required=False)

    def __init__(self, *args: Any, communities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].choices = [("", gettext("As the row says")), *communities]  # type: ignore[attr-defined]
