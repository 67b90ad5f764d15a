"""Worker processes of the city's builders."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from linli.lib.errors import Invalid, Unavailable
from linli.registry.households.actions.crew import crew

ORPHANS = """
import os, sys, time
import django; django.setup()
from linli.registry.households.actions.crew import crew
def make(n):
    open(f"{sys.argv[1]}/{os.getpid()}", "w").close()
    return b"x" * 1_000_000
with crew(range(100), make, 2) as made:
    next(made)
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_every_run_is_made_once(workers: int) -> None:
    with crew(range(20), lambda n: n * n, workers) as made:
        assert sorted(made) == [n * n for n in range(20)]


def test_a_workers_error_is_the_builders_error() -> None:
    def make(n: int) -> int:
        if n == 3:
            raise Invalid("THREE", "Three is wrong.")
        return n

    with pytest.raises(Invalid, match="Three"), crew(range(10), make, 2) as made:
        list(made)


def test_a_worker_that_dies_is_noticed() -> None:
    with pytest.raises(Unavailable), crew(range(4), lambda n: os.kill(os.getpid(), signal.SIGKILL), 2) as made:
        list(made)


@pytest.mark.parametrize("taken", [0, 1])
def test_workers_end_when_their_results_are_not_wanted_any_more(taken: int) -> None:
    children: list[BaseProcess] = []

    def stop_early() -> None:
        with crew(range(100), lambda n: bytes(1_000_000), 3) as made:
            children.extend(multiprocessing.active_children())
            for _ in range(taken):
                next(made)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_early()
    assert [child.exitcode for child in children] == [0, 0, 0]  # none had to be killed


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", ORPHANS, str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
        parent.wait()
    until = time.monotonic() + 20
    while time.monotonic() < until and any(Path(f"/proc/{child.name}").exists() for child in tmp_path.iterdir()):
        time.sleep(0.1)
    assert tmp_path.iterdir()
    assert not [child.name for child in tmp_path.iterdir() if Path(f"/proc/{child.name}").exists()]
