"""Exports: asked for, approved, written by a job under the rights of whoever asked, fetched for a day, then gone."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.privacy import policy
from linli.foundation.privacy.engine import writing
from linli.foundation.privacy.engine.exportables import MOST, approvers_needed
from linli.foundation.privacy.models import Export, Exported
from linli.foundation.privacy.queries import exports as queries
from linli.foundation.privacy.types import Column, Filters
from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.models import insert_rows
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.queries import units_of
from linli.lib.errors import Conflict, Invalid, LinliError

BUILD: Final = "privacy.build_export"
JOB = system_actor("privacy.exports")
VALID = timedelta(hours=24)
FORMS = {"xlsx": writing.workbook, "csv": writing.lines}


@action("export.request", audit="privacy.export_asked")
def ask(actor: Actor, *, exportable: str, columns: Collection[str], filters: Filters, full: bool, form: str, purpose: str) -> Export:
    """Order a list. Short masked ones need nobody's approval: they are written at once by whoever calls `build`.

    Errors: 404 for a list whose page is closed to the actor; EXPORT_COLUMNS, EXPORT_REGION, EXPORT_EMPTY, EXPORT_TOO_LONG, EXPORT_PURPOSE beside their fields.
    """
    one = queries.get_exportable(actor, exportable)
    chosen = [column for column in one.columns if column.code in columns]
    if not chosen:
        raise Invalid("EXPORT_COLUMNS", gettext_noop("Choose at least one column."), field="columns")
    if not actor.sees(filters.get("region", "")):
        raise Invalid("EXPORT_REGION", gettext_noop("This place is not in your area."), field="region")
    if len(purpose.strip()) < 4:
        raise Invalid("EXPORT_PURPOSE", gettext_noop("Say what the list is for; residents read it."), field="purpose")
    rows = _counted(one.count(actor, filters))
    export = Export(
        number=f"EX{timezone.localdate():%Y%m%d}-{secrets.token_hex(3).upper()}",
        exportable=exportable,
        title=str(one.title)[:80],
        columns=[column.code for column in chosen],
        filters=dict(filters),
        full=full,
        form=form,
        purpose=purpose.strip(),
        rows=rows,
        needed=approvers_needed(rows, chosen, full=full),
        ordered_by=actor.account,
        orderer=actor.label[:80],
        unit=" ".join(unit.name for unit in units_of(actor.unit_ids))[:80],
        region_path=filters["region"],
        made_at=timezone.now(),
    )
    export.state = "waiting" if export.needed else "approved"
    export.save(force_insert=True)
    return export


def _counted(rows: int) -> int:
    if rows == 0:
        raise Invalid("EXPORT_EMPTY", gettext_noop("Nothing fits: there is nothing to export."), field="region")
    if rows > MOST:
        raise Invalid(
            "EXPORT_TOO_LONG",
            gettext_noop("%(rows)s rows fit; at most %(most)s can be exported at a time."),
            field="region",
            hint=gettext_noop("Choose a smaller place."),
            data={"rows": f"{rows:,}", "most": f"{MOST:,}"},
        )
    return rows


@action("export.approve", audit="privacy.export_approved")
def approve(actor: Actor, *, export_id: UUID) -> Export:
    """One person's yes; the last one needed starts the job. `Refused` for the orderer and whoever has approved already, `Conflict` EXPORT_STATE."""
    export = _to_decide(actor, export_id)
    with scoped(JOB):
        export.approvals = [*export.approvals, {"account": str(actor.account), "name": actor.label[:80], "at": timezone.now().isoformat()}]
        if len(export.approvals) >= export.needed:
            export.state = "approved"
            put_jobs(BUILD, "default", {"export_id": str(export.pk)})
        export.save(update_fields=["approvals", "state"])
    return export


@action("export.approve", audit="privacy.export_refused")
def refuse(actor: Actor, *, export_id: UUID, reason: str) -> Export:
    """A no with its reason ends the order. EXPORT_REASON without one."""
    if not reason.strip():
        raise Invalid("EXPORT_REASON", gettext_noop("Say why not: whoever asked reads it."), field="reason")
    export = _to_decide(actor, export_id)
    with scoped(JOB):
        export.state, export.reason = "refused", reason.strip()[:200]
        export.save(update_fields=["state", "reason"])
    return export


