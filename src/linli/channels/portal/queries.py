"""What the door itself reads: whether the catalogue has changed."""

from __future__ import annotations

from django.db import connection

_STAMP = (
    "SELECT coalesce(md5(string_agg(code || open::text || coalesce(current_id::text, ''), ',' ORDER BY code)), '') FROM catalogue_matter"
)


def catalogue_stamp() -> str:
    """Changes whenever a matter is published, opened or closed. Matters are public (L1), so no actor is asked for."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        return str(cursor.fetchone()[0])
