"""A bench on a database that may lose data is worth nothing: durability is read back first."""

from __future__ import annotations

from django.db import connection

from bench.measure import BenchError, Report

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


def check_durable(report: Report) -> None:
    """Print the three settings; BenchError when one of them is off."""
    found: dict[str, object] = {}
    with connection.cursor() as cursor:
        for name in DURABLE:
            cursor.execute("SELECT current_setting(%s)", [name])
            found[name] = cursor.fetchone()[0]
        cursor.execute("SELECT current_user, (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)")
        user, above = cursor.fetchone()
    report.say({"settings": {**found, "role": user, "row_level_security": not above}})
    off = [name for name in DURABLE if found[name] != "on"]
    if off or above:
        raise BenchError(f"not a durable, protected database: {', '.join(off) or 'the role bypasses row-level security'}")
