"""How fast the data key turns: portions of the very statements the job uses, in the city as it is, taken back at the end."""

from __future__ import annotations

import time

from django.db import connection, transaction

from bench.measure import Report
from bench.people import Doorkeeper
from linli.foundation.privacy.actions.keys import PORTION, reencrypt
from linli.foundation.privacy.engine.sealed import sealed_tables
from linli.foundation.privacy.queries.keys import KEEPER
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring

TABLES = ("people_person", "sources_fact", "casefile_form")
PORTIONS = 10


def run(report: Report, keeper: Doorkeeper) -> None:
    """A note without a bar: what a turn of the whole city takes follows from it."""
    ring, rows, took = keyring().rotated("bench"), 0, 0.0
    for one in (table for table in sealed_tables() if table.table in TABLES):
        after = ""
        for _ in range(PORTIONS):
            with scoped(KEEPER):
                began = time.perf_counter()
                read, _changed, after = reencrypt(one, after, ring, PORTION)
                took += time.perf_counter() - began
                transaction.set_rollback(True)
            rows += read
            if read < PORTION:
                break
    connection.close()
    report.figure(
        "key_rotation_rows_per_s", rows / took if took else 0.0, "/s", 0.0, at_least=True, note=f"{rows:,} rows of {', '.join(TABLES)}"
    )
