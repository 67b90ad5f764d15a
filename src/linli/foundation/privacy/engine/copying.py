"""The copy a resident gets: a table to read and a file for programs, in one archive."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from linli.foundation.privacy.engine.writing import workbook

COLUMNS = ("what", "value", "source", "as_of")


def archive(number: str, mark: str, headings: tuple[str, str, str, str, str], content: str) -> bytes:
    """``content`` as `queries.requests.content_of` made it; ``headings``: part, what, value, whose word, day."""
    parts: list[dict[str, Any]] = json.loads(content)
    rows = [[str(part["title"]), *(str(line[name]) for name in COLUMNS)] for part in parts for line in part["lines"]]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{number}.xlsx", workbook(mark, headings, rows))
        file.writestr(f"{number}.json", json.dumps({"number": number, "mark": mark, "parts": parts}, ensure_ascii=False, indent=1))
    return out.getvalue()
