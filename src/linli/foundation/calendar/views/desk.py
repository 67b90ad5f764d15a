"""The work calendar, edited by the system administrator. A change makes a new version, and open deadlines are computed anew."""

from __future__ import annotations

from calendar import Calendar
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.calendar import actions
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.queries import current, forget
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import RefusableForm
from linli.ui.types import DeskRequest

FIRST, LAST = 2004, 2099


class DayForm(RefusableForm):
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=gettext_lazy("Offices"),
        widget=forms.RadioSelect,
        choices=[("work", gettext_lazy("work on this day")), ("off", gettext_lazy("are closed on this day"))],
    )
    note = forms.CharField(
        label=gettext_lazy("Why"), max_length=40, required=False, help_text=gettext_lazy("Printed in the explanation of due dates.")
    )


@never_cache
@require_GET
@desk("admin.calendar")
def year_page(request: DeskRequest, year: int | None = None) -> HttpResponse:
    """A year with its holidays and make-up working days."""
    return _show(request, _year(year))


def _year(year: int | None) -> int:
    chosen = year or timezone.localdate().year
    if not FIRST <= chosen <= LAST:
        raise Http404
    return chosen


def _show(request: DeskRequest, year: int, *, form: DayForm | None = None, status: int = 200) -> HttpResponse:
    forget()
    known = current()
    exceptions = dict(known.exceptions_between(date(year, 1, 1), date(year, 12, 31)))
    months = [
        {
            "first": date(year, m, 1),
            "weeks": [[_cell(d, m, known, exceptions) for d in week] for week in Calendar().monthdatescalendar(year, m)],
        }
        for m in range(1, 13)
    ]
    context = {
        "year": year,
        "months": months,
        "published": known.is_published(date(year, 1, 1), date(year, 12, 31)),
        "missing": _not_published(known),
        "form": form or DayForm(auto_id="day-%s"),
        "sent": form,
        "before": year - 1 if year > FIRST else None,
        "after": year + 1,
        "days": known.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) if year > FIRST else None,
    }
    return render(request, "calendar/desk/year.html", context, status=status)


def _not_published(known: WorkCalendar) -> list[int]:
    """Years whose holidays are missing although due dates reach them: this one, and from December on the next (the notice comes in November)."""
    today = timezone.localdate()
    last = today.year + (1 if today.month == 12 else 0)
    return known.unpublished_years(date(today.year, 1, 1), date(last, 12, 31))


def _cell(day: date, month: int, known: Any, exceptions: dict[date, Any]) -> dict[str, Any]:
    inside = day.month == month
    return {
        "day": day,
        "inside": inside,
        "work": known.is_workday(day),
        "special": inside and day in exceptions,
        "note": known.name_of(day) if day in exceptions else "",
    }


@require_POST
@desk("admin.calendar")
def set_day(request: DeskRequest) -> HttpResponse:
    """Say whether offices work on a day."""
    form = DayForm(request.POST, auto_id="day-%s")
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.set_day(request.actor, day=values["day"], is_workday=values["kind"] == "work", note=values["note"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The calendar is changed; open deadlines are computed anew."))
            return HttpResponseRedirect(reverse("calendar_desk_of_year", args=[values["day"].year]), status=303)
    return _show(request, timezone.localdate().year, form=form, status=422)


@require_POST
@desk("admin.calendar")
def publish(request: DeskRequest, year: int) -> HttpResponse:
    """The holidays of a year are published (or not after all)."""
    chosen = _year(year)
    actions.publish_year(request.actor, year=chosen, published=request.POST.get("published") == "1")
    messages.success(request, gettext("The year is changed; open deadlines are computed anew."))
    return HttpResponseRedirect(reverse("calendar_desk_of_year", args=[chosen]), status=303)
