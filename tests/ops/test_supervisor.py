"""Supervision with real child processes: restarts, back-off, a clean stop, nothing left behind."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher.console import Console
from launcher.logfiles import rotate_logs
from launcher.postgres import temporary_cluster
from launcher.supervise import DatabaseChild, ProcessChild, Supervisor

SLEEPER = "import time; time.sleep(60)"
PARENT = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def child(folder: Path, script: str, linger: float = 0.0, name: str = "web") -> ProcessChild:
    return ProcessChild(name, [sys.executable, "-c", script], folder / f"{name}.log", folder, dict(os.environ), linger)


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().split()[2] != "Z"


def within(seconds: float, condition: Callable[[], bool], tick: Callable[[], None] = lambda: None) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        tick()
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


def test_killed_child_is_back_within_five_seconds(tmp_path: Path, said: io.StringIO) -> None:
    web = child(tmp_path, SLEEPER)
    supervisor = Supervisor([web], Console(stream=said))
    supervisor.start()
    try:
        assert web.process is not None
        first = web.process.pid
        os.kill(first, signal.SIGKILL)
        assert within(5, lambda: web.is_alive() and web.process is not None and web.process.pid != first, supervisor.tick)
        assert "web ended; starting it again" in said.getvalue()
    finally:
        supervisor.stop()
    assert web.process is not None
    assert not alive(web.process.pid)


def test_killed_database_is_back_within_fifteen_seconds(said: io.StringIO) -> None:
    with temporary_cluster() as cluster:
        supervisor = Supervisor([DatabaseChild(cluster, {})], Console(stream=said))
        supervisor.start()
        assert cluster.process is not None
        os.kill(cluster.process.pid, signal.SIGKILL)
        assert within(15, cluster.is_ready, supervisor.tick)
        supervisor.stop()
        assert not cluster.is_ready()


def test_crash_loop_slows_down_and_is_said_once(tmp_path: Path, said: io.StringIO) -> None:
    crashing = child(tmp_path, "raise SystemExit(1)")
    supervisor = Supervisor([crashing], Console(stream=said))
    supervisor.start()
    starts = {crashing.process.pid} if crashing.process else set()

    def count() -> bool:
        if crashing.process is not None:
            starts.add(crashing.process.pid)
        return False

    within(4, count, supervisor.tick)
    supervisor.stop()
    assert 4 <= len(starts) <= 8
    assert said.getvalue().count("web keeps ending") == 1
    assert str(crashing.log) in said.getvalue()


def test_workers_of_a_killed_main_process_are_ended(tmp_path: Path, said: io.StringIO) -> None:
    web = child(tmp_path, PARENT, linger=1.0)
    supervisor = Supervisor([web], Console(stream=said))
    supervisor.start()
    try:
        assert within(5, lambda: web.log.read_text().count("\n") == 1)
        worker = int(web.log.read_text())
        assert web.process is not None
        os.kill(web.process.pid, signal.SIGKILL)
        assert within(5, lambda: web.log.read_text().count("\n") == 2, supervisor.tick)
        assert within(5, lambda: not alive(worker), supervisor.tick)
    finally:
        supervisor.stop()
    assert within(2, lambda: not any(alive(int(pid)) for pid in web.log.read_text().split()))


def test_stop_ends_a_child_that_ignores_the_request(tmp_path: Path, said: io.StringIO) -> None:
    stubborn = child(tmp_path, STUBBORN)
    supervisor = Supervisor([stubborn], Console(stream=said))
    supervisor.start()
    assert within(5, lambda: "up" in stubborn.log.read_text())
    assert stubborn.process is not None
    supervisor.stop(patience=0.5)
    assert not alive(stubborn.process.pid)


def test_large_log_is_cut_while_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        for number in range(5):
            writer.write(f"{number}".encode() * 100)
            rotate_logs(tmp_path, largest=50, kept=2)
        writer.write(b"last")
    assert log.read_bytes() == b"last"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["web.log", "web.log.1", "web.log.2"]
    assert (tmp_path / "web.log.1").read_bytes() == b"4" * 100
