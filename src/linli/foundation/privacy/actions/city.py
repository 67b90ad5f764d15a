"""Exports in a synthetic city: lists that were asked for, agreed to, refused and fetched, through the very actions of the desk.

Bounded by what the plan names: lists of single communities.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from linli.foundation.accounts.models import PostHolding
from linli.foundation.actions.engine import CityContext
from linli.foundation.privacy.actions.exports import JOB as TIDIER
from linli.foundation.privacy.actions.exports import approve, ask, build, fetch, refuse, remove_over, show_password
from linli.foundation.privacy.engine.demo import ExportPlan, read_plan
from linli.foundation.privacy.engine.exportables import EXPORTABLES
from linli.foundation.privacy.models import Export
from linli.foundation.regions.engine import actor_of
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Invalid

JOB: Final = system_actor("city.privacy")
APPROVERS: Final = "dept_head"


def build_exports(city: CityContext) -> None:
    """Nothing where no pack plans exports, nobody approves them, or there are exports already."""
    plan = read_plan(Path(settings.PACKS_DIR) / pack for pack in settings.PACKS)
    with scoped(JOB):
        if Export.objects.exists():
            return
        heads = [actor_of(key) for key in _holders(APPROVERS, Region.objects.filter(level="city").first())[:2]]
        places = {one.code: one for one in Region.objects.filter(code__in=[one.region for one in plan], valid_to=None)}
        wanted = [(one, _holders(one.role, places.get(one.region))) for one in plan if one.exportable in EXPORTABLES]
    done = 0
    for one, holders in wanted:
        if holders and len(heads) == 2:
            done += _order(one, actor_of(holders[0]), heads, places[one.region].path)
    if done:
        city.say(f"{done} lists were asked for")


def _holders(role: str, place: Region | None) -> list[UUID]:
    """Who holds a role in a unit of a region, or above it; the nearest first, by unit and user name."""
    if place is None:
        return []
    above = [place.path[:end] for end in range(len(place.path), 0, -5)]
    held = PostHolding.objects.filter(post__role_code=role, until=None, user__is_active=True, post__unit__region_path__in=above)
    rows = held.order_by("post__unit__code", "user__username").values_list("post__unit__region_path", "user_id")
    return [key for _, key in sorted(rows, key=lambda row: above.index(row[0]))]


def _order(plan: ExportPlan, orderer: Actor, heads: Sequence[Actor], path: str) -> bool:
    """One list, to the end that is planned for it. No list where a small city has nobody in the region."""
    try:
        export = ask(
            orderer,
            exportable=plan.exportable,
            columns=plan.columns,
            filters={"region": path},
            full=plan.full,
            form=plan.form,
            purpose=plan.purpose,
        )
    except Invalid as error:
        if error.code != "EXPORT_EMPTY":
            raise
        return False
    if plan.end == "refused":
        refuse(heads[0], export_id=export.pk, reason=plan.reason)
    elif plan.end != "waiting":
        for head in heads[: export.needed]:
            approve(head, export_id=export.pk)
        build(export.pk)
    if plan.end in ("fetched", "gone"):
        show_password(orderer, export_id=export.pk)
        fetch(orderer, export_id=export.pk)
    if plan.end == "gone":
        with scoped(JOB):
            row = Export.objects.get(pk=export.pk)
            row.ends_at = timezone.now()
            row.save(update_fields=["ends_at"])
        remove_over(TIDIER)
    return True


def export_exports() -> Iterator[str]:
    """Without numbers, passwords, days and times."""
    with scoped(JOB):
        rows = list(Export.objects.all())
        codes = dict(Region.objects.filter(path__in=[row.region_path for row in rows], valid_to=None).values_list("path", "code"))
    for row in rows:
        agreed = [one["name"] for one in row.approvals]
        told = [row.exportable, row.orderer, codes.get(row.region_path, ""), row.columns, row.full, row.form, row.purpose]
        yield json.dumps(["export", *told, row.rows, row.needed, agreed, row.state, row.downloads, row.reason], ensure_ascii=False)
