"""Layouts: those of the packs and those made on the desk, and the one somebody is making."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.files.models import StoredFile
from linli.foundation.files.queries import path_on_disk
from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.lib.remembered import remembered
from linli.registry.imports.engine.mappings import read_mappings
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.sketching import Known, Sight, look
from linli.registry.imports.engine.standard import Standardiser
from linli.registry.imports.models import Layout, LayoutDraft
from linli.registry.imports.queries.places import communities
from linli.registry.imports.types import PEOPLE, Choice, Mapping, Standard

PIN = "@"
"""Between code and version: files are read to the end by the version they were brought with."""


@remembered(seconds=60)
def pack_layouts() -> dict[str, Mapping]:
    """Layouts of the packs by code; those of a later pack take the place of an earlier one's."""
    return {found.code: found for pack in settings.PACKS for found in read_mappings(Path(settings.PACKS_DIR) / pack)}


def layouts() -> dict[str, Mapping]:
    """Layouts of offices by code; the newest version made on the desk takes the place of a pack's."""
    made = Layout.objects.order_by("code", "-version").distinct("code")
    return pack_layouts() | {row.code: Mapping.model_validate(row.body) for row in made}


def layout(code: str) -> Mapping:
    """One layout, or with `code@version` one version; `NotFound` when there is none (any more)."""
    name, _, version = code.partition(PIN)
    if version:
        row = Layout.objects.filter(code=name, version=int(version) if version.isdecimal() else 0).first()
        found = Mapping.model_validate(row.body) if row else None
    else:
        found = layouts().get(name)
    if found is None:
        raise NotFound("LAYOUT_UNKNOWN", "No pack has the layout %(code)s.", hint="Load the packs.", data={"code": code})
    return found


def pinned(code: str) -> str:
    """The version of a layout that stands now; a pack's has none."""
    newest = newest_version(code)
    return f"{code}{PIN}{newest}" if newest else code


def newest_version(code: str) -> int:
    return Layout.objects.filter(code=code).aggregate(newest=Max("version"))["newest"] or 0


def versions(code: str) -> QuerySet[Layout]:
    """What was made on the desk, the newest first."""
    return Layout.objects.filter(code=code).order_by("-version")


def draft_of(actor: Actor, *, lock: bool = False) -> LayoutDraft:
    """The layout the actor is making; `NotFound` when there is none."""
    rows = LayoutDraft.objects.filter(made_by=actor.account)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound("LAYOUT_DRAFT", gettext_noop("You are not making a layout."), hint=gettext_noop("Begin with a file."))
    return row


def choices_of(draft: LayoutDraft) -> list[Choice]:
    return [Choice(one["heading"], one["attribute"], one["required"], tuple(one["formats"]), one["codes"]) for one in draft.choices]


def known_to(draft: LayoutDraft) -> Known:
    """What other layouts of people say of headings and codes."""
    of_people = (one for one in layouts().values() if one.subject == PEOPLE)
    return Known.of(of_people, first=draft.code, source=draft.source)


def sight_of(draft: LayoutDraft) -> Sight:
    """The beginning of the draft's file. Errors: those of a file that cannot be read."""
    with open_table(*_stored(draft)) as table:
        return look(table)


def preview(draft: LayoutDraft, mapping: Mapping, *, rows: int = 10) -> list[Standard]:
    """The first rows as they would be read."""
    with open_table(*_stored(draft), mapping) as table:
        today = timezone.localdate()
        reader = Standardiser(mapping, table.headings, today=today, batch_day=today, regions=communities())
        return [reader.standardise(*line) for _, line in zip(range(rows), table.rows(), strict=False)]


def _stored(draft: LayoutDraft) -> tuple[Path, str]:
    stored = StoredFile.objects.get(pk=draft.file_id)
    return path_on_disk(stored), stored.name


def files_in_drafts(ids: Collection[UUID]) -> set[UUID]:
    """Of some files those that layouts are being made from. Under a job's rights."""
    return set(LayoutDraft.objects.filter(file_id__in=list(ids)).values_list("file_id", flat=True))
