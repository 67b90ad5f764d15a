"""`./linli bench registry`: the figures of the base data centre."""

from __future__ import annotations

from bench import dossiers, feed, imports, keys, matching, online
from bench.spine import Part, measured

PARTS: dict[str, tuple[Part, tuple[str, ...]]] = {
    "dossiers": (dossiers.run, ("person_page_p95_ms", "name_search_p95_ms", "name_search_worker_over_admin")),
    "feed": (feed.run, ("feed_changes_per_s",)),
    "imports": (imports.run, ("import_rows_per_s", "import_peak_mb")),
    "online": (online.run, ("online_match_p95_ms",)),
    "matching": (
        matching.run,
        ("match_precision", "match_recall", "review_share", "febrl1_f1", "febrl2_f1", "febrl3_f1", "febrl4_f1", "batch_link_s"),
    ),
    "keys": (keys.run, ("key_rotation_rows_per_s",)),
}


def run(base_url: str, *, people: int, cases: int, only: tuple[str, ...] = ()) -> bool:
    """Measure everything (or the parts of ``only``); whether all bars were met."""
    return measured(PARTS, base_url, people=people, cases=cases, only=only)
