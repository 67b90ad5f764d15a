"""Forms of the rating page and of the call-back. They check shape only; rules are in actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from linli.cases.evaluation.engine import levels, tags
from linli.cases.evaluation.models import Evaluation
from linli.ui.engine.refusal import RefusableForm

VERDICTS = {
    "valid": gettext_lazy("The complaint is right: something has to be put right"),
    "invalid": gettext_lazy("A mistake: the resident meant something else"),
    "no_basis": gettext_lazy("Nobody owes what is asked for; explained to the resident"),
}


class RateForm(RefusableForm):
    """Five answers without a default, what it was about, a few words."""

    score = forms.TypedChoiceField(label=gettext_lazy("How satisfied are you?"), coerce=int, widget=forms.RadioSelect)
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("What was it about?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("If you are dissatisfied, choose at least one."),
    )
    comment = forms.CharField(
        label=gettext_lazy("In your own words"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, only: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["score"].choices = [(one.value, one.label) for one in levels()]  # type: ignore[attr-defined]
        self.fields["tags"].choices = [(tag.code, f"{tag.good} / {tag.bad}") for tag in tags(only)]  # type: ignore[attr-defined]


class CallBackForm(RefusableForm):
    """What the call found."""

    verdict = forms.ChoiceField(label=gettext_lazy("What the call found"), choices=list(VERDICTS.items()), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("What was said"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class RectifiedForm(RefusableForm):
    """What was put right."""

    note = forms.CharField(
        label=gettext_lazy("What was put right, and how the resident was told"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


def initial_of(rating: Evaluation | None) -> dict[str, Any]:
    """A rating that may be changed starts from what it said; a new one starts empty."""
    return {"score": rating.score, "tags": rating.tags, "comment": rating.comment} if rating else {}
