"""What a batch is about decides who loads it."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.scope.actions import scoped
from linli.registry.imports import queries
from linli.registry.imports.actions.turns import JOB
from linli.registry.imports.engine.subjects import SUBJECTS


def load_on(batch_id: UUID) -> None:
    """One turn of the load."""
    with scoped(JOB):
        subject = queries.get_batch(JOB, batch_id).subject
    SUBJECTS.get(subject).load(batch_id)
