"""The form of a layer of another office: shape only, rules are in the action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from linli.foundation.maps.models import OutsideLayer
from linli.ui.engine.refusal import RefusableForm

CYCLES = (
    (1, gettext_lazy("Every hour")),
    (24, gettext_lazy("Every day")),
    (168, gettext_lazy("Every week")),
    (744, gettext_lazy("Every month")),
)


class LayerForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Name of the layer"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    url = forms.CharField(
        label=gettext_lazy("Address of the layer"),
        max_length=500,
        help_text=gettext_lazy(
            "A collection of OGC API Features, or a file of GeoJSON, in degrees. Our server fetches it; browsers never ask there."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    every_hours = forms.TypedChoiceField(label=gettext_lazy("How often it is fetched"), choices=CYCLES, coerce=int, initial=24)
    name_field = forms.CharField(
        label=gettext_lazy("Property that names a feature"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Empty: the usual ones, name and title."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @classmethod
    def first(cls, layer: OutsideLayer) -> dict[str, Any]:
        """What the form begins with."""
        return {name: getattr(layer, name) for name in cls.base_fields}