def _to_decide(actor: Actor, export_id: UUID) -> Export:
    queries.waiting_export(actor, export_id)  # 404 out of sight
    with scoped(JOB):  # whoever approves sees the order, and changes no more than these actions do
        export = Export.objects.select_for_update().get(pk=export_id)
    require(policy.may_approve(actor, export), gettext_noop("Another person has to approve this."), code="EXPORT_OWN")
    if export.state != "waiting":
        raise Conflict("EXPORT_STATE", gettext_noop("This order has been decided meanwhile."), hint=gettext_noop("Look at the page again."))
    return export


def build(export_id: UUID) -> None:
    """Write the file of an approved order, once, under the orderer's rights as they are now."""
    with scoped(JOB):
        export = Export.objects.select_for_update().get(pk=export_id)
        if export.state != "approved":
            return
        try:
            _write(JOB, export=export)
        except LinliError as error:
            export.state, export.reason = "failed", error.text()[:200]
            export.save(update_fields=["state", "reason"])


@action("system", audit="privacy.export_written")
def _write(actor: Actor, *, export: Export) -> None:
    orderer, people, password, now = actor_of(export.ordered_by), set[UUID](), writing.new_password(), timezone.now()
    one, columns = queries.get_exportable(orderer, export.exportable), queries.columns_of(export)
    require(orderer.may("export.request"))
    headings = [str(column.title) for column in columns]
    mark = gettext("%(name)s, %(unit)s, %(time)s, export %(number)s") % {
        "name": export.orderer,
        "unit": export.unit,
        "time": timezone.localtime(now).strftime("%Y-%m-%d %H:%M"),
        "number": export.number,
    }

    def rows() -> Iterator[list[str]]:
        with scoped(orderer):
            for person, values in one.rows(orderer, export.filters):
                if person is not None:
                    people.add(person)
                yield [_shown(column, values.get(column.code, ""), full=export.full) for column in columns]

    written = list(rows())
    writing.seal(queries.place_of(export), f"{export.number}.{export.form}", FORMS[export.form](mark, headings, written), password)
    insert_rows([Exported(export=export, person_id=person) for person in sorted(people)])
    export.rows, export.password, export.state, export.ready_at, export.ends_at = len(written), password, "ready", now, now + VALID
    export.save(update_fields=["rows", "password", "state", "ready_at", "ends_at"])


def _shown(column: Column, value: str, *, full: bool) -> str:
    return value if full or column.mask is None else column.mask(value)


@action("export.request", audit="privacy.export_password_shown")
def show_password(actor: Actor, *, export_id: UUID) -> str:
    """The password, once: then it is forgotten here. `Conflict` EXPORT_PASSWORD_GONE afterwards."""
    export = _mine(actor, export_id)
    if not export.password:
        raise Conflict(
            "EXPORT_PASSWORD_GONE",
            gettext_noop("The password was shown before; it is shown once."),
            hint=gettext_noop("Order the list again."),
        )
    shown, export.password = export.password, ""
    export.save(update_fields=["password"])
    return str(shown)


@action("export.request", audit="privacy.export_fetched")
def fetch(actor: Actor, *, export_id: UUID) -> tuple[Export, Path]:
    """The file of an order, counted and on the trail. `Conflict` EXPORT_OVER after a day."""
    export = _mine(actor, export_id)
    export.downloads += 1
    export.save(update_fields=["downloads"])
    return export, queries.place_of(export)


def _mine(actor: Actor, export_id: UUID) -> Export:
    export = queries.my_export(actor, export_id, lock=True)
    if export.state != "ready" or export.ends_at is None or export.ends_at <= timezone.now():
        raise Conflict(
            "EXPORT_OVER",
            gettext_noop("This file cannot be fetched, or no longer: it is kept for 24 hours."),
            hint=gettext_noop("Order the list again."),
        )
    return export


@action("system", audit="privacy.exports_removed")
def remove_over(actor: Actor, *, limit: int = 100) -> int:
    """Take away files whose day is over; how many. Call it until 0."""
    gone = queries.over(limit)
    for export in gone:
        queries.place_of(export).unlink(missing_ok=True)
        export.state, export.password = "gone", ""
        export.save(update_fields=["state", "password"])
    record = recording.get()
    if record is not None:
        record.notes["exports"] = len(gone)
    return len(gone)
