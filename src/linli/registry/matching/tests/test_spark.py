"""Spark finds what DuckDB finds, keeps what it puts aside to itself, and is loaded by nobody else."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from linli.registry.matching.engine.conditions import within
from linli.registry.matching.engine.errors import Rates
from linli.registry.matching.engine.features import features
from linli.registry.matching.engine.linking import Linked, linked, predicted, with_levels
from linli.registry.matching.engine.model import Model
from linli.registry.matching.engine.sample import Land, Truth, offices, residents
from linli.registry.matching.engine.stores import Backend, Store, opened
from linli.registry.matching.engine.truth import HEADER
from linli.registry.matching.tests.test_splink import DIRTY, LATIN

pytest.importorskip("pyspark", reason="the extra of requirements/spark.txt is not installed")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java", allow_module_level=True)

LEAST, SOME = -10.0, 40
STRANGE = (0.9, Rates(no_number=0.4, moved=0.5, no_phone=0.3, no_birth=0.05, number_digit=0.05))


@pytest.fixture(scope="module")
def dirty(land: Land) -> Truth:
    truth = offices(land, 12, list(residents(land, 12, 1_200)), [(0.9, DIRTY), STRANGE])
    for record in LATIN:
        truth.add(record, record.key)
    truth.add(replace(LATIN[1], key="l6", name="Jón Smiht"), "l2")
    for number in range(60):  # an office's telephone
        truth.add(
            replace(truth.records[number], key=f"o{number}", phone="15499999999", id_number=""), truth.person[truth.records[number].key]
        )
    return truth


def chances(store: Store, model: Model, truth: Truth) -> dict[tuple[str, str], tuple[float, float]]:
    assert store.load("records", map(features, truth.records), model.names) == len(truth.records)
    store.forget_office_phones("records")
    table = predicted(model, store, ["records"], LEAST)
    rows = store.rows(f"SELECT key_l, key_r, match_weight, match_probability FROM {table}")
    return {(min(a, b), max(a, b)): (weight, chance) for a, b, weight, chance in rows}


def levels(store: Store, some: int) -> set[tuple[str, ...]]:
    """Of pairs no blocking chose."""
    picked = f"(SELECT * FROM records ORDER BY key LIMIT {some})"
    every = f"SELECT l.key AS key_l, r.key AS key_r, 0.0 AS match_weight FROM {picked} l JOIN {picked} r ON l.key < r.key"
    return {(row[0], row[1], *row[3:]) for row in store.rows(with_levels(every, ["records"]))}


@pytest.fixture
def folder(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # it is not long enough for Java to warm up
    settings.SPARK_FOLDER, settings.SPARK_MASTER = str(tmp_path), "local[2]"  # type: ignore[attr-defined]
    return tmp_path


@dataclass
class Found:
    """What one store made of the records."""

    chances: dict[tuple[str, str], tuple[float, float]]
    levels: set[tuple[str, ...]]
    once: Linked
    two: Linked


def everything(store: Store, model: Model, truth: Truth) -> Found:
    weighed, compared = chances(store, model, truth), levels(store, SOME)
    sized = model.for_size(len(truth.records))
    store.load("ours", map(features, truth.records[:400]), model.names)
    store.load("theirs", map(features, truth.records[-1_300:]), model.names)
    return Found(weighed, compared, linked(sized, store, ["records"]), linked(sized, store, ["ours", "theirs"]))


def told(found: Linked) -> tuple[object, ...]:
    pairs = {(p.left, p.right, p.band, p.objection) for p in found.pairs}
    return dict(found.clusters.of), pairs, {(p.left, p.right) for p in found.clusters.review}


def test_spark_and_duckdb_find_the_same(model: Model, dirty: Truth, folder: Path) -> None:
    """Chances, levels, pairs and people; within one file and between two."""
    assert len(dirty.records) > 2_000
    with opened(Backend.DUCKDB, memory="1GB", threads=2) as store:
        known = everything(store, model, dirty)
    with opened(Backend.SPARK, memory="1GB", threads=2) as store:
        found = everything(store, model, dirty)
        assert [stat.S_IMODE(place.stat().st_mode) for place in folder.iterdir()] == [0o700]
        assert edits_agree(store)
    assert not list(folder.iterdir()), "what Spark put aside is gone"
    assert found.chances.keys() == known.chances.keys() and len(known.chances) > 800
    for pair, (weight, chance) in known.chances.items():
        assert found.chances[pair] == pytest.approx((weight, chance), abs=1e-6), pair
    assert found.levels == known.levels and len(known.levels) == SOME * (SOME - 1) / 2
    assert told(found.once) == told(known.once) and len(known.once.clusters.of) > 800 and known.once.clusters.review
    assert told(found.two) == told(known.two) and known.two.clusters.of


def edits_agree(store: Store) -> bool:
    """Edits are counted in bytes and as DuckDB counts them, also where letters have marks."""
    words = ["smith", "smiht", "simth", "smyth", "jon", "john", "jonh", "иванов", "иванав", "ohn", "ca", "abc", "1985", "8159"]
    known = ", ".join(f"('{word}')" for word in words)
    asked = f"""SELECT a_l, a_r, damerau_levenshtein(a_l, a_r) <= 2, damerau_levenshtein(a_l, a_r) <= 1
        FROM (VALUES {known}) AS one(a_l) CROSS JOIN (VALUES {known}) AS two(a_r)"""
    rows = list(store.rows(asked))
    assert len(rows) == len(words) ** 2
    wrong = [(left, right) for left, right, two, one in rows if (two, one) != (within(left, right, 2), within(left, right, 1))]
    return not wrong or pytest.fail(f"{wrong}")


def test_the_command_takes_a_backend(dirty: Truth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    @contextmanager
    def noted(backend: Backend, *, memory: str, threads: int) -> Iterator[Store]:
        asked.append(backend)
        with opened(Backend.DUCKDB, memory=memory, threads=threads) as store:
            yield store

    monkeypatch.setattr("linli.registry.matching.engine.linking.opened", noted)
    file = tmp_path / "truth.csv"
    lines = [",".join(HEADER)]
    for record in dirty.records[:300]:
        birth = record.birth_date.isoformat() if record.birth_date else ""
        row = ("1", record.key, record.name, record.sex, birth, record.id_number, record.phone, record.address, dirty.person[record.key])
        lines.append(",".join(row))
    file.write_text("\n".join(lines), encoding="utf-8")
    said = {}
    for backend in Backend:
        out = StringIO()
        call_command("registry", "score", "--truth", str(file), "--backend", backend.value, stdout=out)
        said[backend] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert asked == list(Backend)
    assert said[Backend.SPARK] == said[Backend.DUCKDB] and said[Backend.SPARK][0]["records"] == 300


def test_nobody_else_loads_spark() -> None:
    """Neither the city nor linking by DuckDB."""
    code = (
        "import django, sys; django.setup(); import linli.config.urls, linli.registry.matching.engine.linking, linli.registry.matching.tasks; "
        "assert not [name for name in sys.modules if name.startswith(('pyspark', 'py4j'))]"
    )
    environment = dict(os.environ, PYTHONPATH=str(settings.ROOT / "src"))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
