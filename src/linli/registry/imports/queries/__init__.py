"""Reads: layouts, batches and their rows, doubtful pairs, and what a row would do."""

from linli.registry.imports.queries.batches import (
    batches,
    files_in_batches,
    get_batch,
    layout,
    layouts,
    parts_of,
    progress,
    verdict_rows,
)
from linli.registry.imports.queries.doubts import get_doubt, next_doubt, number_taken, open_doubts, places_of, still_said_of
from linli.registry.imports.queries.judging import Judge, Judged
from linli.registry.imports.queries.outlook import Outlook, outlook
from linli.registry.imports.queries.places import communities, region_at

__all__ = [
    "Judge",
    "Judged",
    "Outlook",
    "batches",
    "communities",
    "files_in_batches",
    "get_batch",
    "get_doubt",
    "layout",
    "layouts",
    "next_doubt",
    "number_taken",
    "open_doubts",
    "outlook",
    "parts_of",
    "places_of",
    "progress",
    "region_at",
    "still_said_of",
    "verdict_rows",
]
