"""What a file is, judged by its content; its name and the browser's word for it decide nothing."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

import puremagic

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKNOWN = "application/octet-stream"
TYPES: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
"""Types we know how to recognise for certain, with the extensions they go by."""
TABLES = {
    ".xlsx": XLSX,
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
}
"""Tables of other offices by their endings; whether they are what they say, their reader finds out."""
HEAD = 4096
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MOST_ENTRIES = 5000


def sniff(path: Path) -> str:
    """The media type of a file on disk; UNKNOWN for what nobody recognises."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    # Only types of our own table may come from checks of our own.
    return _other(head)


def _office(path: Path) -> str:
    """Word and Excel files are zips with a certain content; those with macros are not taken for documents."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return UNKNOWN
    if len(names) > _MOST_ENTRIES or "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return "application/zip"
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else "application/zip"


def _other(head: bytes) -> str:
    if head.startswith((b"MZ", b"\x7fELF", b"#!")):
        return "application/x-executable"
    try:
        found = str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    return found if found and found not in TYPES and "html" not in found and "svg" not in found else UNKNOWN


def table_type(name: str, content_type: str) -> str | None:
    """The media type of a table, from its ending; None for one we do not read, or whose content is plainly something else."""
    kind = TABLES.get(PurePosixPath(name).suffix.lower())
    known = content_type in TYPES or content_type in ("application/x-executable", "application/zip")
    return None if known and content_type != kind else kind


def accepts(content_type: str, accept: tuple[str, ...]) -> bool:
    """Whether a field takes this type; `image/*` takes every image. An empty list means every type we know for certain."""
    if not accept:
        return content_type in TYPES
    return any(content_type == one or (one.endswith("/*") and content_type.startswith(one[:-1])) for one in accept)


def extension_fits(name: str, content_type: str) -> bool:
    """Whether the name's ending is one the content goes by; a type outside the table may have any that is not another type's."""
    ending = PurePosixPath(name).suffix.lower()
    if content_type in TYPES:
        return ending in TYPES[content_type]
    return not any(ending in endings for endings in TYPES.values())


_BAD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
LONGEST = 120


def clean_name(name: str, content_type: str) -> str:
    """A name to show: the last part of a path, without control or direction marks, with an ending that fits the content."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = " ".join(_BAD.sub(" ", name).split()).strip(". ")
    stem, ending = PurePosixPath(name).stem.strip(". ") or "file", PurePosixPath(name).suffix
    if content_type in TYPES and ending.lower() not in TYPES[content_type]:
        ending = TYPES[content_type][0]
    return stem[: LONGEST - len(ending)] + ending
