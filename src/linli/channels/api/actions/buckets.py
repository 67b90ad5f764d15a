"""Rate limits: token buckets in the database, so that every web process counts together."""

from __future__ import annotations

from django.db import connection

_TAKE = """
INSERT INTO api_bucket AS b (key, tokens, at, granted) VALUES (%(key)s, %(burst)s - 1, clock_timestamp(), true)
ON CONFLICT (key) DO UPDATE SET
  granted = level(b) >= 1, tokens = level(b) - CASE WHEN level(b) >= 1 THEN 1 ELSE 0 END, at = clock_timestamp()
RETURNING granted, tokens
""".replace("level(b)", "least(%(burst)s, b.tokens + greatest(0, extract(epoch FROM clock_timestamp() - b.at)) * %(rate)s)")


def take(key: str, *, per_minute: float, burst: int) -> float:
    """Take one token; 0 when there was one, else the seconds until there will be.

    Runs under the door's own rights, in a transaction of its own that is not undone with the request. Its commit need not reach the
    disk: after a crash the buckets are merely a little fuller.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_TAKE, {"key": key[:80], "burst": float(burst), "rate": per_minute / 60})
        granted, tokens = cursor.fetchone()
    return 0.0 if granted else (1 - float(tokens)) * 60 / per_minute
