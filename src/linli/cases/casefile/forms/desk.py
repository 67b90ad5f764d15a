"""Forms of the workbench. They check shape only; rules are in actions, whose refusals are shown beside the field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.cases.casefile.models import Material
from linli.cases.catalogue.types import MatterSpec
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm, words_of

_AREA = {"rows": 3}
Choices = Sequence[tuple[str, Any]]


def day_input(**attrs: str) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class StepForm(RefusableForm):
    """A form of one step."""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What somebody wrote in free text, to be shown again when the step has gone meanwhile."""
        pairs = (
            (field.label, self.data.get(name, ""))
            for name, field in self.fields.items()
            if isinstance(field.widget, (forms.Textarea, forms.TextInput))
        )
        return [(str(label), text) for label, text in pairs if text]


class KeptForm(StepForm):
    """Nothing to fill in: keeps the free text of a form whose step is gone, so that it can be copied."""

    @property
    def typed(self) -> list[tuple[str, str]]:
        words = {
            "opinion": gettext("Opinion"),
            "reason": gettext("Reason"),
            "note": gettext("Note"),
            "items": gettext("Further things to correct"),
        }
        return [(label, self.data[name]) for name, label in words.items() if self.data.get(name)]


class AcceptForm(StepForm):
    """A tick for each missing paper that was seen, or the day until which it may follow (tolerance only where the matter allows it)."""

    def __init__(self, data: Any = None, *, missing: Iterable[Material] = (), spec: MatterSpec, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        materials = {m.key: m for m in spec.materials}
        self.keys: list[str] = []
        today = timezone.localdate()
        for row in missing:
            self.keys.append(row.key)
            self.fields[f"seen-{row.key}"] = forms.BooleanField(label=gettext("Seen: %(name)s") % {"name": row.name}, required=False)
            known = materials.get(row.key)
            if known is not None and known.tolerate_days:
                last = today + timedelta(days=known.tolerate_days)
                self.fields[f"promise-{row.key}"] = forms.DateField(
                    label=gettext("or promised by"),
                    required=False,
                    widget=day_input(min=today.isoformat(), max=last.isoformat()),
                    help_text=gettext("At the latest %(last)s.") % {"last": last.isoformat()},
                )

    def promises(self) -> dict[str, str]:
        """What `accept_case` takes: "shown", or the ISO day."""
        found = {}
        for key in self.keys:
            day: date | None = self.cleaned_data.get(f"promise-{key}")
            if self.cleaned_data.get(f"seen-{key}"):
                found[key] = "shown"
            elif day:
                found[key] = day.isoformat()
        return found

    def refuse(self, error: LinliError) -> None:
        name = error.field or ""
        if name.startswith("promise-") and name not in self.fields:  # this paper may not follow later: the message goes to its tick
            tick = name.replace("promise-", "seen-")
            self.add_error(tick if tick in self.fields else None, words_of(error))
        else:
            super().refuse(error)


class RefuseForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs=_AREA),
        max_length=1000,
        help_text=gettext_lazy("In words the applicant understands; it is printed on the notice."),
    )
    turn_to = forms.CharField(label=gettext_lazy("Where to turn instead"), max_length=200, required=False)


