"""Style guide: every component of a door with sample data, in its states. Developers and translators look here; tests run axe over it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from linli.ui.types import DeskRequest, Door, Step, Tab, TimelineItem, Tone

SAMPLE_TIME = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class SampleForm(forms.Form):
    """One field of each kind; the style guide sends it wrong on purpose."""

    use_required_attribute = False
    name = forms.CharField(label=_("Full name"), help_text=_("As written on the identity card."))
    phone = forms.RegexField(r"^\d{11}$", label=_("Telephone number"), error_messages={"invalid": _("Enter eleven digits.")})
    day = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose one")), ("a", _("First kind")), ("b", _("Second kind"))])
    way = forms.ChoiceField(
        label=_("How do you want it?"), choices=[("post", _("By post")), ("visit", _("At the counter"))], widget=forms.RadioSelect
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"), required=False, choices=[("1", _("First topic")), ("2", _("Second topic"))], widget=forms.CheckboxSelectMultiple
    )
    remarks = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    paper = forms.FileField(label=_("Attachment"), required=False, help_text=_("PDF or photo, at most 10 MB."))
    agree = forms.BooleanField(label=_("I have read the explanation above"), error_messages={"required": _("Tick the box to go on.")})


class SampleFilter(forms.Form):
    """A filter bar: sent by GET so that a filtered list has an address."""

    words = forms.CharField(label=_("Words"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), ("open", _("Open")), ("closed", _("Closed"))])
    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


def _timeline() -> list[TimelineItem]:
    return [
        TimelineItem(title=gettext("Received"), when=SAMPLE_TIME, who=gettext("Reception desk"), tone=Tone.SUCCESS, icon="check"),
        TimelineItem(
            title=gettext("Waiting for a correction"),
            when=SAMPLE_TIME,
            who=gettext("Reviewer"),
            text=gettext("One paper is not legible. Please send it again."),
            tone=Tone.WARNING,
            icon="player-pause",
        ),
        TimelineItem(title=gettext("Decision"), icon="point"),
    ]


def _rows() -> list[dict[str, Any]]:
    states = [
        (gettext("New"), Tone.INFO, "point"),
        (gettext("In progress"), Tone.PROGRESS, "progress"),
        (gettext("Waiting"), Tone.WARNING, "player-pause"),
        (gettext("Done"), Tone.SUCCESS, "check"),
        (gettext("Overdue"), Tone.DANGER, "alert-circle"),
        (gettext("Withdrawn"), Tone.NEUTRAL, "x"),
    ]
    return [
        {
            "number": f"2026-{n:06d}",
            "title": gettext("Sample entry"),
            "state": state,
            "tone": tone,
            "icon": icon,
            "when": SAMPLE_TIME,
            "amount": n * 37,
        }
        for n, (state, tone, icon) in enumerate(states * 12, start=1)
    ]


@require_GET
def style_guide(request: DeskRequest) -> HttpResponse:
    """The components of the desk, or with `?door=portal` those of the portal; `&errors=1` shows the form with its mistakes."""
    door = Door.PORTAL if request.GET.get("door") == Door.PORTAL else Door.DESK
    request.door = door
    wrong = request.GET.get("errors") == "1"
    form = SampleForm({"name": "", "phone": "12", "way": ""}) if wrong else SampleForm(initial={"way": "visit"})
    page = Paginator(_rows(), 12).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filter_form": SampleFilter(request.GET or None),
        "page": page,
        "timeline": _timeline(),
        "steps": [
            Step(label=gettext("Who you are"), state="done", url="?door=portal"),
            Step(label=gettext("Details"), state="current"),
            Step(label=gettext("Papers")),
            Step(label=gettext("Check and send")),
        ],
        "tabs": [
            Tab(label=gettext("Overview"), url="?", current=True),
            Tab(label=gettext("Papers"), url="?tab=papers", count=3),
            Tab(label=gettext("History"), url="?tab=history"),
        ],
        "details": [
            (gettext("Number"), "2026-000001"),
            (gettext("Full name"), gettext("Sample name")),
            (gettext("Telephone number"), "139****0001"),
            (gettext("Remarks"), ""),
        ],
        "tones": [(tone, tone.value) for tone in Tone],
    }
    return render(request, f"ui/{door}/style_guide.html", context)
