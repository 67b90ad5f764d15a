"""Latency of one client, throughput of eight; an answer that is not the expected one ends the measurement."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

WARM_UP = 20
REQUESTS = 300
CLIENTS = 8
SECONDS = 10.0


class BenchError(RuntimeError):
    """The figure cannot be measured; the message says what was answered."""


@dataclass
class Report:
    """Prints figures as JSON lines, and remembers whether all of them met their bars."""

    people: int
    cases: int
    ok: bool = True
    lines: list[dict[str, object]] = field(default_factory=list)

    def figure(
        self,
        name: str,
        value: float | None,
        unit: str,
        bar: float,
        *,
        at_least: bool = False,
        note: str = "",
        baseline: float | None = None,
    ) -> None:
        """One figure against its bar. ``value`` None: it could not be measured, ``note`` says why, and it is not ok."""
        good = value is not None and (value >= bar if at_least else value <= bar)
        line: dict[str, object] = {
            "name": name,
            "value": None if value is None else round(value, 3),
            "unit": unit,
            "bar": bar,
            "ok": good,
            "people": self.people,
            "cases": self.cases,
        }
        if baseline is not None:
            line |= {"baseline": round(baseline, 3), "ratio": round(value / baseline, 3) if value is not None and baseline else None}
        if note:
            line["note"] = note
        self.say(line)
        self.ok = self.ok and good

    def say(self, line: dict[str, object]) -> None:
        self.lines.append(line)
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Latency:
    p50: float
    p95: float
    count: int


def latency(requests: Iterable[Callable[[], object]], *, warm_up: int = WARM_UP) -> Latency:
    """Milliseconds of each call, one after the other, after the first ``warm_up``."""
    return in_turn(requests, warm_up=warm_up)[0]


def in_turn(*kinds: Iterable[Callable[[], object]], warm_up: int = WARM_UP) -> list[Latency]:
    """The same for several kinds of calls, one of each in turn: what is compared is measured in the same minute."""
    times: list[list[float]] = [[] for _ in kinds]
    for number, calls in enumerate(zip(*kinds, strict=False)):
        for kind, call in enumerate(calls):
            began = time.perf_counter()
            call()
            if number >= warm_up:
                times[kind].append((time.perf_counter() - began) * 1000)
    if not all(times):
        raise BenchError("nothing to measure: the city is too small")
    return [Latency(percentile(own, 0.5), percentile(own, 0.95), len(own)) for own in times]


def throughput(make: Callable[[int], Callable[[], bool]], *, clients: int = CLIENTS, seconds: float = SECONDS) -> tuple[float, list[float]]:
    """Calls a second of ``clients`` at once, and how long each took in milliseconds. ``make(n)`` gives client n its call; False: nothing left to do."""
    times: list[list[float]] = [[] for _ in range(clients)]
    wrong: list[BaseException] = []
    calls = [make(n) for n in range(clients)]
    start = threading.Barrier(clients + 1)
    until = [0.0]

    def work(n: int) -> None:
        start.wait()
        try:
            while time.perf_counter() < until[0] and not wrong:
                began = time.perf_counter()
                if not calls[n]():
                    break
                times[n].append((time.perf_counter() - began) * 1000)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    until[0] = time.perf_counter() + seconds
    began = time.perf_counter()
    start.wait()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if wrong:
        raise BenchError(f"an error under load: {wrong[0]}") from wrong[0]
    every = [t for one in times for t in one]
    if not every:
        raise BenchError("no call was completed")
    return len(every) / took, every
