"""What follows from a loaded file besides values: deaths are reported in the office's name, people nobody knew a household of join theirs or found it.

A row never moves anybody out of a household: where the file and the register differ, that is told (`Consequence`) and left to the community. Each
row has at most one consequence of a kind, so that going through a file again, after a kill, does nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, cast
from uuid import UUID

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Invalid, LinliError
from linli.registry.households.actions import create_household, join, undo_filing
from linli.registry.households.models import Membership
from linli.registry.households.queries import membership_of, present_households
from linli.registry.imports import policy, queries
from linli.registry.imports.actions.batches import FOLLOW
from linli.registry.imports.actions.turns import in_state, through, turn
from linli.registry.imports.engine.preparing import PORTION
from linli.registry.imports.models import Batch, Consequence
from linli.registry.imports.types import DIED, HOUSEHOLD, LEFT, RELATION
from linli.registry.people.actions import report_death, withdraw_death_report
from linli.registry.sources.models import Entry

FILER: Final = system_actor("imports.filing", permissions=["people.edit"])
HEAD = "02"
_KEPT: dict[UUID, Filing] = {}
"""Passes whose next turn is still to come; without one a pass begins anew."""


class Told(NamedTuple):
    """What one row says."""

    entry_id: UUID
    person_id: UUID
    region_path: str
    as_of: date
    household: str
    relation: str
    died: str


@dataclass
class Filing:
    """A pass through a file: first those whose household is known and the heads of others, so that then the others find theirs."""

    after: UUID | None = None
    read: bool = False
    homes: dict[str, UUID] = field(default_factory=dict)  # the office's number -> our household
    waiting: list[Told] = field(default_factory=list)


def follow_on(batch_id: UUID) -> None:
    """One turn."""
    batch = in_state(batch_id, "following")
    if batch is None:
        return
    actor = actor_of(batch.ordered_by)
    filing = _KEPT.pop(batch_id, None) or Filing()

    def portion() -> bool:
        if follow_portion(actor, batch_id=batch_id, filing=filing):
            return True
        through(batch_id, "follow")
        return False

    turn(FOLLOW, batch_id, portion)
    if not filing.read or filing.waiting:
        _KEPT[batch_id] = filing


@action("imports.load", audit="imports.consequences_drawn")
def follow_portion(actor: Actor, *, batch_id: UUID, filing: Filing) -> bool:
    """The next rows; False when none was left."""
    batch = queries.get_batch(actor, batch_id, lock=True)
    require(policy.can_change(actor, batch))
    if batch.state != "following":
        return False
    with scoped(FILER):
        rows = [] if filing.read else _told(batch, filing.after)
        if rows:
            filing.after = rows[-1].entry_id
        else:
            filing.read = True
            rows, filing.waiting = filing.waiting[:PORTION], filing.waiting[PORTION:]
        drawn = _draw(batch, filing, rows)
    record = recording.get()
    if record is not None:
        record.notes |= {"batch": str(batch.pk), "file": batch.file_name, "drawn": drawn}
    return bool(rows)


def _told(batch: Batch, after: UUID | None) -> list[Told]:
    """Rows behind an entry, in the order of the file."""
    entries = Entry.objects.filter(batch_id=batch.pk, state="linked").order_by("id")
    found = []
    for entry in (entries.filter(id__gt=after) if after else entries)[:PORTION]:
        said = json.loads(entry.content or "{}")
        told = (said.get(HOUSEHOLD, ""), said.get(RELATION, ""), said.get(DIED, ""))
        found.append(Told(entry.pk, cast(UUID, entry.subject_id), entry.region_path, entry.as_of, *told))
    return found


def _draw(batch: Batch, filing: Filing, rows: Sequence[Told]) -> int:
    """How many consequences the rows had."""
    ids = [row.entry_id for row in rows]
    known = set(Consequence.objects.filter(entry_id__among=ids).values_list("entry_id", "kind"))
    homes = present_households([row.person_id for row in rows if row.household])
    drawn = 0
    for row in rows:
        if row.died and not filing.read and (row.entry_id, "death") not in known:
            drawn += _follow(batch, row, "death", lambda row=row: _died(batch, row))  # type: ignore[misc]
        if not row.household:
            continue
        home = homes.get(row.person_id)
        if home is not None:
            if filing.homes.setdefault(row.household, home) != home and (row.entry_id, "household") not in known:
                drawn += _leave(batch, row, "OTHER_HOUSEHOLD")
        elif row.household not in filing.homes and row.relation != HEAD and not filing.read:
            filing.waiting.append(row)
        elif (row.entry_id, "household") not in known:
            drawn += _follow(batch, row, "household", lambda row=row: _placed(filing, row))  # type: ignore[misc]
    return drawn


def _died(batch: Batch, row: Told) -> UUID:
    return report_death(FILER, person_id=row.person_id, on=date.fromisoformat(row.died), source=batch.source.code).pk


def _placed(filing: Filing, row: Told) -> UUID:
    """She joins the household of her number, or founds it as its head."""
    home = filing.homes.get(row.household)
    if home is None and row.relation != HEAD:
        raise Invalid("HEAD_MISSING", LEFT["HEAD_MISSING"])
    if not row.relation:
        raise Invalid("RELATION_MISSING", LEFT["RELATION_MISSING"])
    if home is None:
        filing.homes[row.household] = create_household(FILER, head_id=row.person_id, since=row.as_of).pk
        membership = membership_of(FILER, row.person_id)
    else:
        membership = join(FILER, household_id=home, person_id=row.person_id, relation=row.relation, since=row.as_of)
    return cast(Membership, membership).pk


def _follow(batch: Batch, row: Told, kind: str, run: Callable[[], UUID]) -> int:
    try:
        made = run()
    except LinliError as error:
        return _leave(batch, row, error.code, kind)
    _note(batch, row, kind, "done", made_id=made)
    return 1


def _leave(batch: Batch, row: Told, why: str, kind: str = "household") -> int:
    _note(batch, row, kind, "left", why=why)
    return 1


def _note(batch: Batch, row: Told, kind: str, state: str, *, made_id: UUID | None = None, why: str = "") -> None:
    about = {"entry_id": row.entry_id, "person_id": row.person_id, "region_path": row.region_path}
    Consequence(batch=batch, kind=kind, state=state, made_id=made_id, why=why, **about).save(force_insert=True)


def take_back(batch: Batch) -> bool:
    """The next consequences of a file that is taken back, the last ones first; False when none was left. Part of the caller's action.

    A death that two offices reported stays, and so does a household on which something has been built since.
    """
    rows = list(Consequence.objects.filter(batch=batch, state="done").order_by("-id")[:PORTION])
    with scoped(FILER):
        for row in rows:
            row.state = "taken_back" if _undone(batch, row) else "stays"
            row.save(update_fields=["state"])
    return bool(rows)


def _undone(batch: Batch, row: Consequence) -> bool:
    made = cast(UUID, row.made_id)
    if row.kind == "household":
        return undo_filing(FILER, membership_id=made)
    try:
        withdraw_death_report(FILER, report_id=made, reason=f"{batch.file_name} was taken back")
    except LinliError:
        return False
    return True
