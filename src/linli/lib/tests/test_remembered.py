"""Answers are kept for a while, errors are not, and everything can be forgotten."""

from __future__ import annotations

import pytest

from linli.lib import remembered as module
from linli.lib.remembered import forget_all, remembered


def test_same_question_is_answered_once() -> None:
    asked: list[int] = []

    @remembered(seconds=60)
    def double(n: int) -> int:
        asked.append(n)
        return 2 * n

    assert [double(2), double(2), double(3)] == [4, 4, 6]
    assert asked == [2, 3]
    forget_all()
    assert double(2) == 4
    assert asked == [2, 3, 2]


def test_an_error_is_not_kept() -> None:
    tries: list[int] = []

    @remembered(seconds=60)
    def fails_once() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise LookupError("not yet")
        return "well"

    with pytest.raises(LookupError):
        fails_once()
    assert fails_once() == "well"


def test_an_answer_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    @remembered(seconds=0)
    def now() -> int:
        asked.append(1)
        return len(asked)

    assert (now(), now()) == (1, 2)
    assert module.MOST >= 100
