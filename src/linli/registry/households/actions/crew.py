"""Worker processes that make the rows of a synthetic city while the parent process writes them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection as pipes
from multiprocessing import get_context
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any, TypeVar

from django.db import connections

from linli.lib.errors import Unavailable

AHEAD = 2  # results held beside those still with their workers
Run = TypeVar("Run")
Made = TypeVar("Made")


@contextmanager
def crew(runs: Sequence[Run], make: Callable[[Run], Made], workers: int) -> Iterator[Iterator[Made]]:
    """What ``make`` makes of each run, in whatever order it is ready. One worker makes it here; more are forked and inherit everything.

    A worker waits when the parent is far behind, so that few results are held at once. Forked before the block begins: no connection that
    the block opens is shared. A worker's error is raised here; `Unavailable` when one dies. A parent that dies takes its workers with it.
    """
    if workers <= 1 or len(runs) < 2:
        yield map(make, runs)
        return
    connections.close_all()
    context = get_context("fork")
    turn = context.Value("i", 0)
    ends: list[Any] = []
    processes = []
    for _ in range(min(workers, len(runs))):
        ours, theirs = context.Pipe(duplex=False)
        ends.append(ours)
        process = context.Process(target=_work, args=(theirs, list(ends), turn, runs, make), daemon=True)
        process.start()
        theirs.close()
        processes.append(process)
    ahead: Queue[Any] = Queue(maxsize=AHEAD)
    gone = Event()
    Thread(target=_read_ahead, args=(ends, ahead, gone), daemon=True).start()
    try:
        yield _results(ahead, len(ends))
    finally:
        gone.set()
        with suppress(Empty):  # the thread may be waiting for room
            while True:
                ahead.get_nowait()
        for process in processes:
            process.join(timeout=10)
            if process.is_alive():
                process.kill()


def _results(ahead: Queue[Any], workers: int) -> Iterator[Any]:
    while workers:
        kind, found = ahead.get()
        if kind == "error":
            raise found
        if kind == "done":
            workers -= 1
        else:
            yield found


def _read_ahead(ends: Sequence[Any], ahead: Queue[Any], gone: Event) -> None:
    """Put what comes out of the pipes on the queue, so that no worker waits while the parent writes; until every worker is done or nobody wants any
    more. Then the pipes are closed, which ends the workers."""
    open_ends = list(ends)
    try:
        while open_ends and not gone.is_set():
            ready: list[Any] = pipes.wait(open_ends, timeout=1)
            for end in ready:
                try:
                    kind, found = end.recv()
                except EOFError:
                    kind, found = "error", _died()
                ahead.put((kind, found))
                if kind != "made":
                    open_ends.remove(end)
                if gone.is_set():
                    return
    finally:
        for end in ends:
            end.close()


def _died() -> Unavailable:
    return Unavailable("CITY_WORKER_DIED", "A worker process of the city died.", hint="Look for the kernel's message; try again.")


def _work(end: Any, inherited: list[Any], turn: Any, runs: Sequence[Any], make: Callable[[Any], Any]) -> None:
    """In a worker. Reading ends it inherited are closed, or it would never notice that the parent is gone."""
    for other in inherited:
        other.close()
    gc.disable()  # rows hold no cycles; looking for them costs a tenth of the time
    try:
        while (number := _next(turn)) < len(runs):
            end.send(("made", make(runs[number])))
        end.send(("done", None))
    except BrokenPipeError:
        pass
    except Exception as error:
        end.send(("error", error))
    finally:
        connections.close_all()
        end.close()


def _next(turn: Any) -> int:
    with turn.get_lock():
        number = int(turn.value)
        turn.value += 1
    return number
