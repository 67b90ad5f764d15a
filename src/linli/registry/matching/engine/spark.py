"""Spark for a register that one machine's memory does not hold. What Spark puts aside on disk lies in a private folder, encrypted with a key that
only its memory has, and is gone afterwards.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import reduce
from itertools import islice
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlglot
from django.conf import settings

from linli.lib.errors import Invalid
from linli.registry.matching.engine.blocking import MOST_OF_A_PHONE
from linli.registry.matching.engine.features import COLUMNS, LISTS, Features
from linli.registry.matching.engine.rarity import NameRarity
from linli.registry.matching.engine.tables import CHUNK, RARITY_COLUMN, SCHEMA, SPLIT, table_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PATIENCE = 20.0
"""Seconds the Java process gets to end by itself."""
_FUNCTIONS = {"list_has_any": "arrays_overlap", "list_contains": "array_contains", "list_intersect": "array_intersect", "len": "size"}
_RENAMED = re.compile(rf"\b({'|'.join(_FUNCTIONS)})\(")
_EDITS = re.compile(r"\bdamerau_levenshtein\((\w+), (\w+)\)")
_BYTES = "decode(encode({}, 'UTF-8'), 'ISO-8859-1')"
"""DuckDB counts edits of bytes, Splink's function for Spark edits of characters: so each byte is made a character."""


@contextmanager
def spark(*, memory: str, threads: int) -> Iterator[SparkStore]:
    """A session of its own (settings SPARK_MASTER, SPARK_FOLDER); its Java process and folder are gone after the block.

    ``memory`` is that of the driver, ``threads`` those of a local master. `Invalid` SPARK_MISSING, JAVA_MISSING.
    """
    _ensure_there()
    with TemporaryDirectory(prefix="linli-spark-", dir=settings.SPARK_FOLDER or None, ignore_cleanup_errors=True) as folder:  # mode 700
        session = _session(_options(Path(folder), memory, threads))
        try:
            yield SparkStore(session)
        finally:
            _end(session)


def _ensure_there() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")):
        raise Invalid("JAVA_MISSING", "Spark needs Java, which is not on this machine.", hint="apt-get install openjdk-17-jre-headless")
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise Invalid(
            "SPARK_MISSING",
            "Spark is not installed.",
            hint="Install it beside the other packages: .venv/bin/python -m pip install --require-hashes -r requirements/spark.txt",
        ) from error


def _options(folder: Path, memory: str, threads: int) -> dict[str, str]:
    from splink.internals.spark.jar_location import similarity_jar_location

    master = settings.SPARK_MASTER or f"local[{threads}]"
    options = {
        "spark.master": master,
        "spark.app.name": "linli",
        "spark.driver.memory": memory.lower().removesuffix("b"),
        "spark.jars": similarity_jar_location(),
        "spark.io.encryption.enabled": "true",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:-UsePerfData",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if master.startswith("local"):
        here = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        options |= here | {"spark.sql.shuffle.partitions": str(2 * threads), "spark.default.parallelism": str(2 * threads)}
    return options


def _session(options: Mapping[str, str]) -> SparkSession:
    from pyspark.sql import SparkSession

    logging.getLogger("py4j").setLevel(logging.WARNING)  # it talks about its connections
    os.environ.pop("SPARK_LOCAL_DIRS", None)  # it would win over the private folder
    builder = SparkSession.builder
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _end(session: SparkSession) -> None:
    """Stop Spark and the Java process under it, which would stay as long as this process does."""
    from pyspark import SparkContext

    session.stop()
    gateway: Any = SparkContext._gateway
    SparkContext._gateway = SparkContext._jvm = None
    if gateway is None:
        return
    process = gateway.proc
    gateway.shutdown()
    process.stdin.close()  # what the Java process takes for the wish to end
    with suppress(TimeoutExpired):
        process.wait(PATIENCE)
    if process.poll() is None:
        process.kill()
        process.wait()


class SparkStore:
    """Tables of features as temporary views of one session."""

    dialect = "spark"

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._rarities: list[DataFrame] = []

    def load(self, table: str, of: Iterable[Features], names: NameRarity) -> int:
        rest, parts = iter(of), [self._session.createDataFrame(SCHEMA.empty_table())]
        total = 0
        while chunk := list(islice(rest, CHUNK)):
            parts.append(self._session.createDataFrame(table_of(chunk, names)))
            total += len(chunk)
        every = reduce(lambda one, other: one.unionAll(other), parts).persist()
        self._keep(table, every.select(*_columns()))
        self._rarities.append(every.select("name", RARITY_COLUMN).where("name IS NOT NULL"))
        return total

    def forget_office_phones(self, *tables: str) -> None:
        every = " UNION ALL ".join(f"SELECT block_phone FROM {table} WHERE block_phone IS NOT NULL" for table in tables)
        self._keep("office_phones", self._session.sql(_many(every)))
        others = ", ".join(f"r.{name}" for name in COLUMNS if name != "block_phone")
        for table in tables:
            told = f"SELECT {others}, CASE WHEN o.phone IS NULL THEN r.block_phone END AS block_phone FROM {table} r"
            self._keep(table, self._session.sql(f"{told} LEFT JOIN office_phones o ON o.phone = r.block_phone"))

    def tell_rarities(self, linker: Any, api: Any) -> None:
        """A column beside the name, as DuckDB has it, would stand there twice for Spark."""
        every = reduce(lambda one, other: one.unionAll(other), self._rarities).distinct()
        every.persist().createOrReplaceTempView("rarities")
        linker.table_management.register_term_frequency_lookup(api.register("rarities"), "name")

    def api(self) -> Any:
        from splink.backends.spark import SparkAPI

        return SparkAPI(spark_session=self._session, break_lineage_method="persist")  # type: ignore[no-untyped-call]

    def written(self, sql: str) -> str:
        return in_spark(sql)

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        return map(tuple, self._session.sql(in_spark(sql)).toLocalIterator())

    def _keep(self, table: str, frame: DataFrame) -> None:
        frame.persist().createOrReplaceTempView(table)


def _columns() -> list[Any]:
    """Lists come as one text each, as they do to DuckDB."""
    from pyspark.sql import functions as f

    none = f.array().cast("array<string>")
    lists = {name: f.when(f.col(name) == "", none).otherwise(f.split(f.col(name), SPLIT)).alias(name) for name in LISTS}
    return [lists.get(name, f.col(name)) for name in COLUMNS]


def _many(phones: str) -> str:
    return f"SELECT block_phone AS phone FROM ({phones}) GROUP BY block_phone HAVING count(*) > {MOST_OF_A_PHONE}"


def in_spark(sql: str) -> str:
    """A condition or statement that was written for DuckDB."""
    renamed = _RENAMED.sub(lambda found: f"{_FUNCTIONS[found[1]]}(", sql)
    told = _EDITS.sub(lambda found: f"damerau_levenshtein({_BYTES.format(found[1])}, {_BYTES.format(found[2])})", renamed)
    return sqlglot.transpile(told, read="duckdb", write="spark")[0]
