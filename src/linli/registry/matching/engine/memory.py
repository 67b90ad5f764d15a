"""DuckDB in memory with nothing on disk: decrypted records pass through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import duckdb
import pyarrow as pa

from linli.registry.matching.engine.blocking import MOST_OF_A_PHONE
from linli.registry.matching.engine.features import Features
from linli.registry.matching.engine.rarity import NameRarity
from linli.registry.matching.engine.tables import CHUNK, SCHEMA, SELECTED, table_of


def connect(*, memory: str = "3GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database of this process's memory: what does not fit raises `duckdb.OutOfMemoryException`, and is never written down.

    An empty temp_directory is what forbids spilling (DuckDB's default for a database in memory is a folder .tmp).
    """
    connection = duckdb.connect(":memory:", config={"temp_directory": "", "memory_limit": memory, "threads": threads})
    connection.sql("SET autoinstall_known_extensions = false")
    connection.sql("SET autoload_known_extensions = false")
    connection.sql("SET enable_progress_bar = false")
    return connection


def load(connection: duckdb.DuckDBPyConnection, table: str, of: Iterable[Features], names: NameRarity) -> int:
    """Make a table of features and say how many there are."""
    return _insert(connection, table, _chunks(of, names))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, parts: Iterator[pa.Table]) -> int:
    connection.register("incoming", SCHEMA.empty_table())
    connection.sql(f"CREATE TABLE {table} AS SELECT {SELECTED} FROM incoming")
    total = 0
    for part in parts:
        connection.register("incoming", part)
        connection.sql(f"INSERT INTO {table} SELECT {SELECTED} FROM incoming")
        total += part.num_rows
    connection.unregister("incoming")
    return total


def forget_office_phones(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    """A phone that many records give stands for an office or for nothing: as a blocking key it would pair them all."""
    every = " UNION ALL ".join(f"SELECT block_phone FROM {table} WHERE block_phone IS NOT NULL" for table in tables)
    many = f"SELECT block_phone FROM ({every}) GROUP BY 1 HAVING count(*) > {MOST_OF_A_PHONE}"
    connection.sql(f"CREATE OR REPLACE TEMP TABLE office_phones AS {many}")
    for table in tables:
        connection.sql(f"UPDATE {table} SET block_phone = NULL WHERE block_phone IN (FROM office_phones)")


def _chunks(of: Iterable[Features], names: NameRarity) -> Iterator[pa.Table]:
    rest = iter(of)
    while chunk := list(islice(rest, CHUNK)):
        yield table_of(chunk, names)
