"""Two clerks state that one person is married, to two different people, in the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, resident
from linli.cases.casefile.tests.visitors import id_number
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict
from linli.registry.households.actions import relations
from linli.registry.households.models import Relation
from linli.registry.people.actions import create_person


@pytest.mark.parametrize("same", [True, False])
def test_nobody_is_married_twice_at_once(city: City, same: bool, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    person, cards = resident(city), []
    for n, name in ((12, "赵丽华"), (14, "孙秀梅")):
        card = {"name": name, "id_number": id_number(f"36059919800416{n:03d}")}
        create_person(city.actor("data_officer"), region_id=city.regions["home"].pk, values={}, **card)
        cards.append(card)
    race = Overtaking()
    race.at(monkeypatch, relations, "emit")

    def state(who: str, card: dict[str, str]) -> Any:
        return relations.state_relation(city.actor(who), person_id=person.pk, code="12", **card)

    results = at_once(lambda: state("data_officer", cards[0]), race.second(lambda: state("data_officer2", cards[0 if same else 1])))
    with scoped(WATCH):
        count = Relation.objects.filter(until=None).count()
    if locked:
        assert count == 1
        assert len(succeeded(results)) == (2 if same else 1), results
        assert [r.code for r in results if isinstance(r, Conflict)] == ([] if same else ["RELATION_SPOUSE"])
    else:
        assert count == (1 if same else 2), "without the lock the second marriage slips in; the same one is kept out by the table"
