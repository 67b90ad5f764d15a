"""Exports: one's own, those that wait for an approval, whose rows were in them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.privacy import policy
from linli.foundation.privacy.engine.exportables import EXPORTABLES
from linli.foundation.privacy.models import Export, Exported
from linli.foundation.privacy.types import Column, Exportable
from linli.foundation.types import Actor
from linli.lib.errors import NotFound


def exportables_for(actor: Actor) -> list[tuple[str, Exportable]]:
    """The lists whose page the actor may open."""
    return [(code, one) for code, one in EXPORTABLES.items() if actor.may(one.permission)]


def get_exportable(actor: Actor, code: str) -> Exportable:
    found = dict(exportables_for(actor)).get(code)
    if found is None:
        raise _unknown()
    return found


def columns_of(export: Export) -> list[Column]:
    """The columns asked for, in the list's own order."""
    return [one for one in EXPORTABLES.get(export.exportable).columns if one.code in export.columns]


def my_exports(actor: Actor) -> QuerySet[Export]:
    """What the actor has ordered, the newest first."""
    return Export.objects.filter(policy.exports.visible(actor), ordered_by=actor.account).order_by("-made_at", "-id")


def my_export(actor: Actor, pk: UUID, *, lock: bool = False) -> Export:
    """`NotFound` for anybody else's, also for those who approved it."""
    return _one(my_exports(actor), pk, lock)


def waiting_exports(actor: Actor) -> QuerySet[Export]:
    """Those that wait for an approval this actor may give, the oldest first. The purpose and the columns are seen, no row is."""
    rows = Export.objects.filter(policy.exports.visible(actor), state="waiting").exclude(ordered_by=actor.account)
    return rows.exclude(Q(approvals__contains=[{"account": str(actor.user_id)}])).order_by("made_at", "id")


def waiting_export(actor: Actor, pk: UUID, *, lock: bool = False) -> Export:
    return _one(Export.objects.filter(policy.exports.visible(actor)).exclude(ordered_by=actor.account), pk, lock)


def over(limit: int) -> list[Export]:
    """Whose time has passed, for the job that takes the files away."""
    return list(Export.objects.select_for_update().filter(state="ready", ends_at__lte=timezone.now()).order_by("ends_at")[:limit])


def exports_with(person_id: UUID, limit: int) -> list[Export]:
    """Exports a person's data was in, the newest first; for a job's actor."""
    keys = Exported.objects.filter(person_id=person_id).values("export_id")
    return list(Export.objects.filter(pk__in=keys).order_by("-ready_at")[:limit])


def place_of(export: Export) -> Path:
    """Beside the uploads, not among them: exports are in no backup."""
    return Path(settings.STATE_DIR) / "exports" / f"{export.pk}.zip"


def _one(rows: QuerySet[Export], pk: UUID, lock: bool) -> Export:
    found = (rows.select_for_update() if lock else rows).filter(pk=pk).first()
    if found is None:
        raise _unknown()
    return found


def _unknown() -> NotFound:
    return NotFound("EXPORT_UNKNOWN", gettext_noop("There is no such export."))
