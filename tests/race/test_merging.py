"""Two clerks make one person of two rows, each the other way round; a fact is written for somebody who becomes somebody else."""

from __future__ import annotations

import pytest
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, resident
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict
from linli.registry.people import policy
from linli.registry.people.actions import merge_people, overrule
from linli.registry.people.models import Merger, Person

REASON = "one man, registered twice"


def test_a_into_b_and_b_into_a(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = resident(city, name="张伟"), resident(city, name="张玮")
    race = Overtaking()
    race.at(monkeypatch, policy, "can_merge")
    results = at_once(
        lambda: merge_people(city.actor("data_officer"), stays=a.pk, goes=b.pk, reason=REASON),
        race.second(lambda: merge_people(city.actor("data_officer2"), stays=b.pk, goes=a.pk, reason=REASON)),
    )
    with scoped(WATCH):
        left = Person.objects.filter(pk__in=[a.pk, b.pk]).count()
    if not locked:
        broken = [r for r in results if isinstance(r, Person.DoesNotExist)]
        assert len(broken) == 1, "without the lock the one who should stay goes in the middle of it"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["MERGED_ALREADY"]
    with scoped(WATCH):
        assert left == 1 and Merger.objects.count() == 1


def test_a_value_for_somebody_who_goes_meanwhile(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, goes = resident(city, name="张伟"), resident(city, name="张玮")
    race = Overtaking()
    race.at(monkeypatch, policy, "can_merge")
    results = at_once(
        lambda: merge_people(city.actor("data_officer"), stays=stays.pk, goes=goes.pk, reason=REASON),
        race.second(
            lambda: overrule(
                city.actor("data_officer2"), person_id=goes.pk, attribute="live_address", value="北湖路1号", reason="seen there"
            )
        ),
    )
    assert len(succeeded(results)) == 2, results
    with scoped(WATCH):
        address = Person.objects.get(pk=stays.pk).live_address
    if not locked:
        assert address != "北湖路1号", "without the lock what she said is written to a row that nobody reads"
        return
    assert address == "北湖路1号"
