"""DuckDB in memory with nothing on disk: decrypted records pass through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import duckdb
import pyarrow as pa

from linli.registry.matching.engine.blocking import MOST_OF_A_PHONE
from linli.registry.matching.engine.features import COLUMNS, FLAGS, LISTS, Features
from linli.registry.matching.engine.rarity import NameRarity

CHUNK = 50_000
RARITY_COLUMN = "tf_name"
_SPLIT = "\x1f"
_SCHEMA = pa.schema([*((name, pa.bool_() if name in FLAGS else pa.string()) for name in COLUMNS), (RARITY_COLUMN, pa.float64())])
_SELECTED = ", ".join(
    [
        *(
            f"CASE WHEN {name} = '' THEN []::VARCHAR[] ELSE string_split({name}, chr(31)) END AS {name}" if name in LISTS else name
            for name in COLUMNS
        ),
        RARITY_COLUMN,
    ]
)
"""Lists come as one text each: DuckDB takes them apart many times faster than Arrow takes them over from Python."""


def connect(*, memory: str = "3GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database of this process's memory: what does not fit raises `duckdb.OutOfMemoryException`, and is never written down.

    An empty temp_directory is what forbids spilling (DuckDB's default for a database in memory is a folder .tmp).
    """
    connection = duckdb.connect(":memory:", config={"temp_directory": "", "memory_limit": memory, "threads": threads})
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_progress_bar = false")
    return connection


def load(connection: duckdb.DuckDBPyConnection, table: str, of: Iterable[Features], names: NameRarity) -> int:
    """Make a table of the features and say how many there are. A phone of too many records is put out of `block_phone`."""
    connection.register("incoming", _SCHEMA.empty_table())
    connection.execute(f"CREATE TABLE {table} AS SELECT {_SELECTED} FROM incoming")
    total = 0
    for batch in _batches(of, names):
        connection.register("incoming", batch)
        connection.execute(f"INSERT INTO {table} SELECT {_SELECTED} FROM incoming")
        total += batch.num_rows
    connection.unregister("incoming")
    return total


def forget_office_phones(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    """A phone that many records give stands for an office or for nothing: as a blocking key it would pair them all."""
    every = " UNION ALL ".join(f"SELECT block_phone FROM {table} WHERE block_phone IS NOT NULL" for table in tables)
    many = f"SELECT block_phone FROM ({every}) GROUP BY 1 HAVING count(*) > {MOST_OF_A_PHONE}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE office_phones AS {many}")
    for table in tables:
        connection.execute(f"UPDATE {table} SET block_phone = NULL WHERE block_phone IN (FROM office_phones)")


def _batches(of: Iterable[Features], names: NameRarity) -> Iterator[pa.Table]:
    rest = iter(of)
    while chunk := list(islice(rest, CHUNK)):
        columns = dict(zip(COLUMNS, zip(*chunk, strict=True), strict=True))
        for name in LISTS:
            columns[name] = tuple(map(_SPLIT.join, columns[name]))
        columns[RARITY_COLUMN] = tuple(names.frequency(name) if name else None for name in columns["name"])
        yield pa.table(columns, schema=_SCHEMA)
