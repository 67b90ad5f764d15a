"""Whole files at once: Splink finds and weighs the pairs in DuckDB's memory or in Spark, our bands decide, clusters make people of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
from splink import Linker, SettingsCreator

from linli.registry.matching.engine.banding import band, objection
from linli.registry.matching.engine.clusters import Clusters, cluster
from linli.registry.matching.engine.comparisons import COMPARISONS
from linli.registry.matching.engine.features import COLUMNS, features
from linli.registry.matching.engine.model import Model, probability
from linli.registry.matching.engine.splink_settings import LinkType, level_sql, settings
from linli.registry.matching.engine.stores import Backend, InMemory, Store, opened
from linli.registry.matching.types import Band, Pair, Part, Record, Score

_COMPARED = COLUMNS[1 : COLUMNS.index("sound")]
_NAMES = tuple(comparison.name for comparison in COMPARISONS)


@dataclass(frozen=True)
class Linked:
    """``pairs`` are those to link and those to review; ``clusters`` what follows from them."""

    pairs: tuple[Pair, ...]
    clusters: Clusters


def link(
    model: Model,
    left: Iterable[Record],
    right: Iterable[Record] | None = None,
    *,
    backend: Backend = Backend.DUCKDB,
    memory: str = "3GB",
    threads: int = 2,
) -> Linked:
    """Pairs between two files, or within one; keys must not repeat, neither within a file nor between the two.

    The model's prior should be that of the number of people the records are compared with (`Model.for_size`).
    """
    with opened(backend, memory=memory, threads=threads) as store:
        tables = ["records"]
        store.load("records", map(features, left), model.names)
        if right is not None:
            tables.append("others")
            store.load("others", map(features, right), model.names)
        store.forget_office_phones(*tables)
        return linked(model, store, tables)


def linked(model: Model, store: Store, tables: Sequence[str]) -> Linked:
    """The same over tables that are loaded."""
    found = tuple(_pairs(model, store, tables))
    return Linked(found, cluster(found, _valid_numbers(store, tables)))


def linker(model: Model | None, connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> Linker:
    """Splink over tables that `memory.load` made."""
    return _linker(model, InMemory(connection), tables)


def _linker(model: Model | None, store: Store, tables: Sequence[str]) -> Linker:
    api = store.api()
    kind: LinkType = "link_only" if len(tables) > 1 else "dedupe_only"
    registered = [api.register(table, dataset_display_name=f"{table}_in") for table in tables]
    logging.getLogger("splink").setLevel(logging.ERROR)  # it talks about its progress, and of levels no sample has
    told = settings(model, kind, dialect=store.dialect, written=store.written)
    found = Linker(registered, SettingsCreator(**told), log_level=None)
    store.tell_rarities(found, api)
    return found


def predictions(model: Model, connection: duckdb.DuckDBPyConnection, tables: Sequence[str], least: float) -> str:
    """The name of a table with key_l, key_r, match_weight and match_probability of the pairs that weigh at least ``least`` bits."""
    return predicted(model, InMemory(connection), tables, least)


def predicted(model: Model, store: Store, tables: Sequence[str], least: float) -> str:
    """`predictions` of any store."""
    scored = _linker(model, store, tables).inference.predict(threshold_match_weight=least, warning_mode="never")
    return str(scored.physical_name)


def _pairs(model: Model, store: Store, tables: Sequence[str]) -> Iterator[Pair]:
    """Of Splink's pairs those that are to be linked or reviewed, with two that share an ID number whatever they weigh."""
    table = predicted(model, store, tables, model.rules.review)
    first, last = tables[0], tables[-1]
    once = "AND l.key < r.key" if first == last else ""
    light = f"""FROM (SELECT l.key AS key_l, r.key AS key_r, NULL::DOUBLE AS match_weight
        FROM {first} l JOIN {last} r ON l.id_number = r.id_number {once}) c
        ANTI JOIN {table} p ON c.key_l = p.key_l AND c.key_r = p.key_r
        ANTI JOIN {table} q ON c.key_l = q.key_r AND c.key_r = q.key_l"""
    weighed = f"SELECT key_l, key_r, match_weight FROM {table} UNION ALL ({light})"
    for row in store.rows(f"SELECT * FROM ({with_levels(weighed, tables)})"):
        if (pair := _judge(model, *row)) is not None:
            yield pair


def with_levels(pairs: str, tables: Sequence[str]) -> str:
    """SQL for the levels of all comparisons, by name, behind key_l, key_r and match_weight of the pairs."""
    every = " UNION ALL ".join(f"FROM {table}" for table in tables)
    used = ", ".join(f"l.{column} AS {column}_l, r.{column} AS {column}_r" for column in _COMPARED)
    levels = ", ".join(f"{level_sql(comparison)} AS level_{comparison.name}" for comparison in COMPARISONS)
    return f"""WITH every AS ({every}), compared AS (
        SELECT p.key_l, p.key_r, p.match_weight, {used} FROM ({pairs}) p JOIN every l ON l.key = p.key_l JOIN every r ON r.key = p.key_r)
        SELECT key_l, key_r, match_weight, {levels} FROM compared"""


def _judge(model: Model, left: str, right: str, weight: float | None, *levels: str) -> Pair | None:
    parts = tuple(Part(name, level, model.weights[name][level]) for name, level in zip(_NAMES, levels, strict=True) if level)
    bits = model.start + sum(part.weight for part in parts) if weight is None else weight
    seen = Score(probability(bits), bits, parts)
    verdict = band(seen, model.rules)
    if verdict is Band.REJECT:
        return None
    return Pair(min(left, right), max(left, right), bits, verdict, objection(seen))


def _valid_numbers(store: Store, tables: Sequence[str]) -> dict[str, str]:
    every = " UNION ALL ".join(f"SELECT key, id_number FROM {table} WHERE id_valid" for table in tables)
    return dict(store.rows(every))
