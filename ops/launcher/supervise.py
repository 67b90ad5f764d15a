"""Keeping child processes alive, and stopping them all cleanly."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from launcher.console import Console
from launcher.errors import LauncherError
from launcher.logfiles import rotate_logs
from launcher.postgres import Cluster
from launcher.processes import die_with_parent

TICK = 0.2
"""Seconds between two looks at the children."""
FIRST_DELAY = 0.1
LONGEST_DELAY = 15.0
"""Of a process that keeps ending."""
STEADY_AFTER = 10.0
"""Seconds a child must live for its next death to count as the first again."""
LOOP_WARNING = 5
"""Quick deaths in a row after which the operator is told."""
ROTATE_EVERY = 10.0


class Child(Protocol):
    """Something the supervisor starts again when it is gone."""

    @property
    def name(self) -> str: ...

    @property
    def log(self) -> Path: ...

    @property
    def longest_delay(self) -> float: ...

    def start(self) -> None: ...

    def is_alive(self) -> bool: ...

    def ask_to_stop(self) -> None: ...

    def end(self, patience: float) -> None: ...


@dataclass
class ProcessChild:
    """A program in a process group of its own.

    `linger`: seconds for which workers that a killed main process left behind may go on serving while its successor starts
    (they share the port); after that the whole group is ended. 0 ends it at once.
    """

    name: str
    command: Sequence[str]
    log: Path
    cwd: Path
    env: dict[str, str]
    linger: float = 0.0
    process: subprocess.Popen[bytes] | None = None
    longest_delay: float = LONGEST_DELAY
    _leftovers: dict[int, float] = field(default_factory=dict)

    def start(self) -> None:
        if self.process is not None:
            self._leftovers[self.process.pid] = time.monotonic() + self.linger
            self.clear_leftovers()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which then stops the children in order
                preexec_fn=die_with_parent(),
            )

    def is_alive(self) -> bool:
        self.clear_leftovers()
        return self.process is not None and self.process.poll() is None

    def clear_leftovers(self) -> None:
        """End groups whose main process died and whose time to linger is over."""
        now = time.monotonic()
        for group in [group for group, until in self._leftovers.items() if until <= now]:
            signal_group(group, signal.SIGKILL)
            del self._leftovers[group]

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, patience: float) -> None:
        """Wait, then kill the whole group and what earlier ones left behind."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
            self._leftovers[self.process.pid] = 0.0
        self._leftovers = dict.fromkeys(self._leftovers, 0.0)
        self.clear_leftovers()
        if self.process is not None:
            self.process.wait()


@dataclass
class DatabaseChild:
    """The private PostgreSQL, whoever started it first."""

    cluster: Cluster
    settings: dict[str, str]
    name: str = "database"
    longest_delay: float = 1.0
    """Until the last backends of a killed server are gone a start fails at once; nobody is served meanwhile, so it is tried often."""

    @property
    def log(self) -> Path:
        return self.cluster.log_file

    def start(self) -> None:
        self.cluster.start(settings=self.settings)

    def is_alive(self) -> bool:
        process = self.cluster.process
        return process.poll() is None if process is not None else self.cluster.is_ready()

    def ask_to_stop(self) -> None:
        """Nothing: the database goes last, after those who use it."""

    def end(self, patience: float) -> None:
        self.cluster.stop()


@dataclass
class _Watch:
    child: Child
    since: float = 0.0
    quick_deaths: int = 0
    due: float | None = None


class Supervisor:
    """Starts children in order, restarts dead ones (at once, then with growing pauses), stops them in reverse order."""

    def __init__(self, children: Sequence[Child], console: Console, logs: Path | None = None) -> None:
        self._watches = [_Watch(child) for child in children]
        self._console = console
        self._logs = logs
        self._rotated = 0.0

    def start(self) -> None:
        for watch in self._watches:
            if not watch.child.is_alive():
                watch.child.start()
            watch.since = time.monotonic()

    def run(self, until: Callable[[], bool]) -> None:
        """Watch until the condition holds."""
        while not until():
            self.tick()
            time.sleep(TICK)

    def tick(self) -> None:
        now = time.monotonic()
        for watch in self._watches:
            if watch.due is None and not watch.child.is_alive():
                self._note_death(watch, now)
            if watch.due is not None and now >= watch.due:
                self._restart(watch)
        if self._logs is not None and now - self._rotated > ROTATE_EVERY:
            self._rotated = now
            rotate_logs(self._logs)

    def stop(self, patience: float = 12.0) -> None:
        children = [watch.child for watch in reversed(self._watches)]
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + patience
        for child in children:
            child.end(max(0.1, deadline - time.monotonic()))

    def _note_death(self, watch: _Watch, now: float) -> None:
        watch.quick_deaths = watch.quick_deaths + 1 if now - watch.since < STEADY_AFTER else 1
        delay = min(watch.child.longest_delay, FIRST_DELAY * 2 ** (watch.quick_deaths - 1))
        watch.due = now + delay
        if watch.quick_deaths == 1:
            self._console.warn(f"{watch.child.name} ended; starting it again")
        elif watch.quick_deaths == LOOP_WARNING:
            self._console.warn(f"{watch.child.name} keeps ending; the reason is at the end of {watch.child.log}")

    def _restart(self, watch: _Watch) -> None:
        watch.due = None
        watch.since = time.monotonic()
        try:
            watch.child.start()
        except LauncherError:  # e.g. the dead server's last backends still hold its memory: the next look tries again
            self._note_death(watch, time.monotonic())


def signal_group(group: int, number: signal.Signals) -> None:
    """Signal a process group that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
