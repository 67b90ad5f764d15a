"""Forms of life events; what is asked follows from the household. Rules are in the actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.lib.codes import table
from linli.registry.households.engine import GUARDIAN
from linli.registry.households.models import Membership
from linli.registry.sources.queries import sources
from linli.registry.sources.types import COLLECTED
from linli.ui.engine.refusal import RefusableForm


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}))


def _relations(*, needed: str = "") -> list[tuple[str, str]]:
    return [
        ("", needed or gettext("Choose one")),
        *((code, label) for code, label in table("kinship").choices() if code not in ("01", "02")),
    ]


class Members(RefusableForm):
    """Choices among the members of a household."""

    def __init__(self, *args: Any, members: Sequence[Membership] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(m.person_id), m.person.name) for m in members]
        for name, empty in (
            ("new_head_id", gettext("Not needed")),
            ("head_id", gettext("Choose one")),
            ("person_id", gettext("Choose one")),
        ):
            if name in self.fields:
                self.fields[name].choices = [("", empty), *people]  # type: ignore[attr-defined]
        if "member_ids" in self.fields:
            self.fields["member_ids"].choices = people  # type: ignore[attr-defined]


class MoveForm(Members):
    home = forms.CharField(
        label=gettext_lazy("New home"), max_length=160, help_text=gettext_lazy("Address or address code; a home of your area.")
    )
    on = _day(gettext_lazy("Moved on"))
    new_head_id = forms.ChoiceField(label=gettext_lazy("Who heads those who stay"), required=False)


class MoveOutForm(Members):
    to = forms.CharField(label=gettext_lazy("Where to"), max_length=160)
    on = _day(gettext_lazy("Moved on"))
    new_head_id = forms.ChoiceField(label=gettext_lazy("Who heads those who stay"), required=False)


class BirthForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Name of the child"), max_length=60)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"))
    on = _day(gettext_lazy("Born on"))
    relation = forms.ChoiceField(label=gettext_lazy("What the child is to the head of the household"))
    id_number = forms.CharField(label=gettext_lazy("ID number"), max_length=18, required=False)
    missing = forms.CharField(
        label=gettext_lazy("Why there is none yet"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The community is reminded after 30 days."),
    )
    father_name = forms.CharField(label=gettext_lazy("Name of the father"), max_length=60, required=False)
    father_number = forms.CharField(
        label=gettext_lazy("ID number of the father"),
        max_length=18,
        required=False,
        help_text=gettext_lazy("As the certificate of birth names him; empty when it names nobody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, label) for code, label in table("sex").choices() if code in ("1", "2")]
        self.fields["sex"].choices = [("", gettext("Choose one")), *known]  # type: ignore[attr-defined]
        self.fields["relation"].choices = _relations()  # type: ignore[attr-defined]


class SpouseForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Name of the spouse"), max_length=60)
    id_number = forms.CharField(label=gettext_lazy("ID number of the spouse"), max_length=18)


class MarriageForm(SpouseForm):
    on = _day(gettext_lazy("Married on"))
    joins = forms.ChoiceField(
        label=gettext_lazy("Household"),
        required=False,
        choices=[
            ("", gettext_lazy("Both stay where they are")),
            ("here", gettext_lazy("The spouse joins this household")),
            ("there", gettext_lazy("This person joins the household of the spouse")),
        ],
    )
    relation = forms.ChoiceField(label=gettext_lazy("What who joins is to the head"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = _relations(needed=gettext("Not needed"))  # type: ignore[attr-defined]


class DivorceForm(SpouseForm):
    on = _day(gettext_lazy("Divorced on"))


class MoveInForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    id_number = forms.CharField(label=gettext_lazy("ID number"), max_length=18)
    on = _day(gettext_lazy("Moved on"))
    came_from = forms.CharField(label=gettext_lazy("Where from"), max_length=160, required=False)
    registered = forms.BooleanField(label=gettext_lazy("The registration moves here too"), required=False)


class FoundForm(RefusableForm):
    on = _day(gettext_lazy("Since"))


class SplitForm(Members):
    member_ids = forms.MultipleChoiceField(label=gettext_lazy("Who leaves"), widget=forms.CheckboxSelectMultiple)
    head_id = forms.ChoiceField(label=gettext_lazy("Head of the new household"))
    on = _day(gettext_lazy("Since"))
    new_head_id = forms.ChoiceField(label=gettext_lazy("Who heads those who stay"), required=False)


class HeadForm(Members):
    person_id = forms.ChoiceField(label=gettext_lazy("New head"))


class MoveHouseholdForm(RefusableForm):
    home = forms.CharField(
        label=gettext_lazy("New home"), max_length=160, help_text=gettext_lazy("Address or address code; a home of your area.")
    )
    on = _day(gettext_lazy("Moved on"))


class JoinForm(RefusableForm):
    into = forms.CharField(label=gettext_lazy("Number of the household they join"), max_length=20)
    on = _day(gettext_lazy("Since"))

    def __init__(self, *args: Any, members: Sequence[Membership] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for m in members:
            label = gettext("%(name)s is to the head there") % {"name": m.person.name}
            self.fields[f"relation_{m.person_id}"] = forms.ChoiceField(label=label, choices=_relations())


class RelationForm(RefusableForm):
    code = forms.ChoiceField(label=gettext_lazy("What the other one is to this person"))
    name = forms.CharField(label=gettext_lazy("Name of the other one"), max_length=60)
    id_number = forms.CharField(label=gettext_lazy("ID number of the other one"), max_length=18)
    since = forms.DateField(label=gettext_lazy("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.ChoiceField(label=gettext_lazy("Who says so"), initial=COLLECTED)
    document = forms.CharField(label=gettext_lazy("Paper it stands in"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _relations()
        self.fields["code"].choices = [*choices[:1], (GUARDIAN, gettext("Guardian")), *choices[1:]]  # type: ignore[attr-defined]
        known = sorted((row.code, row.name) for row in sources().values())
        self.fields["source"].choices = known  # type: ignore[attr-defined]


class EndRelationForm(RefusableForm):
    on = _day(gettext_lazy("Until"))
    reason = forms.CharField(label=gettext_lazy("Why it ends"), max_length=120, required=False)
