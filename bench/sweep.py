"""The clock's sweep: 20,000 of a million timers due in the same minute, an idle look, and eight workers of which two are killed.

The timers are laid on the city's own clocks, marked with a period of their own, and taken away again with the cards they became.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections

from bench.measure import BenchError, Report, latency
from bench.people import Doorkeeper
from linli.cases.supervision.actions import sweep
from linli.foundation.access.management.commands.worker import worker_app
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

TIMERS, DUE, WORKERS = 1_000_000, 20_000, 2
CROWD, KILLED = 8, 2
PATIENCE_S = 400
PERIOD = "bench"
LADDER = (("R02", "blue"), ("R03", "yellow"), ("R06", "yellow"), ("R04", "red"))
ACTOR = system_actor("bench.sweep")
SINCE = "created_at >= (SELECT min(issued_at) FROM supervision_card WHERE period = %s)"
TOLD = f"SELECT count(*) FROM notices_message WHERE key LIKE 'supervision.%%' AND {SINCE}"
WAITING = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND args->>'consumer' LIKE '%%.tell_cards' AND %s <> ''"
)


def run(report: Report, keeper: Doorkeeper) -> None:
    timers = TIMERS if report.cases >= TIMERS else max(4 * DUE, report.cases)
    _crowd(WORKERS, killed=0, within_s=PATIENCE_S)  # what was due or waited before (cases of the intake) is not ours to measure
    with _laid(timers, DUE) as due:
        began = time.perf_counter()
        _crowd(WORKERS, killed=0)
        while _number(WAITING) and time.perf_counter() - began < PATIENCE_S:  # the city's own worker may have taken the last of them
            time.sleep(0.05)
        took = time.perf_counter() - began
        told, waiting = _number(TOLD), _number(WAITING)
        note = f"{due:,} of {timers:,} timers due, {_cards():,} cards, {told:,} messages, {WORKERS} workers"
        report.figure("sweep_s", took if told and not waiting else None, "s", 20, note=note)
        idle = latency([sweep] * 60, warm_up=10)
        report.figure("sweep_idle_ms", idle.p95, "ms", 50)
    with _laid(DUE, DUE) as due:
        _crowd(CROWD, killed=KILLED)
        sweep()
        cards = _cards()
        report.figure("double_cards", _doubles() + max(0, cards - due), "cards", 0, note=f"{CROWD} workers, {KILLED} killed")
        report.figure("missed_cards", max(0, due - cards), "cards", 0)


@contextmanager
def _laid(timers: int, due: int) -> Iterator[int]:
    """Lay the timers, those due all over the city; give how many are due; take everything away afterwards."""
    sql = """INSERT INTO supervision_rung (clock_id, rule, colour, period, reason, params, fire_at)
        SELECT c.id, l.rule, l.colour, %s, 'bench', '{}', CASE WHEN row_number() OVER () <= %s THEN now() - interval '1 second' ELSE now() + interval '90 days' END
        FROM (SELECT id FROM supervision_clock ORDER BY hashtext(id::text)) AS c CROSS JOIN (VALUES ('R02', 'blue'), ('R03', 'yellow'), ('R06', 'yellow'), ('R04', 'red')) AS l(rule, colour) LIMIT %s"""
    _clear()  # what a bench that was stopped has left
    with scoped(ACTOR), connection.cursor() as cursor:
        cursor.execute(sql, [PERIOD, due, timers])
        laid = cursor.rowcount
    if not laid:
        raise BenchError("the city has no clocks")
    try:
        yield min(laid, due)
    finally:
        _clear()


def _clear() -> None:
    with scoped(ACTOR), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM notices_message WHERE key LIKE 'supervision.%%' AND {SINCE}", [PERIOD])
        cursor.execute("DELETE FROM supervision_rung WHERE period = %s", [PERIOD])
        cursor.execute("DELETE FROM supervision_card WHERE period = %s", [PERIOD])


def _ring() -> None:
    """What a worker does: ring what is due, then write the messages, until nothing waits."""
    sweep()
    with worker_app().open() as worker:
        worker.run_worker(queues=["default"], wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful")


def _crowd(workers: int, *, killed: int, within_s: int = 120) -> None:
    """Sweep in so many processes at once; some are killed in the middle of it. Processes that take longer are ended."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    crowd = [context.Process(target=_ring) for _ in range(workers)]
    for process in crowd:
        process.start()
    for process in crowd[:killed]:
        time.sleep(0.4)
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
    until = time.monotonic() + within_s
    for process in crowd:
        process.join(max(0.0, until - time.monotonic()))
    late = [p for p in crowd if p.is_alive()]
    for process in late:
        process.terminate()
    if late or any(p.exitcode != 0 for p in crowd[killed:]):
        raise BenchError(f"sweeping processes took more than {within_s} s" if late else "a sweeping process failed")


def _cards() -> int:
    return _number("SELECT count(*) FROM supervision_card WHERE period = %s")


def _doubles() -> int:
    return _number("SELECT count(*) - count(DISTINCT (subject_id, rule, colour, period)) FROM supervision_card WHERE period = %s")


def _number(sql: str) -> int:
    with scoped(ACTOR), connection.cursor() as cursor:
        cursor.execute(sql, [PERIOD])
        return int(cursor.fetchone()[0])
