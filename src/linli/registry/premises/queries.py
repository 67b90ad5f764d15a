"""Reading homes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from linli.foundation.types import PATH_END, Actor
from linli.lib.errors import NotFound
from linli.registry.premises.models import Premises
from linli.registry.premises.policy import premises


def visible(actor: Actor) -> QuerySet[Premises]:
    return Premises.objects.filter(premises.visible(actor))


def get_premises(actor: Actor, pk: UUID, *, lock: bool = False) -> Premises:
    """One home in the actor's sight; `NotFound` otherwise."""
    rows = visible(actor).filter(pk=pk)
    home = (rows.select_for_update() if lock else rows).first()
    if home is None:
        raise NotFound("PREMISES_UNKNOWN", "There is no such home.")
    return home


def by_addr_code(actor: Actor, code: str) -> Premises | None:
    return visible(actor).filter(addr_code=code).first()


def in_region(actor: Actor, path: str, *, estate: str = "", building: str = "", limit: int = 200) -> list[Premises]:
    """Homes below a region in the order of their codes, at most ``limit``."""
    rows = visible(actor).filter(region_path__gte=path, region_path__lt=path + PATH_END)
    if estate:
        rows = rows.filter(estate=estate)
    if building:
        rows = rows.filter(building=building)
    return list(rows.order_by("addr_code")[:limit])


def number_within(lo: str, hi: str) -> int:
    """How many homes a subtree of regions has, for a job's actor that sees all of it."""
    return Premises.objects.filter(region_path__gte=lo, region_path__lt=hi).count()
