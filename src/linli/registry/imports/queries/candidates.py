"""A row of a file as matching sees it; whom it may be about is looked for by `matching.queries.candidates`."""

from __future__ import annotations

from datetime import date

from linli.registry.imports.types import Standard
from linli.registry.matching.engine.features import Features, features
from linli.registry.matching.queries.candidates import Known, Pool, features_of_person, pool_for
from linli.registry.matching.types import Record

__all__ = ["Known", "Pool", "features_of_person", "features_of_row", "pool_for"]


def features_of_row(row: Standard) -> Features:
    """The row as matching sees it."""
    values, birth = row.values, row.values.get("birth_date", "")
    return features(
        Record(
            str(row.number),
            values.get("name", ""),
            values.get("sex", ""),
            date.fromisoformat(birth) if birth else None,
            values.get("id_number", ""),
            values.get("phone", ""),
            values.get("live_address", ""),
        )
    )
