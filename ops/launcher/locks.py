"""One `demo` a checkout, one set-up at a time, and where the running one listens."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.environment import Address
from launcher.errors import LauncherError
from launcher.layout import Layout


@contextmanager
def only_one(layout: Layout) -> Iterator[None]:
    """Hold the checkout for a running city; the kernel lets go when the launcher dies in whatever way."""
    with lock_file(layout).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip()
            raise LauncherError(f"This city is already running (launcher {holder}).", f"kill {holder}") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            run_file(layout).unlink(missing_ok=True)


@contextmanager
def one_set_up(layout: Layout) -> Iterator[None]:
    """Wait until another launcher of this checkout has finished its set-up."""
    layout.state.mkdir(parents=True, exist_ok=True)
    with (layout.state / "set-up.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def announce(layout: Layout, address: Address) -> None:
    run_file(layout).write_text(json.dumps({"host": address.host, "port": address.port}), encoding="utf-8")


def running_address(layout: Layout) -> Address | None:
    """Where this checkout's city runs now; None when it does not."""
    if not lock_file(layout).exists() or not run_file(layout).exists():
        return None
    with lock_file(layout).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Address(**json.loads(run_file(layout).read_text(encoding="utf-8")))
    return None


def lock_file(layout: Layout) -> Path:
    return layout.state / "launcher.lock"


def run_file(layout: Layout) -> Path:
    return layout.state / "running.json"
