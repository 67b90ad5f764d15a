"""Reading a staff list from a workbook."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.utils.translation import gettext_noop
from python_calamine import CalamineError, CalamineWorkbook

from linli.foundation.accounts.types import StaffRow
from linli.lib.errors import Invalid

COLUMNS = {
    "username": gettext_noop("User name"),
    "name": gettext_noop("Full name"),
    "phone": gettext_noop("Mobile number"),
    "unit_code": gettext_noop("Unit code"),
    "post": gettext_noop("Post"),
    "role": gettext_noop("Role code"),
}
MOST_ROWS = 2000


def read_staff(data: bytes, translate: Callable[[str], str]) -> list[StaffRow]:
    """Rows of the first sheet; empty ones are left out. `Invalid` SHEET_UNREADABLE, SHEET_COLUMNS, SHEET_TOO_LONG.

    A heading may be the English name, its translation or the field's own name, in any order.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        cells = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise Invalid(
            "SHEET_UNREADABLE",
            gettext_noop("This is not an Excel workbook that can be read."),
            field="file",
            hint=gettext_noop("Save it as .xlsx without a password and send it again."),
        ) from error
    if not cells:
        raise _columns(list(COLUMNS), translate)
    if len(cells) > MOST_ROWS + 1:
        raise Invalid(
            "SHEET_TOO_LONG", gettext_noop("At most %(most)s people can be read at once."), field="file", data={"most": MOST_ROWS}
        )
    places = _places([_text(cell) for cell in cells[0]], translate)
    missing = [key for key in COLUMNS if key not in places]
    if missing:
        raise _columns(missing, translate)
    rows = []
    for number, line in enumerate(cells[1:], start=2):
        values = {key: _text(line[at]) if at < len(line) else "" for key, at in places.items()}
        if any(values.values()):
            rows.append(StaffRow(number, **values))
    return rows


def _places(heading: list[str], translate: Callable[[str], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, label in COLUMNS.items():
        names = {key, label.casefold(), translate(label).casefold()}
        at = next((i for i, text in enumerate(heading) if text.casefold() in names), None)
        if at is not None:
            found[key] = at
    return found


def _text(cell: object) -> str:
    """A cell as typed: Excel keeps a phone number as a float."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _columns(missing: list[str], translate: Callable[[str], str]) -> Invalid:
    return Invalid(
        "SHEET_COLUMNS",
        gettext_noop("The first row lacks these columns: %(columns)s."),
        field="file",
        data={"columns": ", ".join(translate(COLUMNS[key]) for key in missing)},
    )
