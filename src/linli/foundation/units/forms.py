"""Forms of the unit pages. They check shape only; rules are in actions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.regions.queries import by_code as region_by_code
from linli.foundation.units import queries
from linli.foundation.units.models import Unit
from linli.lib.errors import Invalid, LinliError
from linli.ui.engine.refusal import RefusableForm


def _line(label: Any, length: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=length, required=required, help_text=help_text, widget=widget)


class ChangeForm(RefusableForm):
    """Name and how residents reach it."""

    name = _line(gettext_lazy("Name"), 80)
    short = _line(gettext_lazy("Short name"), 40, required=False)
    phone = _line(gettext_lazy("Telephone"), 40, required=False)
    address = _line(gettext_lazy("Address"), 120, required=False)
    office_hours = _line(gettext_lazy("Office hours"), 120, required=False)

    @classmethod
    def of(cls, unit: Unit) -> ChangeForm:
        return cls(initial={name: getattr(unit, name) for name in cls.base_fields}, auto_id="change-%s")

    @property
    def reach(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in ("phone", "address", "office_hours")}


class NewUnitForm(ChangeForm):
    """A unit that does not exist yet."""

    code = _line(gettext_lazy("Unit code"), 39, help_text=gettext_lazy("Capital letters, digits and dashes; it never changes."))
    region = _line(
        gettext_lazy("Code of the region it serves"),
        12,
        help_text=gettext_lazy("Twelve digits, from Regions and zones. Staff of the unit see this region and nothing else."),
    )
    line = _line(gettext_lazy("Line"), 8, required=False, help_text=gettext_lazy("Such as MZ for civil affairs; empty for every line."))
    parent = _line(gettext_lazy("Code of the unit it belongs to"), 39, required=False)
    field_order = ("code", "name", "short", "region", "line", "parent")

    def keys(self) -> tuple[UUID, UUID | None]:
        """Region and parent by their codes; `LinliError` with the field otherwise."""
        try:
            region = region_by_code(self.cleaned_data["region"].strip())
        except LinliError as error:
            raise Invalid("UNIT_REGION", error.message, field="region") from error
        return region.id, unit_key(self.cleaned_data["parent"], "parent")


class MoveForm(RefusableForm):
    """Another place in the order of offices."""

    parent = _line(
        gettext_lazy("Code of the unit it belongs to"), 39, required=False, help_text=gettext_lazy("Empty: it stands by itself.")
    )


class HandOverForm(RefusableForm):
    """The office that takes over what waits."""

    to = _line(gettext_lazy("Code of the unit that takes over"), 39)


class PostForm(RefusableForm):
    """A further post."""

    title = _line(gettext_lazy("Title of the post"), 60)
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    everything = forms.BooleanField(label=gettext_lazy("Sees every line of the region, not only the unit's own"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(queries.role_names().items(), key=lambda item: item[1])
        self.fields["role"].choices = [("", gettext("Choose one")), *names]  # type: ignore[attr-defined]


def unit_key(code: str, field: str) -> UUID | None:
    """The id behind a unit's code; None for none; `Invalid` for an unknown one."""
    if not code.strip():
        return None
    unit = queries.open_unit(code)
    if unit is None:
        raise Invalid(
            "UNIT_UNKNOWN", gettext("There is no unit of this code."), field=field, hint=gettext("Look it up under Units and posts.")
        )
    return unit.id
