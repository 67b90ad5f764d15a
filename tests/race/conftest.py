"""A committed small city in a fresh database for each race. The city is built once a run and cloned."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


@pytest.fixture(scope="session")
def built(clone: Any) -> tuple[str, Any]:
    """The database that holds the city, and the city's handles."""
    from tests.race.people import race_city

    with clone(f"linli_race_{os.getpid()}", of="linli_template", keep=True) as name:
        return name, race_city()


@pytest.fixture(scope="session")
def database_template(built: tuple[str, Any]) -> str:
    return built[0]


@pytest.fixture
def city(fresh_database: str, built: tuple[str, Any]) -> Any:
    from linli.cases.casefile.queries import cases
    from linli.foundation.access import queries as access
    from linli.foundation.calendar.queries import forget

    cases._LOCKED.clear()
    access.forget_roles()
    forget()
    return built[1]


@pytest.fixture(params=["lock", "no lock"])
def locked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Every race is run twice: as the house is, and with its locks taken out, which must end badly - so the lock matters."""
    from tests.race.meeting import without_row_locks

    if request.param == "no lock":
        without_row_locks(monkeypatch)
    return bool(request.param == "lock")
