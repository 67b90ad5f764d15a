"""A write: permission, transaction, trail; a refusal leaves a trail of its own."""

import pytest

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.models import AuditEntry
from linli.foundation.calendar.models import CalendarYear
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import Refused

pytestmark = pytest.mark.django_db


@action("test.write", audit="test.year_written")
def write_year(actor: Actor, *, year: int, allowed: bool = True) -> CalendarYear:
    row = CalendarYear(year=year, published=False)
    row.save()
    row.published = True
    row.save(update_fields=["published"])
    require(allowed)
    return row


def trail() -> list[tuple[str, str, str]]:
    with scoped(system_actor("test")):
        return list(AuditEntry.objects.filter(action="test.year_written").order_by("seq").values_list("outcome", "reason", "subject_type"))


STAFF = Actor(ActorKind.STAFF, label="x", permissions=frozenset({"test.write"}))


def test_a_write_is_on_the_trail_with_what_changed() -> None:
    write_year(STAFF, year=2031)
    with scoped(system_actor("test")):
        entry = AuditEntry.objects.get(action="test.year_written")
    assert entry.outcome == "done"
    assert entry.changes[0]["fields"]["published"] == [None, True]


def test_a_refusal_changes_nothing_and_is_on_the_trail() -> None:
    with pytest.raises(Refused):
        write_year(STAFF, year=2032, allowed=False)
    assert not CalendarYear.objects.filter(year=2032).exists()
    assert trail() == [("refused", "NOT_ALLOWED", "")]


def test_without_the_permission_nothing_runs() -> None:
    with pytest.raises(Refused):
        write_year(STAFF.but(permissions=frozenset()), year=2033)
    assert trail() == [("refused", "NO_PERMISSION", "")]


def _request_that_fails_after_a_refusal() -> None:
    with scoped(STAFF):
        with pytest.raises(Refused):
            write_year(STAFF, year=2034, allowed=False)
        raise ZeroDivisionError


def test_a_failure_inside_a_request_is_written_after_the_requests_rollback() -> None:
    with pytest.raises(ZeroDivisionError):
        _request_that_fails_after_a_refusal()
    assert trail() == [("refused", "NOT_ALLOWED", "")]
