"""Statements are prepared on the server after a few uses.

Row-level security makes planning the dear part of a small query (about a millisecond where the rows of a case are read through the
case's own policy), so plans are kept. How they may be kept is said by `foundation.scope` (``by_key``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, operations

PREPARED_MAX = 600
"""Statements a connection keeps; psycopg's own 100 are fewer than one intake and a few pages use in turn."""


PARAMETERS_MAX = 65_535
"""Values one statement may carry when they are bound on the server: a number of 16 bits in PostgreSQL's protocol."""


class DatabaseOperations(operations.DatabaseOperations):
    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """Rows one INSERT of `bulk_create` may have."""
        return max(1, PARAMETERS_MAX // max(1, len(fields)))


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = PREPARED_MAX
        return connection
