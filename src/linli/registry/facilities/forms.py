"""Forms of the pages of facilities: their shape only; rules are in the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.registry.facilities.actions.facilities import Details
from linli.registry.facilities.engine.kinds import classes, grouped, kinds
from linli.registry.facilities.engine.showing import DUTY_WORDS, STATUS_WORDS
from linli.registry.facilities.models import Facility
from linli.registry.facilities.types import IN_USE, NEXT, PLANNED
from linli.ui.engine.refusal import RefusableForm


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _text(label: Any, most: int, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _degrees(label: Any) -> forms.FloatField:
    return forms.FloatField(label=label, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))


class DetailsForm(RefusableForm):
    name = _text(gettext_lazy("Name of the facility"), 80, required=True)
    address = _text(gettext_lazy("Address"), 160)
    longitude = _degrees(gettext_lazy("Longitude in degrees (CGCS2000)"))
    latitude = _degrees(gettext_lazy("Latitude in degrees (CGCS2000)"))
    opening_hours = _text(gettext_lazy("Opening hours"), 120)
    capacity = forms.IntegerField(
        label=gettext_lazy("How many it holds"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    phone = _text(gettext_lazy("Telephone"), 30)
    addr_code = _text(gettext_lazy("Code of the building it is in"), 25)

    @classmethod
    def first(cls, facility: Facility) -> dict[str, Any]:
        """What the form begins with."""
        found = {name: getattr(facility, name) for name in cls.base_fields if name != "addr_code"}
        return found | {"addr_code": facility.premises.addr_code if facility.premises else ""}

    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in DetailsForm.base_fields})


class EnterForm(DetailsForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of facility"))
    region = forms.ChoiceField(label=gettext_lazy("Community or grid it stands in"))
    status = forms.ChoiceField(label=gettext_lazy("Status"))
    since = _day(gettext_lazy("From which day"))
    field_order = ("kind", "name", "region", "status", "since")

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext("Choose one")), *grouped()]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", gettext("Choose one")), *regions]  # type: ignore[attr-defined]
        self.fields["status"].choices = [(code, STATUS_WORDS[code][0]) for code in (IN_USE, PLANNED)]  # type: ignore[attr-defined]
        self.fields["since"].initial = timezone.localdate()


class FilterForm(forms.Form):
    region = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of facility"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    code = forms.CharField(label=gettext_lazy("Code begins with"), required=False, max_length=24)

    def __init__(self, data: Any = None, *, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        words = kinds()
        tree = [
            (label, [(code, label), *((one.code, one.label) for one in words.values() if one.code.startswith(code))])
            for code, label in classes().items()
        ]
        self.fields["region"].choices = [("", gettext("My whole area")), *regions]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", gettext("All")), *tree]  # type: ignore[attr-defined]
        self.fields["status"].choices = [("", gettext("All")), *((code, words) for code, (words, _) in STATUS_WORDS.items())]  # type: ignore[attr-defined]


class StatusForm(RefusableForm):
    status = forms.ChoiceField(label=gettext_lazy("Status"))
    on = _day(gettext_lazy("From which day"))
    note = _text(gettext_lazy("Paper or reason"), 120)

    def __init__(self, *args: Any, present: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [(code, STATUS_WORDS[code][0]) for code in NEXT[present]]  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()


class DutyForm(RefusableForm):
    duty = forms.ChoiceField(label=gettext_lazy("What it is responsible for"))
    who = _text(
        gettext_lazy("Organisation or unit"),
        80,
        required=True,
        help_text=gettext_lazy("The credit code of an organisation, or the code or full name of a unit."),
    )
    since = _day(gettext_lazy("From which day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = list(DUTY_WORDS.items())  # type: ignore[attr-defined]
        self.fields["since"].initial = timezone.localdate()


class ConfirmForm(RefusableForm):
    on = _day(gettext_lazy("Confirmed on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
