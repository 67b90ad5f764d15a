"""Forms of the region pages. They check shape only; rules are in `policy` and are asked by the actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.regions import queries
from linli.foundation.regions.engine.outlines import MOST_BYTES
from linli.foundation.regions.models import Region
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm, words_of

MOST_PARTS = 20


def _line(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.TextInput(attrs={"autocomplete": "off"}), **more)


def _day(help_text: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=gettext_lazy("From this day"), widget=widget, help_text=help_text, initial=timezone.localdate)


class OutlineForm(RefusableForm):
    """A new outline: drawn on the map, or a GeoJSON file, which counts when both are there."""

    outline = forms.CharField(
        label=gettext_lazy("Outline as GeoJSON"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("The map writes here; without it, paste a polygon. Longitude before latitude, CGCS2000."),
    )
    file = forms.FileField(label=gettext_lazy("Or a GeoJSON file"), required=False, help_text=gettext_lazy("One polygon; at most 1 MB."))
    yielding = forms.BooleanField(
        label=gettext_lazy("Neighbours give way: what the outline takes from them is cut off theirs"), required=False, initial=True
    )
    on = _day(gettext_lazy("Today, an earlier day, or a day ahead: then it is carried out on that day."))
    document = _line(gettext_lazy("Document that orders it"), 120)

    def clean(self) -> dict[str, Any]:
        """The text of the file takes the place of the field, so that the page after this one sends it again."""
        said = super().clean() or {}
        brought = said.get("file")
        if brought:
            if brought.size > MOST_BYTES:
                self.add_error("file", gettext("The file is larger than 1 MB. Simplify the outline first."))
                return said
            said["outline"] = brought.read().decode("utf-8-sig", "replace")
        if not said.get("outline", "").strip() and not self.errors:
            self.add_error("outline", gettext("Draw an outline, paste one, or choose a file."))
        return said


class ZoneForm(RefusableForm):
    """Who manages a town from a day on."""

    zone = forms.ChoiceField(label=gettext_lazy("Managed by"), required=False)
    on = _day(gettext_lazy("Today or later. Staff of the zone see the town from this day on; what was before stays as it was."))
    document = _line(gettext_lazy("Document that orders it"), 120)

    def __init__(self, *args: Any, town: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = town.parent.name if town.parent else ""
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", gettext("%(county)s alone, no zone") % {"county": county}),
            *((str(zone.id), zone.name) for zone in queries.zones()),
        ]


class OrderForm(RefusableForm):
    """What every change of a region has: the day from which it holds, and the document that orders it."""

    on = _day(gettext_lazy("Today, or an earlier day if the document was in force before it was entered here."))
    document = _line(gettext_lazy("Document that orders it"), 120)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "change-%s"} | kwargs))
        self.region = region
        self.order_fields([name for name in self.fields if name not in OrderForm.base_fields])

    def arguments(self) -> dict[str, Any]:
        """What the action takes besides day and document."""
        return {}


class RenameForm(OrderForm):
    """Another name, perhaps another code."""

    name = _line(gettext_lazy("New name"), 60)
    code = _line(gettext_lazy("Code"), 18, help_text=gettext_lazy("As it is, unless the document gives another one."))

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": region.name, "code": region.code} | (kwargs.get("initial") or {})
        super().__init__(*args, region=region, **kwargs)

    def arguments(self) -> dict[str, Any]:
        return {"region_id": self.region.id, "name": self.cleaned_data["name"], "code": self.cleaned_data["code"]}


class MoveForm(OrderForm):
    """Another parent."""

    parent_id = forms.TypedChoiceField(label=gettext_lazy("Where it lies from then on"), coerce=UUID)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, region=region, **kwargs)
        rows = queries.possible_parents(region)
        names = [(str(one.id), f"{one.parent.name} · {one.name}" if one.parent else one.name) for one in rows]
        self.fields["parent_id"].choices = [("", gettext("Choose one")), *names]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"region_id": self.region.id, "parent_id": self.cleaned_data["parent_id"]}


class MergeForm(OrderForm):
    """Neighbours that become one. Whether one of them may is the action's question, so a closed one sent again is no foreign value."""

    region_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Regions that go into another"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They are closed on the day. Do not tick the one that stays."),
    )
    into_id = forms.TypedChoiceField(label=gettext_lazy("Region that stays"), coerce=UUID)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        kwargs["initial"] = {"region_ids": [str(region.id)]} | (kwargs.get("initial") or {})
        super().__init__(*args, region=region, **kwargs)
        names = [(str(one.id), f"{one.name} ({one.code})") for one in queries.siblings(region, closed=self.is_bound)]
        self.fields["region_ids"].choices = names  # type: ignore[attr-defined]
        self.fields["into_id"].choices = [("", gettext("Choose one")), *names]  # type: ignore[attr-defined]
        if len(names) < 2:
            self.fields["into_id"].help_text = gettext("There is no other region beside this one: nothing to merge it with.")

    def arguments(self) -> dict[str, Any]:
        return {"region_ids": self.cleaned_data["region_ids"], "into_id": self.cleaned_data["into_id"]}


class SplitForm(OrderForm):
    """Code and name of each new region: ``code_1``, ``name_1`` ... A further row that is left empty is no part."""

    rows = forms.IntegerField(min_value=1, max_value=MOST_PARTS, widget=forms.HiddenInput, initial=1)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, region=region, **kwargs)
        self.count = self._asked_for()
        for number in range(1, self.count + 1):
            self.fields[f"code_{number}"] = _line(gettext_lazy("Code"), 18, required=number == 1)
            self.fields[f"name_{number}"] = _line(gettext_lazy("Name"), 60, required=number == 1)
        self.order_fields([name for name in self.fields if name not in OrderForm.base_fields])

    def _asked_for(self) -> int:
        said = str(self.data.get("rows") if self.is_bound else self.initial.get("rows", 1))
        return min(max(int(said), 1), MOST_PARTS) if said.isdecimal() else 1

    def parts(self) -> Iterator[tuple[int, forms.BoundField, forms.BoundField]]:
        """Row by row, for the page."""
        for number in range(1, self.count + 1):
            yield number, self[f"code_{number}"], self[f"name_{number}"]

    def order(self) -> list[forms.BoundField]:
        """Day and document, for the page."""
        return [self["on"], self["document"]]

    def _filled(self) -> list[tuple[int, str, str]]:
        """Rows with something in them, with their numbers on the page."""
        values = self.cleaned_data
        rows = [(n, values.get(f"code_{n}", ""), values.get(f"name_{n}", "")) for n in range(1, self.count + 1)]
        return [row for row in rows if row[1] or row[2]]

    def arguments(self) -> dict[str, Any]:
        return {"region_id": self.region.id, "parts": [(code, name) for _, code, name in self._filled()]}

    def refuse(self, error: LinliError) -> None:
        """The action counts parts, the page its rows: an empty row between two parts must not shift the sentence."""
        name, _, part = (error.field or "").partition("_")
        filled = self._filled()
        if name in ("code", "name") and part.isdecimal() and 0 < int(part) <= len(filled):
            self.add_error(f"{name}_{filled[int(part) - 1][0]}", words_of(error))
        else:
            super().refuse(error)
