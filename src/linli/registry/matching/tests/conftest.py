"""The model of the packs, and records to be varied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from linli.registry.matching.engine.model import Model
from linli.registry.matching.engine.sample import Land
from linli.registry.matching.queries import land as land_of_packs
from linli.registry.matching.types import Record


@pytest.fixture(scope="session")
def model() -> Model:
    path = Path(settings.PACKS_DIR) / "national" / "matching.json"
    return Model.from_json(path.read_text(encoding="utf-8")).for_size(1_200_000)


@pytest.fixture(scope="session")
def land() -> Land:
    return land_of_packs(date(2026, 6, 30))


@pytest.fixture
def wang() -> Record:
    """Everything is known of him."""
    return Record(
        "wang",
        name="王建国",
        sex="1",
        birth_date=date(1985, 3, 7),
        id_number="360599198503071239",
        phone="15400000001",
        address="建设东路12号阳光小区3幢2单元1203室",
    )
