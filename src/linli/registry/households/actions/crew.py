"""Worker processes that make the rows of a synthetic city while the parent process writes them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import connection as pipes
from multiprocessing import get_context
from typing import Any, TypeVar

from django.db import connections

from linli.lib.errors import Unavailable

Run = TypeVar("Run")
Made = TypeVar("Made")


@contextmanager
def crew(runs: Sequence[Run], make: Callable[[Run], Made], workers: int) -> Iterator[Iterator[Made]]:
    """What ``make`` makes of each run, in whatever order it is ready. One worker makes it here; more are forked and inherit everything.

    A worker waits when the parent is behind, so that never more than one result each is held. Forked before the block begins: no connection that
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
    try:
        yield _results(ends)
    finally:
        for end in ends:
            end.close()
        for process in processes:
            process.join(timeout=10)
            if process.is_alive():
                process.kill()


def _results(ends: Sequence[Any]) -> Iterator[Any]:
    open_ends = list(ends)
    while open_ends:
        ready: list[Any] = pipes.wait(open_ends)
        for end in ready:
            try:
                kind, found = end.recv()
            except EOFError:
                raise Unavailable(
                    "CITY_WORKER_DIED", "A worker process of the city died.", hint="Look for the kernel's message; try again."
                ) from None
            if kind == "error":
                raise found
            if kind == "done":
                open_ends.remove(end)
            else:
                yield found


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
