"""Other offices' uses of the register: two heads decide at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import LOADER, City
from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict
from linli.registry.exchange import policy
from linli.registry.exchange.actions.catalogue import load_catalogue
from linli.registry.exchange.actions.subscriptions import approve, ask, refuse
from linli.registry.exchange.models import Resource, Subscription


def asked(city: City, *fields: str) -> Subscription:
    with scoped(WATCH):
        load_catalogue(LOADER, folder=Path(settings.PACKS_DIR) / "national")
        program = User(username="program", name="program", kind="partner", password="!")
        program.save()
        resource = Resource.objects.get(entity="person")
    return ask(
        city.actor("sharer"),
        resource_id=resource.pk,
        recipient_id=program.pk,
        office="Office",
        purpose="statistics",
        reason="reason",
        legal_basis="basis",
        fields=fields,
        region="360500000000",
        until=timezone.localdate() + timedelta(days=9),
    )


def state(row: Subscription) -> str:
    with scoped(WATCH):
        return str(Subscription.objects.get(pk=row.pk).state)


def test_one_grants_while_the_other_refuses(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    row, race = asked(city, "name"), Overtaking()
    race.at(monkeypatch, policy, "can_decide")
    results = at_once(
        lambda: refuse(city.actor("granter"), subscription_id=row.pk, decision="too much"),
        race.second(lambda: approve(city.actor("granter2"), subscription_id=row.pk)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock both believe that they decided"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["SUBSCRIPTION_STATE"]
    assert state(row) == "refused"
