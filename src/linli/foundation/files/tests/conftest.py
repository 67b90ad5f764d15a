"""Small real files, and people who may upload."""

from __future__ import annotations

import zipfile
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from linli.foundation.types import Actor, ActorKind, RegionRange

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 32
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 32
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + b"\x00" * 32
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 64


def office(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")


def citizen(party: UUID | None = None, **more: object) -> Actor:
    return Actor(ActorKind.CITIZEN, user_id=uuid4(), party_id=party, permissions=frozenset({"files.upload"})).but(**more)


def clerk(region: str = "0010200301", *, lines: tuple[str, ...] = ()) -> Actor:
    ranges = (RegionRange.below(region, lines=lines),)
    return Actor(ActorKind.STAFF, user_id=uuid4(), ranges=ranges, permissions=frozenset({"files.upload"}))


@pytest.fixture
def bare_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shells without what the channels registered: the tests' site mounts few apps only."""
    monkeypatch.setattr("linli.ui.engine.links._links", {})
    monkeypatch.setattr("linli.ui.engine.menu._items", {})
