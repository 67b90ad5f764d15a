"""Two people (or eight processes) at the same moment: threads with connections of their own, held at the narrowest place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from linli.foundation.scope.queries import Kept

PATIENCE = 30.0
"""Seconds for which the first waits at most for the second to finish, or to be seen waiting for a lock."""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run all steps from one barrier, each with its own connection; results in their order, an exception being a result too."""
    barrier, results = threading.Barrier(len(steps)), [None] * len(steps)

    def run(n: int, step: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[n] = step()
        except Exception as error:  # the outcome under test
            results[n] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, step)) for n, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a step hangs: two locks taken in different orders?"
    return results


class Overtaking:
    """The first to reach a place inside its step stops there until somebody else has finished a whole step, or waits for a lock.

    Without a lock around the step the other one overtakes, and the first goes on with what it read before. With the lock the other one
    waits, and the first goes on alone.
    """

    def __init__(self) -> None:
        self._first = threading.Lock()
        self._stopped = threading.Event()
        self._overtaken = threading.Event()

    def at(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        """Stop in ``owner.name``, after it has run."""
        original = getattr(owner, name)

        def stopping(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if self._first.acquire(blocking=False):
                self._stopped.set()
                self._wait()
            return result

        monkeypatch.setattr(owner, name, stopping)

    def _wait(self) -> None:
        """A look of its own at the database: the connection of this thread is in the middle of its step."""
        look, until = connection.copy(), time.monotonic() + PATIENCE
        try:
            while not self._overtaken.wait(0.02) and time.monotonic() < until:
                with look.cursor() as cursor:
                    cursor.execute(WAITING)
                    if cursor.fetchone()[0]:
                        return
        finally:
            look.close()

    def second(self, step: Callable[[], Any]) -> Callable[[], Any]:
        """A step that begins when the first one has stopped, and tells it when it is over."""

        def run() -> Any:
            assert self._stopped.wait(10), "nobody came to the place"
            try:
                return step()
            finally:
                connections.close_all()
                self._overtaken.set()

        return run


def without_row_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house as it would be if somebody took `select_for_update` out."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self._chain())
    monkeypatch.setattr(Kept, "__call__", lambda self, *args: list(self._build(*args)))  # what is compiled has its lock already


def succeeded(results: Sequence[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, Exception)]
