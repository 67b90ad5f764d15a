"""Changes of regions: two order the same, one job runs twice, a subtree moves while something is put into it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, _region, resident
from linli.foundation.regions import policy, queries
from linli.foundation.regions.actions import changes, orders
from linli.foundation.regions.actions import turns as taking_turns
from linli.foundation.regions.actions.loading import renew_code
from linli.foundation.regions.models import Region, RegionChange, RegionOrder
from linli.foundation.regions.tasks import rewrite
from linli.foundation.regions.types import Asked
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.models import EventRow
from linli.lib.errors import Conflict
from linli.registry.people.models import Person

TURNS = pytest.mark.parametrize("turns", [True, False], ids=["lock", "no lock"])
"""Locks by name (pg_advisory_xact_lock), which `locked` does not take away."""


@pytest.fixture
def coded(city: City) -> City:
    for region in city.regions.values():
        renew_code(region, date(2020, 1, 1))
    return city


def order(city: City, who: str, key: str, *, into: str = "other", gone: str = "home") -> RegionOrder:
    asked = Asked((city.regions[gone].id,), city.regions[into].id, timezone.localdate(), "YF 12")
    return orders.order_change(city.actor(who), kind="merge", asked=asked, key=key)


@TURNS
def test_two_order_the_same_regions(turns: bool, coded: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """One into the other, and the other way round."""
    race = Overtaking()
    if not turns:
        monkeypatch.setattr(taking_turns, "_lock", lambda name: None)
    race.at(monkeypatch, policy, "check_free")
    results = at_once(
        lambda: order(coded, "system_admin", "k1"),
        race.second(lambda: order(coded, "system_admin2", "k2", into="home", gone="other")),
    )
    if not turns:
        assert len(succeeded(results)) == 2, "without the lock each is to go into the other"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["REGION_ORDERED"]
    with scoped(WATCH):
        assert RegionOrder.objects.count() == 1


@TURNS
def test_one_page_is_confirmed_twice(turns: bool, coded: City, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Overtaking()
    if not turns:
        monkeypatch.setattr(taking_turns, "_lock", lambda name: None)
    race.at(monkeypatch, queries, "order_confirmed")
    results = at_once(lambda: order(coded, "system_admin", "k1"), race.second(lambda: order(coded, "system_admin", "k1")))
    if not turns:
        assert len(succeeded(results)) == 1, "without the lock whoever clicks twice is shown an error"
        return
    assert len({made.id for made in succeeded(results)}) == 1 and len(succeeded(results)) == 2


def test_one_order_is_carried_out_by_two_workers(coded: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made, race = order(coded, "system_admin", "k1"), Overtaking()
    race.at(monkeypatch, orders, "actor_of")
    results = at_once(lambda: orders.carry_out(made.id), race.second(lambda: orders.carry_out(made.id)))
    assert len(succeeded(results)) == 2, results
    with scoped(WATCH):
        assert RegionOrder.objects.get().state == "done" and RegionChange.objects.count() == 1
        ends = EventRow.objects.filter(topic="regions.order_ended").count()
    assert ends == (1 if locked else 2), "without the lock it ends twice"


@TURNS
def test_a_street_moves_while_a_grid_is_put_into_it(turns: bool, coded: City, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, regions, day, race = coded.actor("system_admin"), coded.regions, timezone.localdate(), Overtaking()
    county = _region("360503000000", "Nanqu", "county", "0000100009", regions["city"])
    street = _region("360503001000", "Nanmen", "street", county.path + "00001", county)
    community = _region("360503001001", "Nanhu", "community", street.path + "00001", street)
    grid = _region("360503001001001", "Nanhu 1", "grid", community.path + "00001", community)
    if not turns:
        monkeypatch.setattr(taking_turns, "_lock", lambda name: None)
    race.at(monkeypatch, policy, "check_move")
    at_once(
        lambda: changes.move_region(admin, region_id=grid.id, parent_id=regions["home"].id, on=day),
        race.second(lambda: changes.move_region(admin, region_id=regions["street"].id, parent_id=county.id, on=day)),
    )
    home, moved = Region.objects.get(pk=regions["home"].pk), Region.objects.get(pk=grid.pk)
    assert home.path.startswith(county.path) and moved.parent_id == home.pk
    assert moved.path.startswith(home.path) == turns, "without the lock the grid's path leads where nothing is any more"


@pytest.mark.parametrize("kind", ["merge", "move"])
def test_who_is_written_down_meanwhile_waits_for_nobody_and_follows(kind: str, coded: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the path that was read before the change; the job that comes later takes the row along."""
    regions, race, said = coded.regions, Overtaking(), list[str]()
    near = _region("360502002000", "Chengnan", "street", "000010000100002", regions["county"])
    target = {"merge": regions["other"], "move": near}[kind]
    asked = Asked((regions["home"].id,), target.id, timezone.localdate(), "YF 12")
    made = orders.order_change(coded.actor("system_admin"), kind=kind, asked=asked, key="k1")
    race.at(monkeypatch, changes, "rewrite")

    def change() -> None:
        orders.carry_out(made.id)
        said.append("changed")

    def write_down() -> None:
        resident(coded)
        said.append("written")

    results = at_once(change, race.second(write_down))
    assert len(succeeded(results)) == 2 and said == ["written", "changed"]
    old, now = regions["home"].path, {"merge": target.path, "move": near.path + "00001"}[kind]
    with scoped(WATCH):
        assert Person.objects.get().region_path == old
        (later,) = ProcrastinateJob.objects.filter(task_name="regions.rewrite", scheduled_at__gt=timezone.now())
    rewrite(**later.args)
    rewrite(**later.args)
    with scoped(WATCH):
        assert Person.objects.get().region_path == now
