"""Reading of the tables shipped in `lib/data`. A missing or malformed table is a broken installation and raises at once."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib import resources
from typing import Any

_DATA = resources.files("linli.lib.data")


@cache
def csv_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/<name>.csv` in file order, by column heading. Callers share the rows: do not edit them."""
    text = _DATA.joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(dict(row) for row in csv.DictReader(text.splitlines()))


@cache
def json_table(name: str) -> dict[str, Any]:
    """The object in `data/<name>.json`. Callers share it: do not edit it."""
    loaded: dict[str, Any] = json.loads(_DATA.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def csv_names(folder: str) -> tuple[str, ...]:
    """Names, without ending, of the CSV tables in a folder of `data`, sorted."""
    return tuple(sorted(entry.name.removesuffix(".csv") for entry in _DATA.joinpath(folder).iterdir() if entry.name.endswith(".csv")))
