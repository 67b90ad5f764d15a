"""Layouts made on the desk: begun from a file, looked at, saved as a new version; or brought as the file of a pack."""

from __future__ import annotations

import re
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from pydantic import ValidationError

from linli.foundation.actions.actions import action
from linli.foundation.files.actions import store_table
from linli.foundation.files.queries import path_on_disk
from linli.foundation.types import Actor
from linli.lib.errors import Invalid
from linli.registry.imports.engine.mappings import mapping_of
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.sketching import layout_of, look, proposed
from linli.registry.imports.models import Layout, LayoutDraft
from linli.registry.imports.queries import versions as reading
from linli.registry.imports.types import PEOPLE, Choice, Mapping
from linli.registry.sources.queries import source

CODE = re.compile(r"[a-z][a-z0-9_-]{1,29}")
LACKING = {
    "nothing_required": gettext_noop("no column is one that every row must have"),
    "heading_twice": gettext_noop("the heading %(heading)s stands in two columns"),
    "heading_unknown": gettext_noop("no column has the heading %(heading)s"),
}


@action("imports.load", audit="imports.layout_begun")
def begin(actor: Actor, *, file: File[Any] | IO[bytes], file_name: str, code: str, name: str, origin: str) -> LayoutDraft:
    """Look at a file and propose what its columns are; what the actor was making before is given up. ``origin``: code of the source.

    Errors: LAYOUT_CODE, LAYOUT_SUBJECT, SOURCE_UNKNOWN, those of `files.store_table` and of a file that cannot be read.
    """
    _check_code(code)
    source(origin)
    before = reading.layouts().get(code)
    if before is not None and before.subject != PEOPLE:
        raise Invalid(
            "LAYOUT_SUBJECT", gettext_noop("A layout of organisations is changed as a file: export it, change it, load it."), field="code"
        )
    stored = store_table(actor, upload=file, name=file_name, max_bytes=settings.IMPORT_MAX_BYTES)
    with open_table(path_on_disk(stored), stored.name) as table:
        sight = look(table)
    for earlier in LayoutDraft.objects.filter(made_by=actor.account):
        earlier.delete()
    row = LayoutDraft(made_by=actor.account, file_id=stored.pk, file_name=stored.name, code=code, name=name.strip(), source=origin)
    row.choices = [asdict(one) for one in proposed(sight, reading.known_to(row), today=timezone.localdate())]
    if before is not None:
        row.key, row.as_of = _kept(before, sight.columns, before.key), _kept(before, sight.columns, before.as_of)
    row.save(force_insert=True)
    return row


def _kept(before: Mapping, columns: Sequence[Any], heading: str) -> str:
    """How this file calls the column that the earlier layout names by a heading."""
    column = before.column_of(heading) if heading else None
    return next((seen.heading for seen in columns if column is not None and before.column_of(seen.heading) is column), "")


def _check_code(code: str) -> None:
    if not CODE.fullmatch(code):
        raise Invalid(
            "LAYOUT_CODE",
            gettext_noop("A code has 2 to 30 small letters, digits, - and _, and begins with a letter."),
            field="code",
            hint=gettext_noop("Such as: police-2026"),
        )


@action("imports.load", audit="imports.layout_changed")
def choose(actor: Actor, *, choices: Sequence[Choice], key: str, as_of: str) -> LayoutDraft:
    """Keep what was said of the columns; it need not be a layout yet."""
    row = reading.draft_of(actor, lock=True)
    row.choices, row.key, row.as_of = [asdict(one) for one in choices], key, as_of
    row.save(update_fields=["choices", "key", "as_of"])
    return row


@action("imports.load", audit="imports.layout_saved")
def save(actor: Actor) -> Layout:
    """Make the draft a new version, by which the next files of the source are read. `Invalid` LAYOUT_WRONG."""
    row = reading.draft_of(actor, lock=True)
    saved = _version(actor, drafted(row))
    row.delete()
    return saved


def drafted(row: LayoutDraft) -> Mapping:
    """The layout a draft stands for. `Invalid` LAYOUT_WRONG saying what lacks."""
    try:
        found = layout_of(row.code, row.name, row.source, reading.choices_of(row), reading.known_to(row), key=row.key, as_of=row.as_of)
    except ValidationError as error:
        raise Invalid(
            "LAYOUT_WRONG",
            gettext_noop("This is no layout yet: %(what)s."),
            hint=gettext_noop("Choose what the columns are, and tick one that every row must have."),
            data={"what": "; ".join(_lacking(problem) for problem in error.errors())},
        ) from error
    return found


def _lacking(problem: Mapping_[str, Any]) -> str:
    """What somebody who fills in the draft can mend is said in her language; the rest as the reader of packs says it."""
    known = LACKING.get(problem["type"])
    return gettext(known) % problem.get("ctx", {}) if known else str(problem["msg"]).removeprefix("Value error, ")


@action("imports.load", audit="imports.layout_loaded")
def bring(actor: Actor, *, text: str) -> Layout:
    """A layout as the file of a pack: the next version of its code. `Invalid` LAYOUT_FILE, LAYOUT_CODE; SOURCE_UNKNOWN."""
    mapping = mapping_of(text)
    _check_code(mapping.code)
    source(mapping.source)
    return _version(actor, mapping)


def _version(actor: Actor, mapping: Mapping) -> Layout:
    row = Layout(
        code=mapping.code,
        version=reading.newest_version(mapping.code) + 1,  # two at once: the second is refused by the constraint, and tried again
        name=mapping.name[:60],
        source=mapping.source,
        body=mapping.model_dump(mode="json", exclude_defaults=True),
        maker=actor.label[:80],
    )
    row.save(force_insert=True)
    return row


@action("imports.load", audit="imports.layout_given_up")
def give_up(actor: Actor) -> None:
    """The file is forgotten with the draft."""
    reading.draft_of(actor, lock=True).delete()
