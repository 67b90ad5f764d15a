"""Features as tables of Arrow, which DuckDB and Spark take over in one piece."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from linli.registry.matching.engine.features import COLUMNS, FLAGS, LISTS, Features
from linli.registry.matching.engine.rarity import NameRarity

CHUNK = 25_000
RARITY_COLUMN = "tf_name"
SPLIT = "\x1f"
SCHEMA = pa.schema([*((name, pa.bool_() if name in FLAGS else pa.string()) for name in COLUMNS), (RARITY_COLUMN, pa.float64())])
SELECTED = ", ".join(
    [
        *(
            f"CASE WHEN {name} = '' THEN []::VARCHAR[] ELSE string_split({name}, chr(31)) END AS {name}" if name in LISTS else name
            for name in COLUMNS
        ),
        RARITY_COLUMN,
    ]
)
"""Lists come as one text each: DuckDB takes them apart many times faster than Arrow takes them over from Python."""


def table_of(of: Sequence[Features], names: NameRarity) -> pa.Table:
    columns = dict(zip(COLUMNS, zip(*of, strict=True), strict=True))
    for name in LISTS:
        columns[name] = tuple(map(SPLIT.join, columns[name]))
    columns[RARITY_COLUMN] = tuple(names.frequency(name) if name else None for name in columns["name"])
    return pa.table(columns, schema=SCHEMA)