class CorrectForm(StepForm):
    """Everything that is missing or wrong, at once: ticked materials and further lines."""

    materials = forms.MultipleChoiceField(
        label=gettext_lazy("Papers to hand in (again)"), required=False, widget=forms.CheckboxSelectMultiple
    )
    items = forms.CharField(
        label=gettext_lazy("Further things to correct"),
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        max_length=2000,
        help_text=gettext_lazy("One a line. Name everything now: a second notice needs a new finding and is noted by supervision."),
    )
    note = forms.CharField(label=gettext_lazy("Note to the applicant"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, names: Iterable[str] = (), again: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(name, name) for name in names]
        if choices:
            self.fields["materials"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["materials"]
        if again:
            self.fields["why_again"] = forms.CharField(label=gettext("What has newly come to light"), required=False, max_length=300)

    def wanted(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip()]
        return [*self.cleaned_data.get("materials", []), *lines]


class CompleteForm(StepForm):
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    opinion = forms.CharField(
        label=gettext_lazy("Opinion"),
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        max_length=2000,
        help_text=gettext_lazy("Needed when you do not agree."),
    )

    def __init__(self, data: Any = None, *, outcomes: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["outcome"]
        field.choices = list(outcomes)  # type: ignore[attr-defined]
        if len(outcomes) == 1:
            field.initial = outcomes[0][0]


class ReturnForm(StepForm):
    step_id = forms.ChoiceField(label=gettext_lazy("Back to"))
    reason = forms.CharField(label=gettext_lazy("What has to be done again"), widget=forms.Textarea(attrs=_AREA), max_length=1000)

    def __init__(self, data: Any = None, *, steps: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["step_id"].choices = list(steps)  # type: ignore[attr-defined]


class TransferForm(StepForm):
    user_id = forms.TypedChoiceField(label=gettext_lazy("To a colleague"), required=False, coerce=str)
    unit_id = forms.TypedChoiceField(label=gettext_lazy("or to an office"), required=False, coerce=str)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, data: Any = None, *, people: Choices, units: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["user_id"].choices = [("", gettext("Choose one")), *people]  # type: ignore[attr-defined]
        self.fields["unit_id"].choices = [("", gettext("Choose one")), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("user_id")) == bool(values.get("unit_id")) and not self.errors:
            self.add_error("user_id", gettext("Choose either a colleague or an office."))
        return values


class SignerForm(StepForm):
    user_id = forms.TypedChoiceField(label=gettext_lazy("Who is asked to sign"), coerce=str)

    def __init__(self, data: Any = None, *, people: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["user_id"].choices = [("", gettext("Choose one")), *people]  # type: ignore[attr-defined]


class SignForm(StepForm):
    opinion = forms.CharField(label=gettext_lazy("Opinion"), required=False, widget=forms.Textarea(attrs=_AREA), max_length=1000)


class SuspendForm(StepForm):
    procedure = forms.ChoiceField(label=gettext_lazy("Special procedure"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, procedures: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["procedure"].choices = list(procedures)  # type: ignore[attr-defined]


class NoteForm(StepForm):
    """Urging: a word to the office, if one wants."""

    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)


class WithdrawForm(StepForm):
    reason = forms.CharField(label=gettext_lazy("Reason the applicant gave"), required=False, max_length=300)


class RevealForm(StepForm):
    """Full display of personal data asks for what, and is on the trail."""

    purpose = forms.CharField(
        label=gettext_lazy("What do you need the full data for?"),
        min_length=4,
        max_length=200,
        help_text=gettext_lazy("This is recorded with your name; the resident can see who looked."),
    )


class InboxFilter(forms.Form):
    """Filters of the inbox; sent by GET so that a filtered list has an address."""

    matter = forms.ChoiceField(label=gettext_lazy("Matter"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Step"), required=False)
    overdue = forms.ChoiceField(
        label=gettext_lazy("Due"), required=False, choices=[("", gettext_lazy("All")), ("1", gettext_lazy("Overdue"))]
    )
    text = forms.CharField(label=gettext_lazy("Number or name"), required=False, max_length=60)

    def __init__(self, data: Any = None, *, matters: Choices, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["matter"].choices = [("", gettext("All")), *matters]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", gettext("All")), *kinds]  # type: ignore[attr-defined]


class VisitorForm(StepForm):
    """Who stands at the counter: an ID number (typed, or sent by the reader with Enter), or a name."""

    who = forms.CharField(
        label=gettext_lazy("ID number or name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false", "data-hotkey": "Alt+v"}),
    )
    street = forms.ChoiceField(label=gettext_lazy("Street (to narrow a name)"), required=False)

    def __init__(self, data: Any = None, *, streets: Choices = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["street"].choices = [("", gettext("My whole area")), *streets]  # type: ignore[attr-defined]


class NewPersonForm(StepForm):
    """Somebody whom the register does not know yet."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    id_number = forms.CharField(
        label=gettext_lazy("ID number"), max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    region = forms.ChoiceField(label=gettext_lazy("Community"))
    live_address = forms.CharField(label=gettext_lazy("Address"), max_length=160, required=False)

    def __init__(self, data: Any = None, *, regions: Choices = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["region"].choices = list(regions)  # type: ignore[attr-defined]
