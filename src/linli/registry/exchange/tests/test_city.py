"""A synthetic city has offices that use its register, in every state, with what they read and a message that found nobody."""

from __future__ import annotations

from datetime import date

from linli.foundation.actions.engine import CityContext
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.exchange.actions.city import build_uses
from linli.registry.exchange.models import Delivery, Given, Subscription
from linli.registry.exchange.queries.city import export_uses
from linli.registry.exchange.tests.conftest import Office

WATCH = system_actor("test.watch", permissions=["audit.view"])


def test_a_city_has_uses_in_every_state_and_the_same_ones_again(office: Office) -> None:
    people = [office.person(f"人{n}") for n in range(5)]
    said: list[str] = []
    city = CityContext(people=5, cases=0, seed=1, as_of=date(2026, 11, 20), say=said.append)
    build_uses(city)
    build_uses(city)
    with scoped(WATCH):
        states = list(Subscription.objects.values_list("state", flat=True))
        assert set(states) >= {"approved", "seconded", "asked", "refused"} and len(states) == len(set(export_uses()))
        assert Delivery.objects.get().state == "dead"
        given = set(Given.objects.values_list("person_id", flat=True))
        assert given == {person.pk for person in people}
        read = AuditEntry.objects.filter(action="exchange.records_given", outcome="done")
        assert read.count() >= 2 and read.first().actor_kind == "partner"  # type: ignore[union-attr]
    assert len(said) == 1
