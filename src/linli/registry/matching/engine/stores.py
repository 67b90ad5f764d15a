"""Where records lie while whole files are compared: in DuckDB's memory on one machine, or in Spark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import chain
from typing import Any, Protocol

import duckdb
from splink import DuckDBAPI

from linli.registry.matching.engine.features import Features
from linli.registry.matching.engine.memory import connect, forget_office_phones, load
from linli.registry.matching.engine.rarity import NameRarity

FETCH = 10_000


class Backend(StrEnum):
    """Who compares: one machine's memory is enough for a city, a province needs Spark (an extra: requirements/spark.in)."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Store(Protocol):
    """Tables of features, and questions about them. Statements are written for DuckDB; another store translates them."""

    def load(self, table: str, of: Iterable[Features], names: NameRarity) -> int: ...

    def forget_office_phones(self, *tables: str) -> None: ...

    def api(self) -> Any:
        """Splink's way to these tables."""

    def tell_rarities(self, linker: Any, api: Any) -> None:
        """How rare each name is, where Splink does not find it beside the name."""

    def written(self, sql: str) -> str:
        """A condition or statement as this store wants it."""

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]: ...

    @property
    def dialect(self) -> str:
        """Splink's name of the language that `written` writes."""


class InMemory:
    """DuckDB in this process, with nothing on disk (`engine.memory`)."""

    dialect = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def load(self, table: str, of: Iterable[Features], names: NameRarity) -> int:
        return load(self._connection, table, of, names)

    def forget_office_phones(self, *tables: str) -> None:
        forget_office_phones(self._connection, *tables)

    def api(self) -> Any:
        return DuckDBAPI(self._connection)

    def tell_rarities(self, linker: Any, api: Any) -> None:
        """It stands beside the name (`engine.tables`)."""

    def written(self, sql: str) -> str:
        return sql

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        fetch = self._connection.execute(sql).fetchmany
        return chain.from_iterable(iter(lambda: fetch(FETCH), []))


@contextmanager
def opened(backend: Backend, *, memory: str, threads: int) -> Iterator[Store]:
    """A store for one job; nothing of it is left behind. `Invalid` SPARK_MISSING, JAVA_MISSING."""
    if backend is Backend.SPARK:
        from linli.registry.matching.engine.spark import spark  # an extra that few have installed

        with spark(memory=memory, threads=threads) as store:
            yield store
    else:
        with connect(memory=memory, threads=threads) as connection:
            yield InMemory(connection)
