"""The administrator's edits: a new version, told by a topic, seen at once."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from linli.foundation.calendar import queries
from linli.foundation.calendar.actions import publish_year, set_day
from linli.foundation.calendar.models import CalendarYear
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.models import EventRow
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
ADMIN = Actor(ActorKind.STAFF, label="Admin", permissions=frozenset({"admin.calendar"}))


@pytest.fixture(autouse=True)
def loaded() -> None:
    queries.forget()
    call_command("packs", "load", "--pack", "national", stdout=StringIO())


def changes() -> list[str]:
    with scoped(system_actor("test")):
        return [row.payload["years"] for row in EventRow.objects.filter(topic="calendar.changed").order_by("seq")]


def test_a_day_off_moves_the_calendar_and_raises_the_years_version() -> None:
    day = date(2026, 11, 24)
    assert queries.current().is_workday(day)
    version = CalendarYear.objects.get(year=2026).version
    set_day(ADMIN, day=day, is_workday=False, note="flood")
    assert not queries.current().is_workday(day)
    assert CalendarYear.objects.get(year=2026).version == version + 1
    assert changes()[-1] == "2026"
    set_day(ADMIN, day=day, is_workday=True)
    assert queries.current().is_workday(day)
    with pytest.raises(Invalid):
        set_day(ADMIN, day=day, is_workday=True)
    with pytest.raises(Refused):
        set_day(ADMIN.but(permissions=frozenset({"cases.view"})), day=day, is_workday=False)


def test_publishing_a_year_makes_its_dates_final() -> None:
    assert not queries.current().is_published(date(2027, 1, 1), date(2027, 2, 1))
    publish_year(ADMIN, year=2027)
    assert queries.current().is_published(date(2027, 1, 1), date(2027, 2, 1))
    assert changes()[-1] == "2027"
