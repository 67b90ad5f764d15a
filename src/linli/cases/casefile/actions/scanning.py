"""The papers of a synthetic city as its counters scanned them: every sheet and portrait is drawn once and shared by the cases that hold it."""

from __future__ import annotations

import io
from uuid import UUID

from django.db import connection

from linli.cases.casefile.engine.portraits import VARIANTS, portrait
from linli.cases.casefile.models import Material
from linli.cases.casefile.queries.demo_scans import Scans, scans, without_scan
from linli.cases.catalogue.engine.papers import to_pdf
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.files.actions import Share, share, store
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, Level, system_actor

MOST = 10_000
"""Papers that get a file: all of a demo's, the newest ones of a large city's."""
BUILDER = system_actor("city.scans", permissions=["files.upload"])


def scan_materials(city: CityContext) -> None:
    """Build what `given` promises: a paper that can be opened. Repeating it finds only what still lacks one."""
    with scoped(BUILDER):
        made = _scan(BUILDER, most=MOST)
    city.say(f"  {made:,} papers scanned")


@action("files.upload", audit="cases.demo_papers_scanned")
def _scan(actor: Actor, *, most: int) -> int:
    looks = scans()
    masters: dict[tuple[str, int], StoredFile] = {}
    found: list[tuple[Material, StoredFile]] = []
    for row in without_scan(most):
        photograph = row.key in looks.photographs
        if not photograph and not looks.template:
            continue
        kind = (row.key, _likeness(row) if photograph else 0)
        if kind not in masters:
            masters[kind] = _draw(actor, looks, row, kind[1])
        found.append((row, masters[kind]))
    files = share(actor, wanted=[_of_case(row, master) for row, master in found])
    _attach([row.id for row, _ in found], [file.id for file in files])
    return len(files)


def _of_case(row: Material, master: StoredFile) -> Share:
    case = row.case
    name = row.name[:40] + (".jpg" if master.content_type == "image/jpeg" else ".pdf")
    return Share(master, name, case.id, case.party_id, case.region_path, case.line, case.level)


def _likeness(row: Material) -> int:
    """Which portrait: the last digit but one of an ID number is even for women, and so is every second picture a woman's."""
    digit = row.case.id_last4[2:3]
    woman = int(digit) % 2 == 0 if digit.isdigit() else bool(row.case_id.int % 2)
    return row.case_id.int // 2 % (VARIANTS // 2) * 2 + woman


def _draw(actor: Actor, looks: Scans, row: Material, variant: int) -> StoredFile:
    """The first of its kind; it belongs to no case."""
    if row.key in looks.photographs:
        return store(actor, upload=io.BytesIO(portrait(variant)), name="portrait.jpg", level=Level.PERSONAL)
    sheet = looks.papers.get(row.key, {})
    values = {"title": sheet.get("title", row.name), "lines": sheet.get("lines", [])}
    return store(
        actor, upload=io.BytesIO(to_pdf({"scan.html": looks.template}, "scan.html", values)), name="scan.pdf", level=Level.PERSONAL
    )


def _attach(rows: list[UUID], files: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casefile_material m SET file_id = s.file FROM unnest(%s::uuid[], %s::uuid[]) AS s(id, file) WHERE m.id = s.id",
            [rows, files],
        )
