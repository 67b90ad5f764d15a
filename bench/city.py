"""How fast the city was made: figures that `manage.py city` left when it built this database."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.measure import BenchError, Report
from bench.people import Doorkeeper
from linli.foundation.actions.engine import figures_file

PEOPLE_PER_S = 10_000
CASES_PER_S = 5_000


def run(report: Report, keeper: Doorkeeper) -> None:
    """People with homes, memberships and indexes; cases with timeline, timers and engine state, as they are written; the whole is in the note."""
    file = figures_file(Path(settings.STATE_DIR), str(connection.settings_dict["NAME"]))
    if not file.exists():
        raise BenchError("this database was not built by `city` under this state folder")
    built = json.loads(file.read_text(encoding="utf-8"))
    for name, part, bar in (("people_per_s", "people", PEOPLE_PER_S), ("cases_per_s", "cases", CASES_PER_S)):
        made, seconds = int(built[part]), float(built["seconds"].get(part, 0))
        written = float((built.get("written_s") or {}).get(part) or seconds)
        value = made / written if made and written else None
        note = f"{made:,} in {written:.1f} s when this city was built"
        if written != seconds:
            note += f"; with what comes before and after (real runs to cast from; indexes, keys, statistics): {seconds:.1f} s, {made / seconds:,.0f}/s"
        report.figure(name, value, "1/s", bar, at_least=True, note=note)
