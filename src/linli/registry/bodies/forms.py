"""Forms of the pages of organisations: their shape only; rules are in the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.lib.codes import table
from linli.registry.bodies.engine.showing import LABELS
from linli.registry.bodies.types import ATTRIBUTES, CODES, FLAGS
from linli.ui.engine.refusal import RefusableForm

LONG = {"scope"}
DAYS = {"established_on", "licence_until"}
NUMBERS = {"capital", "employees"}


def date_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def attribute_field(name: str) -> forms.Field:
    """One attribute as it is asked for; nothing is required but what the action asks."""
    label: Any = LABELS[name]
    if name in FLAGS:
        return forms.BooleanField(label=label, required=False)
    if name in CODES:
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *table(CODES[name]).choices()])
    if name in DAYS:
        return date_field(label, required=False)
    widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else forms.TextInput(attrs={"autocomplete": "off"})
    if name in NUMBERS:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=500, widget=widget)


class AttributesForm(RefusableForm):
    """All attributes of a body; ``said`` gives them as the text that is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: attribute_field(name) for name in ATTRIBUTES}

    def said(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in ATTRIBUTES:
            value = self.cleaned_data.get(name)
            if name in FLAGS:
                found[name] = "1" if value else ""
            else:
                found[name] = value.isoformat() if name in DAYS and value else str(value or "")
        return found


class EnterForm(AttributesForm):
    name = forms.CharField(label=LABELS["name"], max_length=100)
    region = forms.ChoiceField(label=gettext_lazy("Community or grid it lies in"))
    field_order = ("name", "kind", "uscc", "no_uscc_reason", "region")

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", gettext("Choose one")), *regions]  # type: ignore[attr-defined]
        self.fields["no_uscc_reason"].help_text = gettext("Only where there is no code: an organisation on file with the street, say.")
        self.order_fields(self.field_order)


class CorrectForm(AttributesForm):
    source = forms.ChoiceField(label=gettext_lazy("Who says so"))
    as_of = date_field(gettext_lazy("True of which day"))

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]
        self.fields["as_of"].initial = timezone.localdate()
        self.order_fields([*ATTRIBUTES, "source", "as_of"])


class SearchForm(forms.Form):
    what = forms.CharField(
        label=gettext_lazy("Name, credit code, who heads it, or telephone"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FilterForm(forms.Form):
    region = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    kind = forms.ChoiceField(label=LABELS["kind"], required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, data: Any = None, *, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        every = [("", gettext("All"))]
        self.fields["region"].choices = [("", gettext("Choose one")), *regions]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [*every, *table("body_kind").choices()]  # type: ignore[attr-defined]
        self.fields["status"].choices = [*every, *table("body_status").choices()]  # type: ignore[attr-defined]


class NameForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("New name"), max_length=100)
    since = date_field(gettext_lazy("From which day"))


class FormerNameForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Former name"), max_length=100)
    since = date_field(gettext_lazy("From which day"), required=False)
    until = date_field(gettext_lazy("Until which day"))


class StatusForm(RefusableForm):
    status = forms.ChoiceField(label=gettext_lazy("Status"))
    on = date_field(gettext_lazy("From which day"))
    note = forms.CharField(label=gettext_lazy("Paper or reason"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = table("body_status").choices()  # type: ignore[attr-defined]


class JoinForm(RefusableForm):
    into = forms.CharField(
        label=gettext_lazy("Credit code of the organisation that stays"),
        max_length=18,
        help_text=gettext_lazy("Or the platform's own code. This organisation is deregistered; its name stays among the predecessors."),
    )
    on = date_field(gettext_lazy("From which day"))
    document = forms.CharField(label=gettext_lazy("Document that says so"), max_length=120)


class RoleForm(RefusableForm):
    role = forms.ChoiceField(label=gettext_lazy("Role in the organisation"))
    id_number = forms.CharField(
        label=gettext_lazy("ID number of the person"),
        required=False,
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Somebody of your area is then linked. Of others the name is kept."),
    )
    name = forms.CharField(label=gettext_lazy("Full name"), required=False, max_length=60)
    share = forms.DecimalField(label=gettext_lazy("Share in percent"), required=False, max_digits=5, decimal_places=2)
    since = date_field(gettext_lazy("From which day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = table("body_role").choices()  # type: ignore[attr-defined]


class EndForm(RefusableForm):
    until = date_field(gettext_lazy("Until which day"))
