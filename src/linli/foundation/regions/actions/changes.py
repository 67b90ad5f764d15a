"""Mergers, splits, moves and renamings: one audited action each, with the document that ordered it. History is not rewritten."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.apps import apps
from django.db import connection

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import repeated
from linli.foundation.regions import policy, queries
from linli.foundation.regions.actions.loading import renew_code
from linli.foundation.regions.actions.turns import lock_tree, require_free
from linli.foundation.regions.actions.zones import end_membership
from linli.foundation.regions.engine import child_path
from linli.foundation.regions.models import Region, RegionChange, RegionCode
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.models import PathField
from linli.foundation.topics.actions import emit, put_jobs
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.lib.registry import Registry

REWRITE = "regions.rewrite"
AFTER_S = 300
"""No request that began before a change was made is still at work by then."""

# tables whose paths say where something *was*: the trail and the feed are never rewritten
HISTORY = frozenset({"audit_entry", "topics_event"})

# further (table, column) pairs that hold paths outside a model of ours (run-time record tables register theirs)
PATH_COLUMNS: Registry[tuple[str, str]] = Registry("path column")


def path_columns() -> list[tuple[str, str]]:
    """Every (table, column) that follows a region when it moves: all `PathField` columns but history, and those registered."""
    found = [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, PathField) and model._meta.db_table not in HISTORY and model is not Region
    ]
    return sorted({*found, *PATH_COLUMNS.values()})


@action("admin.units", audit="regions.renamed")
def rename_region(actor: Actor, *, region_id: UUID, name: str, on: date, document: str = "", code: str = "") -> Region:
    """Give a region a new name (and code). The old entry of its history stays, closed on the day."""
    require_free(actor, [queries.get_region(region_id)])
    region = queries.get_region(region_id, lock=True)
    before = {"name": region.name, "code": region.code}
    region.name, region.code = policy.check_rename(region, name, code, on)
    region.save(update_fields=["name", "code"])
    renew_code(region, on)
    _note("rename", region, None, on, document, before, {"name": region.name, "code": region.code})
    return region


@action("admin.units", audit="regions.moved")
def move_region(actor: Actor, *, region_id: UUID, parent_id: UUID, on: date, document: str = "") -> Region:
    """Hang a region with everything below it under another parent. Rewrites paths, nothing else."""
    lock_tree()
    found = queries.lock_regions([region_id, parent_id])
    region, parent = found[region_id], found[parent_id]
    policy.check_move(region, parent, on)
    before = {"parent": region.parent.code if region.parent else "", "path": region.path}
    _relocate(region, parent)
    queries.forget_zones()
    _note("move", region, None, on, document, before, {"parent": parent.code, "path": region.path})
    emit("regions.changed", region_path=parent.path, region_id=region.id, kind="move")
    return region


@action("admin.units", audit="regions.merged")
def merge_regions(actor: Actor, *, region_ids: list[UUID], into_id: UUID, on: date, document: str = "") -> Region:
    """Close regions and give what they hold to ``into_id``. Rows keep the closed region's id and get the successor's path."""
    lock_tree()
    found = queries.lock_regions([into_id, *region_ids])
    into, closing = found[into_id], [found[pk] for pk in dict.fromkeys(region_ids)]
    if closing and all(_merged_already(region, into) for region in closing):
        repeated()
        return into
    policy.check_merge(closing, into, on)
    for region in closing:
        for child in queries.children(region):
            _relocate(child, into)
        _rewrite_rows(region.path, into.path)
        _close(region, on)
        _note("merge", region, into, on, document, {"path": region.path}, {"path": into.path})
    queries.forget_zones()
    emit("regions.changed", region_path=into.path, region_id=into.id, kind="merge")
    return into


def _merged_already(region: Region, into: Region) -> bool:
    return region.valid_to is not None and region.changes.filter(kind="merge", successor=into).exists()


def _close(region: Region, on: date) -> None:
    region.valid_to = on
    region.save(update_fields=["valid_to"])
    for code in region.codes.filter(valid_to=None):
        code.valid_to = on
        code.save(update_fields=["valid_to"])
    for member in region.memberships.filter(until=None):
        end_membership(member, on)


@action("admin.units", audit="regions.split")
def split_region(actor: Actor, *, region_id: UUID, parts: list[tuple[str, str]], on: date, document: str = "") -> list[Region]:
    """Cut new regions (code, name) out of one. What lies in them is claimed by hand: one to many is never shared out automatically."""
    require_free(actor, [queries.get_region(region_id)])
    region = queries.get_region(region_id, lock=True)
    done = _split_already(region, parts)
    if done:
        repeated()
        return done
    made = [_cut(region, code, name, on, document) for code, name in policy.check_split(region, parts, on)]
    emit("regions.changed", region_path=region.path, region_id=region.id, kind="split")
    return made


def _split_already(region: Region, parts: list[tuple[str, str]]) -> list[Region]:
    """The parts, when an earlier call cut exactly these out of the region."""
    cut = region.changes.filter(kind="split", successor__code__in=[code.strip() for code, _ in parts]).select_related("successor")
    made = {(change.successor.code, change.successor.name): change.successor for change in cut if change.successor is not None}
    wanted = [(code.strip(), name.strip()) for code, name in parts]
    return [made[part] for part in wanted] if wanted and set(wanted) == set(made) else []


def _cut(region: Region, code: str, name: str, on: date, document: str) -> Region:
    """One new region beside ``region``."""
    siblings = Region.objects.filter(parent_id=region.parent_id).values_list("path", flat=True)
    path = child_path(region.parent.path if region.parent else "", siblings)
    part = Region(
        code=code,
        name=name,
        level=region.level,
        kind=region.kind,
        urban=region.urban,
        parent_id=region.parent_id,
        path=path,
        valid_from=on,
    )
    part.save(force_insert=True)
    RegionCode(region=part, code=code, name=name, valid_from=on).save(force_insert=True)
    _note("split", region, part, on, document, {"code": region.code}, {"code": code, "path": path})
    return part


def _note(
    kind: str, region: Region, successor: Region | None, on: date, document: str, before: dict[str, str], after: dict[str, str]
) -> None:
    RegionChange(kind=kind, region=region, successor=successor, on=on, document=document, before=before, after=after).save(
        force_insert=True
    )


def _relocate(region: Region, parent: Region) -> None:
    """A new path below ``parent`` for the region, everything below it, and every row that lies there."""
    old = region.path
    siblings = Region.objects.filter(parent=parent).values_list("path", flat=True)
    new = child_path(parent.path, siblings)
    _rewrite_rows(old, new)  # first, while rows that name these regions can still be written by others
    region.parent = parent
    region.path = new
    region.save(update_fields=["parent", "path"])
    for child in Region.objects.filter(path__gt=old, path__lt=old + PATH_END).order_by("path"):
        child.path = new + child.path[len(old) :]
        child.save(update_fields=["path"])


def _rewrite_rows(old: str, new: str) -> None:
    """Every row at or below ``old``, and later once more: who was writing one meanwhile had read the old path."""
    rewrite(old, new)
    put_jobs(REWRITE, "default", {"old": old, "new": new}, wait_s=AFTER_S)


def rewrite(old: str, new: str) -> None:
    """Give every row at or below ``old`` the same place below ``new``. The administrator does not see them: a job's actor writes.

    Repeated it does no harm: a path that was given up is never given again.
    """
    with scoped(system_actor("regions.rewrite")), connection.cursor() as cursor:
        for table, column in path_columns():
            cursor.execute(
                f"UPDATE {table} SET {column} = %s || substr({column}, %s) WHERE {column} >= %s AND {column} < %s",
                [new, len(old) + 1, old, old + PATH_END],
            )
