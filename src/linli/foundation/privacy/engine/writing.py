"""The exported file: a table that says on every page whose it is, in an archive that a password opens (AES-256)."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pyzipper
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import StringProperty

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other when somebody reads the password out."""
PASSWORD_LENGTH = 16
PROPERTY = "LinliExport"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def new_password() -> str:
    """79 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))


def workbook(mark: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet; the mark stands above the headings, in header and footer of each printed page, and in the file's properties."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    for place in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter):
        place.center.text = mark.replace("&", "&&")
    sheet.print_title_rows = "1:2"
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=mark))  # type: ignore[attr-defined]
    for values in chain([[mark], headings], rows):
        sheet.append([_text(sheet, value) for value in values])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Any, value: str) -> Any:
    """Always a text: what somebody typed is never a formula of the reader's."""
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


def lines(mark: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 as office programs open it; the first line is a comment with the mark."""
    out = io.StringIO(newline="")
    out.write(f"# {' '.join(mark.split())}\r\n")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([f"'{value}" if value.startswith(FORMULA) else value for value in values] for values in rows)
    return out.getvalue().encode("utf-8-sig")


def seal(path: Path, name: str, content: bytes, password: str) -> None:
    """Write the archive in one rename; the table itself is never on the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with (
        os.fdopen(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file,
        pyzipper.AESZipFile(file, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive,
    ):
        archive.setpassword(password.encode())
        archive.writestr(name, content)
    half.replace(path)
