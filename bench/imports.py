"""A file of another office: judged and loaded end to end by the city's own worker, whose memory is read back, and taken back afterwards.

Seven rows of ten say what is known, two bring another address, one in twenty somebody new; one in fifty is damaged, one in a hundred doubtful.
"""

from __future__ import annotations

import contextlib
import csv
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
from django.db import connection
from django.utils import timezone
from psycopg import sql

from bench.measure import BenchError, Report
from bench.people import Doorkeeper, staff_with
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.idcard import check_digit
from linli.registry.imports import queries
from linli.registry.imports.actions import order_load, order_undo, upload
from linli.registry.imports.models import Batch
from linli.registry.people.models import Person

MOST = 300_000
READER = system_actor("bench.imports")
ATTRIBUTES = ("id_number", "name", "sex", "birth_date", "marital", "live_address", "region", "phone")
RUNNING = ("checking", "loading", "undoing")
PATIENCE_S = 1800


def run(report: Report, keeper: Doorkeeper) -> None:
    rows = min(MOST, report.people)
    officers = staff_with("data_officer")
    if not officers:
        raise BenchError("the city has no data officer: build it anew")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        _write(path, rows)
        bare = _copied(path)
        batch = _brought(officers[0], path)
        check_s, check_mb = _through(batch)
        order_load(actor_of(officers[0]), batch_id=batch.pk)
        load_s, load_mb = _through(batch)
        loaded = _again(batch).loaded
        order_undo(actor_of(officers[0]), batch_id=batch.pk)
        undo_s, _ = _through(batch)
    told = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(loaded.items()))
    note = f"{rows:,} rows: {told}; check {rows / check_s:,.0f}/s, undo {rows / undo_s:,.0f}/s; one worker"
    report.figure("import_rows_per_s", rows / load_s, "1/s", 5000, at_least=True, note=note, baseline=rows / bare if bare else None)
    report.figure("import_peak_mb", max(check_mb, load_mb), "MB", 1536, note="of the worker")


def _write(path: Path, rows: int) -> None:
    """Equal cities give equal files."""
    rng = Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(_heading())
        before = ""
        for number, person in enumerate(_people(rows)):
            out.writerow(_row(number, person, before, rng))
            before = person.name


def _heading() -> list[str]:
    """As the police write it."""
    layout = queries.layout("police")
    return [layout.key, *(next(c.headings[0] for c in layout.columns if c.attribute == name) for name in ATTRIBUTES)]


def _people(rows: int) -> Iterator[Person]:
    with scoped(READER):
        yield from Person.objects.exclude(id_index=None).select_related("region__parent").order_by("id")[:rows].iterator(chunk_size=5000)


def _row(number: int, person: Person, other: str, rng: Random) -> list[str]:
    """``other`` is somebody else's name."""
    chance, identity, name = rng.random(), str(person.id_number), person.name
    address = person.live_address
    if chance < 0.2:
        address = f"{address[:-4]}{rng.randint(101, 1899)}{address[-1:]}"
    elif chance < 0.25:
        body = f"{identity[:14]}{rng.randint(0, 999):03d}"
        identity, name = body + check_digit(body), name[:1] + other[1:]
    elif chance < 0.27:
        identity = identity[:17] + ("0" if identity[17] != "0" else "1")
    elif chance < 0.28:
        name = other
    birth = f"{person.birth_date:%Y%m%d}" if person.birth_date else ""
    return [f"P{number:08d}", identity, name, person.sex, birth, "", address, person.region.code[:12], str(person.phone or "")]


def _copied(path: Path) -> float | None:
    """Seconds for the same file by COPY into a bare table, which nobody gets below; None where the owner of the tables is not told."""
    url = os.environ.get("LINLI_OWNER_DATABASE_URL", "")
    if not url:
        return None
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(f"c{n}")) for n in range(len(ATTRIBUTES) + 1))
    with psycopg.connect(url, dbname=connection.settings_dict["NAME"]) as owner:
        owner.execute(sql.SQL("CREATE TABLE bench_bare_rows ({})").format(columns))
        began = time.perf_counter()
        with (
            owner.cursor() as cursor,
            cursor.copy("COPY bench_bare_rows FROM STDIN (FORMAT csv, HEADER true)") as copy,
            path.open("rb") as file,
        ):
            while chunk := file.read(1 << 20):
                copy.write(chunk)
        owner.execute("SELECT count(*) FROM bench_bare_rows")
        took = time.perf_counter() - began
        owner.rollback()
    return took


def _brought(officer: User, path: Path) -> Batch:
    with path.open("rb") as file:
        return upload(actor_of(officer), file=file, name=path.name, layout="police", as_of=timezone.localdate())


def _again(batch: Batch) -> Batch:
    with scoped(READER):
        return Batch.objects.get(pk=batch.pk)


def _through(batch: Batch) -> tuple[float, float]:
    """Until the city's own worker is through with it; seconds, and the worker's highest memory in MB."""
    workers = _workers()
    for pid in workers:
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the highest so far is forgotten
    began = time.perf_counter()
    while _again(batch).state in RUNNING:
        if time.perf_counter() - began > PATIENCE_S:
            raise BenchError(f"the worker is not through with the file after {PATIENCE_S} s")
        time.sleep(0.2)
    took = time.perf_counter() - began
    if _again(batch).state == "failed":
        raise BenchError(f"the file broke off: {_again(batch).error}")
    return took, max((_highest(pid) for pid in workers), default=0.0)


def _workers() -> list[int]:
    """Processes of this city's worker."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                here = f"DATABASE_URL={os.environ.get('DATABASE_URL', '')}".encode() in (folder / "environ").read_bytes().split(b"\0")
                if b"worker" in words and here:
                    found.append(int(folder.name))
    return found


def _highest(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
