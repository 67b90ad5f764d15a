"""A committed small city in a fresh database for each race."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


@pytest.fixture
def city(fresh_database: str) -> Any:
    from linli.cases.casefile.queries import cases
    from linli.cases.casefile.tests.factories import small_city

    cases._LOCKED.clear()
    return small_city()


@pytest.fixture(params=["lock", "no lock"])
def locked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Every race is run twice: as the house is, and with its row locks taken out, which must end badly - so the lock matters."""
    from tests.race.meeting import without_row_locks

    if request.param == "no lock":
        without_row_locks(monkeypatch)
    return bool(request.param == "lock")
