"""What a data officer orders: bring a file, load it, take it back, drop it. The work itself is done by jobs (`tasks`), turn by turn."""

from __future__ import annotations

from datetime import date
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.files.actions import store_table
from linli.foundation.files.queries import path_on_disk
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid
from linli.registry.imports import policy, queries
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.models import Batch
from linli.registry.sources.queries import source

CHECK, LOAD, FOLLOW, UNDO = "imports.check", "imports.load", "imports.follow", "imports.undo"


@action("imports.load", audit="imports.file_brought")
def upload(actor: Actor, *, file: File[Any] | IO[bytes], name: str, layout: str, as_of: date, community: str = "") -> Batch:
    """Keep a file and have it checked. ``as_of`` is the day it is true of, where its rows do not say; ``community`` the code of the one whose rows name none.

    Errors: LAYOUT_UNKNOWN, AS_OF_AHEAD, COMMUNITY_UNKNOWN, those of `files.store_table`, and those of a file that cannot be read (beside the field `file`).
    """
    mapping = queries.layout(layout)
    if as_of > timezone.localdate():
        raise Invalid("AS_OF_AHEAD", "The file cannot be true of a day that lies ahead.", field="as_of")
    if community and (community not in queries.communities() or not _mine(actor, community)):
        raise Invalid("COMMUNITY_UNKNOWN", "There is no such community in your area.", field="community")
    stored = store_table(actor, upload=file, name=name, max_bytes=settings.IMPORT_MAX_BYTES)
    open_table(path_on_disk(stored), stored.name, mapping).close()
    batch = Batch(
        mapping=queries.pinned(mapping.code),
        subject=mapping.subject,
        source=source(mapping.source),
        file_id=stored.pk,
        file_name=stored.name,
        sha256=stored.sha256,
        size=stored.size,
        as_of=as_of,
        region_path=widest(actor),
        community=community,
        made_by=actor.account,
        ordered_by=actor.account,
        maker=actor.label[:80],
    )
    batch.save(force_insert=True)
    put_jobs(CHECK, "default", {"batch_id": str(batch.pk)})
    return batch


def widest(actor: Actor) -> str:
    """The region a file belongs to: the widest of those its bringer works for."""
    return min((one.lo for one in actor.ranges), key=lambda path: (len(path), path))


def _mine(actor: Actor, community: str) -> bool:
    region = queries.region_at(community)
    return region is not None and actor.sees(region.path)


JOBS = {"checking": CHECK, "loading": LOAD, "following": FOLLOW, "undoing": UNDO}


@action("imports.load", audit="imports.load_ordered")
def order_load(actor: Actor, *, batch_id: UUID) -> Batch:
    """Have a checked file loaded. `Conflict` BATCH_STATE for any other."""
    batch = _mine_to_change(actor, batch_id)
    if batch.state != "checked":
        raise _elsewhere()
    return _begin(actor, batch, "loading")


@action("imports.load", audit="imports.undo_ordered")
def order_undo(actor: Actor, *, batch_id: UUID) -> Batch:
    """Have a loaded file taken back, also one whose loading broke off. `Conflict` BATCH_STATE for any other."""
    batch = _mine_to_change(actor, batch_id)
    if batch.state != "loaded" and broke_off(batch) not in ("loading", "following"):
        raise _elsewhere()
    return _begin(actor, batch, "undoing")


@action("imports.load", audit="imports.resumed")
def resume(actor: Actor, *, batch_id: UUID) -> Batch:
    """Have the work on a file that broke off go on where it was. `Conflict` BATCH_STATE for any other."""
    batch = _mine_to_change(actor, batch_id)
    step = broke_off(batch)
    if not step:
        raise _elsewhere()
    return _begin(actor, batch, step)


def broke_off(batch: Batch) -> str:
    """The step in which the work on a file broke off; "" when it did not."""
    return str(batch.error.get("during", "")) if batch.state == "failed" else ""


def _mine_to_change(actor: Actor, batch_id: UUID) -> Batch:
    batch = queries.get_batch(actor, batch_id, lock=True)
    require(policy.can_change(actor, batch))
    return batch


def _begin(actor: Actor, batch: Batch, step: str) -> Batch:
    batch.state, batch.ordered_by, batch.error, batch.done_at = step, actor.account, {}, None
    batch.save(update_fields=["state", "ordered_by", "error", "done_at"])
    put_jobs(JOBS[step], "default", {"batch_id": str(batch.pk)}, unhurried=True)
    return batch


@action("imports.load", audit="imports.file_dropped")
def drop(actor: Actor, *, batch_id: UUID) -> Batch:
    """A checked file is not wanted after all; nothing of it was written."""
    batch = _mine_to_change(actor, batch_id)
    if batch.state not in ("checked", "checking") and broke_off(batch) != "checking":
        raise _elsewhere()
    batch.state, batch.done_at = "dropped", timezone.now()
    batch.save(update_fields=["state", "done_at"])
    return batch


def _elsewhere() -> Conflict:
    return Conflict("BATCH_STATE", "Somebody has taken the next step with this file meanwhile.", hint="Look at the page again.")
