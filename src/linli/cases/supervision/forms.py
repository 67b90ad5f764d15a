"""Forms of the card page. Rules are in actions; their refusals are shown beside the field."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from linli.ui.engine.refusal import RefusableForm


class ReplyForm(RefusableForm):
    reply = forms.CharField(
        label=gettext_lazy("What happened and what will be done"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class AppealForm(RefusableForm):
    ground = forms.CharField(label=gettext_lazy("Why the card is wrong"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class SettleForm(RefusableForm):
    cancel = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        choices=[("0", gettext_lazy("The answer is enough: close the card")), ("1", gettext_lazy("The appeal is right: cancel the card"))],
        initial="0",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)


class CardFilter(forms.Form):
    colour = forms.ChoiceField(
        label=gettext_lazy("Colour"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("red", gettext_lazy("Red card")),
            ("yellow", gettext_lazy("Yellow card")),
            ("blue", gettext_lazy("Blue reminder")),
        ],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("issued", gettext_lazy("Issued")),
            ("replied", gettext_lazy("Answered")),
            ("appealed", gettext_lazy("Appealed")),
            ("closed", gettext_lazy("Closed")),
            ("cancelled", gettext_lazy("Cancelled")),
        ],
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("Rule"), required=False, choices=[("", gettext_lazy("All")), *[(f"R{n:02d}", f"R{n:02d}") for n in range(1, 15)]]
    )
