"""A subject lives elsewhere now: what is said of it goes along, so that those see it who see the subject."""

from __future__ import annotations

from uuid import UUID

from linli.registry.sources.models import Claim, Correction, Entry, Fact, Provenance


def carry_words(subject_id: UUID, region_path: str) -> None:
    """Part of the caller's action, under a job's rights."""
    for model in (Provenance, Claim, Fact, Entry, Correction):
        for row in model.objects.filter(subject_id=subject_id).exclude(region_path=region_path):
            row.region_path = region_path
            row.save(update_fields=["region_path"])
