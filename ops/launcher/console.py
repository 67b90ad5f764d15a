"""What the operator sees: one line a step, colours only on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Console:
    """Numbered progress lines such as `[ 3/10] Front-end packages ... 4.2 s`."""

    def __init__(self, total: int = 0, stream: TextIO | None = None) -> None:
        self.total = total
        self.number = 0
        self.stream = stream or sys.stdout
        self._open = False

    def say(self, text: str = "") -> None:
        if self._open:
            self._break()
            if not text:
                return
        print(text, file=self.stream, flush=True)

    def warn(self, text: str) -> None:
        self.say(self._paint("33", f"  note: {text}"))

    def fail(self, text: str) -> None:
        self.say(self._paint("31", f"error: {text}"))

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Print the title now and the seconds at the end; `failed` when the step raises."""
        self._begin(title)
        started = time.monotonic()
        try:
            yield
        except BaseException:
            self._finish(title, "failed")
            raise
        self._finish(title, f"{time.monotonic() - started:.1f} s")

    def skipped(self, title: str) -> None:
        self._begin(title)
        self._finish(title, "ready")

    def _label(self, title: str) -> str:
        return f"[{self.number:2d}/{self.total:2d}] {title} ..."

    def _begin(self, title: str) -> None:
        self.number += 1
        self.stream.write(self._label(title))
        self.stream.flush()
        self._open = True

    def _finish(self, title: str, result: str) -> None:
        if not self._open:  # other output came between: say again what ended
            self.stream.write(self._label(title))
        self.stream.write(f" {result}\n")
        self.stream.flush()
        self._open = False

    def _break(self) -> None:
        if self._open:
            self.stream.write("\n")
            self._open = False

    def _paint(self, colour: str, text: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self.stream.isatty() else text
