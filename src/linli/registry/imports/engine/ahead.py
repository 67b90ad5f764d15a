"""A process that reads a long file and makes its rows ready while the one that ordered it judges and writes those before.

It is a fresh interpreter, not a fork: a worker has threads and connections. It waits where its parent is behind, so that a portion or two are held at
once, and ends with its parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from linli.lib.errors import LinliError, Unavailable
from linli.registry.imports.engine.preparing import Portion, Task, prepared


class Ahead:
    """An iterator over the portions of a file; `close` it, or let it come to its end. A reading error is raised here; `Unavailable` when the process dies."""

    def __init__(self, task: Task) -> None:
        context = get_context("spawn")
        self._end, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_read, args=(theirs, task), daemon=True)
        self._process.start()
        theirs.close()

    def __iter__(self) -> Iterator[Portion]:
        return self

    def __next__(self) -> Portion:
        try:
            found: Portion | Exception | None = self._end.recv()
        except (EOFError, OSError):
            found = Unavailable("READER_DIED", "The process that reads the file died.", hint="It goes on by itself; if not, press “Go on”.")
        if isinstance(found, tuple):
            return found
        self.close()
        raise StopIteration if found is None else found

    def close(self) -> None:
        """The process ends where it is."""
        self._end.close()
        with suppress(ValueError):  # closed before
            self._process.join(timeout=5)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()


def _read(end: Connection, task: Task) -> None:
    """In the process. What cannot be sent to a parent that is gone needs not be."""
    with suppress(BrokenPipeError):
        try:
            for portion in prepared(task):
                end.send(portion)
            end.send(None)
        except (LinliError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            end.send(error)
