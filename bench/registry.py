"""`./linli bench registry`: the figures of the base data centre."""

from __future__ import annotations

from bench import imports, matching
from bench.spine import Part, measured

PARTS: dict[str, tuple[Part, tuple[str, ...]]] = {
    "imports": (imports.run, ("import_rows_per_s", "import_peak_mb")),
    "matching": (
        matching.run,
        ("match_precision", "match_recall", "review_share", "febrl1_f1", "febrl2_f1", "febrl3_f1", "febrl4_f1", "batch_link_s"),
    ),
}


def run(base_url: str, *, people: int, cases: int, only: tuple[str, ...] = ()) -> bool:
    """Measure everything (or the parts of ``only``); whether all bars were met."""
    return measured(PARTS, base_url, people=people, cases=cases, only=only)
