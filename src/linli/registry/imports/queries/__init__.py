"""Reads: layouts, batches and their rows, doubtful pairs, and what a row would do."""

from linli.registry.imports.queries.batches import (
    batches,
    files_in_batches,
    get_batch,
    parts_of,
    progress,
    verdict_rows,
)
from linli.registry.imports.queries.doubts import get_doubt, next_doubt, number_taken, open_doubts, places_of, still_said_of
from linli.registry.imports.queries.followed import Followed, followed
from linli.registry.imports.queries.judging import Judge, Judged
from linli.registry.imports.queries.outlook import Outlook, outlook
from linli.registry.imports.queries.places import communities, region_at
from linli.registry.imports.queries.versions import files_in_drafts, layout, layouts, pinned

__all__ = [
    "Followed",
    "Judge",
    "Judged",
    "Outlook",
    "batches",
    "communities",
    "files_in_batches",
    "files_in_drafts",
    "followed",
    "get_batch",
    "get_doubt",
    "layout",
    "layouts",
    "next_doubt",
    "number_taken",
    "open_doubts",
    "outlook",
    "parts_of",
    "pinned",
    "places_of",
    "progress",
    "region_at",
    "still_said_of",
    "verdict_rows",
]
