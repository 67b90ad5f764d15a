"""One item comes from two connections at the same moment: a phone that lost its answer, two tabs of one browser."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.race.meeting import Overtaking, at_once
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, _staff, resident
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.scope.actions import scoped
from linli.foundation.sync import actions
from linli.foundation.sync.engine import read_items
from linli.foundation.sync.models import Device, Item
from linli.foundation.sync.types import Reply
from linli.foundation.types import Actor
from linli.registry.collection.models import Visit
from linli.registry.people.models import Person


@pytest.fixture
def worker(city: City) -> Actor:
    Role(code="grid_worker", name="grid_worker", permissions=["collection.visit", "sync.send"], level=3, business=True).save()
    user = _staff("walker", city.units["home"], "grid_worker")
    access.forget_roles()
    return access.actor_of(user)


def due(person: Person) -> Visit:
    with scoped(WATCH):
        visit = Visit(
            person_id=person.pk, region_path=person.region_path, cycle="registered", period="now", due_on=timezone.localdate(), note="seen"
        )
        visit.save(force_insert=True)
    return visit


def test_one_item_from_two_connections_is_done_once_and_answered_alike(city: City, worker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    visit, key = due(resident(city)), uuid4()
    with scoped(worker):
        device = actions.meet(worker, key_id=uuid4(), name="phone")
    assert device is not None
    payload = {"visits": [str(visit.pk)], "result": "nobody", "note": "locked"}
    item = {"key": str(key), "kind": "visit.done", "worker": str(worker.account), "base": "", "payload": payload}

    def send() -> Reply:
        (told,) = read_items(json.dumps([item]).encode())
        with scoped(worker):
            return actions.take(worker, device=device, told=told)

    race = Overtaking()
    race.at(monkeypatch, actions, "_handled")
    results: list[Any] = at_once(send, race.second(send))
    assert all(isinstance(one, Reply) for one in results), results
    assert results[0] == results[1] and results[0].answer.state == "accepted"
    with scoped(WATCH):
        assert Item.objects.filter(key=key).count() == 1
        assert Visit.objects.get(pk=visit.pk).note == "seen\nlocked"
        assert Visit.objects.filter(person_id=visit.person_id).count() == 2, "one more visit in three days, not two"


def test_a_new_phone_that_asks_twice_at_once_is_entered_once(city: City, worker: Actor) -> None:
    key = uuid4()

    def ask() -> Any:
        with scoped(worker):
            return actions.meet(worker, key_id=key, name="phone")

    first, second = at_once(ask, ask)
    assert isinstance(first, Device) and isinstance(second, Device) and first.pk == second.pk
