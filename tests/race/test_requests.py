"""Two data officers answer one request at the same moment."""

from __future__ import annotations

import pytest
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, citizen, resident
from linli.foundation.access.queries import actor_of
from linli.foundation.privacy import policy
from linli.foundation.privacy.actions import answering, filing
from linli.foundation.privacy.models import DataRequest
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict


def test_a_yes_and_a_no(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    person = resident(city, name="张伟")
    one = filing.file_request(actor_of(citizen(person)), kind="copy")
    race = Overtaking()
    race.at(monkeypatch, policy, "may_decide")
    results = at_once(
        lambda: answering.grant(city.actor("data_officer"), request_id=one.pk),
        race.second(lambda: answering.refuse(city.actor("data_officer2"), request_id=one.pk, reason="asked for last week")),
    )
    with scoped(WATCH):
        row = DataRequest.objects.get(pk=one.pk)
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock a refused request gets its copy all the same"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["REQUEST_STATE"] and row.state == "done"
