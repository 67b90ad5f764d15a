"""Eight sweep at once and two of them are killed: no card twice, none missing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.race.meeting import Overtaking, at_once, succeeded

from linli.cases.casefile.tests.desk import handed_in
from linli.cases.casefile.tests.factories import City
from linli.cases.supervision import actions as supervision
from linli.cases.supervision.models import Card, Clock, Rung
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

DUE = 400
WATCH = system_actor("test.race")


@pytest.fixture
def rungs(city: City) -> int:
    """Due rungs of one case's clock, so many that eight sweepers have several batches each."""
    _, case = handed_in(city)
    with scoped(WATCH):
        clock = Clock.objects.get(subject_id=case.id)
        Rung.objects.filter(clock=clock).delete()
        past = timezone.now() - timedelta(minutes=1)
        Rung.objects.bulk_create(
            [Rung(clock=clock, rule="R02", colour="blue", period=str(n), reason="Due soon", fire_at=past) for n in range(DUE)]
        )
    return DUE


@pytest.mark.parametrize("claim", ["as it is", "without its lock", "kept when killed"])
def test_eight_sweep_and_two_are_killed(claim: str, rungs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rung is rung once. Twin 1: read, then marked, without the row locks - rung several times over. Twin 2: claimed in a
    transaction of its own, which a killed sweeper does not take with it - some cards never come."""
    if claim == "without its lock":
        monkeypatch.setattr(supervision, "_claim", _Unlocked(8))
    elif claim == "kept when killed":
        monkeypatch.setattr(supervision, "_claim", _committed(supervision._claim))
    _kill_two(monkeypatch)
    results = at_once(*[lambda: supervision.sweep(limit=20) for _ in range(8)])
    assert len(results) - len(succeeded(results)) == 2
    left, claimed = supervision.sweep(), sum(succeeded(results))
    with scoped(WATCH):
        cards = Card.objects.filter(rule="R02", colour="blue").count()
        waiting = Rung.objects.filter(claimed_at=None, fire_at__lte=timezone.now()).count()
    if claim == "as it is":
        assert (cards, waiting, claimed + left) == (rungs, 0, rungs)
        assert left <= 40
    elif claim == "without its lock":
        assert claimed + left > rungs, "the same rung was worked by several sweepers; only the cards' own key kept them from being double"
    else:
        assert cards == rungs - 40, "what the two killed sweepers had claimed was lost"


def _kill_two(monkeypatch: pytest.MonkeyPatch) -> None:
    dying, guard = [0, 0], threading.Lock()
    issue = supervision._issue

    def killed(cards: list[Card]) -> list[Card]:
        """Two of the sweepers end after writing their cards and before the commit: one by an exception, one by losing its connection."""
        issued = issue(cards)
        with guard:
            way = next((n for n, done in enumerate(dying) if not done), None)
            if way is not None:
                dying[way] = 1
        if way == 0:
            raise MemoryError("killed")
        if way == 1:
            connection.connection.close()
        return issued

    monkeypatch.setattr(supervision, "_issue", killed)


@pytest.mark.parametrize("skipping", [True, False], ids=["lock", "no lock"])
def test_a_rung_is_claimed_by_one_sweeper(skipping: bool, rungs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Overtaking()
    claimed: dict[Any, int] = {}
    if not skipping:
        monkeypatch.setattr(supervision, "_claim", _read_then_write)
    race.at(monkeypatch, supervision, "_claim")
    at_once(lambda: _count(claimed), race.second(lambda: _count(claimed)))
    assert (max(claimed.values()) == 1) is skipping


def _count(seen: dict[Any, int]) -> None:
    with scoped(WATCH):
        for key in supervision._claim(timezone.now(), 30):
            seen[key] = seen.get(key, 0) + 1


class _Unlocked:
    """The claim without its lock: each sweeper reads what is due, and marks it once all have read."""

    def __init__(self, sweepers: int) -> None:
        self._all_have_read = threading.Barrier(sweepers)

    def __call__(self, now: Any, limit: int) -> list[int]:
        found = _read_then_write(now, limit)
        with contextlib.suppress(threading.BrokenBarrierError):  # later rounds do not wait
            self._all_have_read.wait(2)
        Rung.objects.filter(pk__in=found).update(claimed_at=now)
        return found


def _committed(claim: Callable[[Any, int], list[int]]) -> Callable[[Any, int], list[int]]:
    """The claim in a transaction of its own, on a connection of its own."""

    def run(now: Any, limit: int) -> list[int]:
        def alone() -> list[int]:
            try:
                with scoped(WATCH):
                    return claim(now, limit)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(alone).result()

    return run


def _read_then_write(now: Any, limit: int) -> list[int]:
    """The claim as it would be without FOR UPDATE SKIP LOCKED: read what is due, then mark it."""
    return list(Rung.objects.filter(claimed_at=None, fire_at__lte=now).order_by("fire_at", "id").values_list("id", flat=True)[:limit])
