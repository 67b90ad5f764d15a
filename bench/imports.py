"""A file of another office: judged and loaded end to end, in a process of its own whose memory is read back, and taken back afterwards.

Seven rows of ten say what is known, two bring another address, one in twenty somebody new; one in fifty is damaged, one in a hundred doubtful.
"""

from __future__ import annotations

import csv
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.db import connection, connections
from django.utils import timezone
from psycopg import sql

from bench.measure import BenchError, Report
from bench.people import Doorkeeper, staff_with
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.idcard import check_digit
from linli.registry.imports.actions import check_on, load_on, order_load, order_undo, undo_on, upload
from linli.registry.imports.models import Batch
from linli.registry.people.models import Person

MOST = 300_000
READER = system_actor("bench.imports")
HEADING = ("人员编号", "公民身份号码", "姓名", "性别", "出生日期", "婚姻状况", "现住址", "社区代码", "联系电话")
RUNS = {"checking": check_on, "loading": load_on, "undoing": undo_on}


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
    note = f"{rows:,} rows: {told}; check {rows / check_s:,.0f}/s, undo {rows / undo_s:,.0f}/s; one process"
    report.figure("import_rows_per_s", rows / load_s, "1/s", 5000, at_least=True, note=note, baseline=rows / bare if bare else None)
    report.figure("import_peak_mb", max(check_mb, load_mb), "MB", 1536, note="of the process that checks or loads")


def _write(path: Path, rows: int) -> None:
    """Equal cities give equal files."""
    rng = Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADING)
        for number, person in enumerate(_people(rows)):
            out.writerow(_row(number, person, rng))


def _people(rows: int) -> Iterator[Person]:
    with scoped(READER):
        yield from Person.objects.exclude(id_index=None).select_related("region__parent").order_by("id")[:rows].iterator(chunk_size=5000)


def _row(number: int, person: Person, rng: Random) -> list[str]:
    chance, identity, name = rng.random(), str(person.id_number), person.name
    address = person.live_address
    if chance < 0.2:
        address = f"{address[:-3]}{rng.randint(101, 1899)}室" if len(address) > 3 else address
    elif chance < 0.25:
        body = f"{identity[:14]}{rng.randint(0, 999):03d}"
        identity, name = body + check_digit(body), name[:1] + rng.choice("建国华明丽秀英伟芳娜") + rng.choice("军平红梅强霞辉兰波静")
    elif chance < 0.27:
        identity = identity[:17] + ("0" if identity[17] != "0" else "1")
    elif chance < 0.28:
        name = rng.choice(("欧阳", "司马", "上官")) + "慧敏"
    community = person.region.code[:12]
    birth = f"{person.birth_date:%Y%m%d}" if person.birth_date else ""
    return [f"P{number:08d}", identity, name, person.sex, birth, "", address, community, str(person.phone or "")]


def _copied(path: Path) -> float | None:
    """Seconds for the same file by COPY into a bare table, which nobody gets below; None where the owner of the tables is not told."""
    url = os.environ.get("LINLI_OWNER_DATABASE_URL", "")
    if not url:
        return None
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(f"c{n}")) for n in range(len(HEADING)))
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
    """Turn after turn in a process of its own; seconds, and its highest memory in MB."""
    connections.close_all()
    context: Any = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_turns, args=(str(batch.pk), theirs))
    process.start()
    theirs.close()
    try:
        took, kilobytes = ours.recv()
    except EOFError:
        raise BenchError("the process with the file died") from None
    finally:
        process.join()
    return took, kilobytes / 1024


def _turns(key: str, end: Any) -> None:
    with scoped(READER):
        batch = Batch.objects.get(pk=key)
    began = time.perf_counter()
    while batch.state in RUNS:
        RUNS[batch.state](batch.pk)
        with scoped(READER):
            batch.refresh_from_db()
    end.send((time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
    end.close()
