"""The file that goes back to an office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext_noop

from linli.foundation.files.models import StoredFile
from linli.foundation.files.queries import path_on_disk
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.verdicts import VerdictWriter, verdict_ending
from linli.registry.imports.models import Batch
from linli.registry.imports.queries.batches import verdict_rows
from linli.registry.imports.queries.versions import layout

JOB = system_actor("imports.verdicts")


def write_verdicts(actor: Actor, batch: Batch, path: Path, translate: Callable[[str], str]) -> str:
    """Write the office's file with two more columns; its name. Rows that are not judged yet are left out.

    Whoever sees the batch may have the file, also when a colleague brought it.
    """
    kind = "load" if batch.loaded else "check"
    with scoped(JOB):
        stored = StoredFile.objects.filter(pk=batch.file_id).first()
    if stored is None:
        raise NotFound(
            "FILE_ENDED",
            gettext_noop("This file was kept long enough and has been removed; what was taken over from it stays."),
            hint=gettext_noop("Ask the office for it if you need it again."),
        )
    with open_table(path_on_disk(stored), stored.name, layout(batch.mapping)) as table:
        verdicts = verdict_rows(actor, batch, kind)
        with VerdictWriter(path, table.format, table.headings, translate, batch.subject) as out:
            judged = next(verdicts, None)
            for line, cells in table.rows():
                if judged is None:
                    break
                if judged[0] == line:
                    out.write(cells, judged[1], judged[3])
                    judged = next(verdicts, None)
        return f"{PurePosixPath(batch.file_name).stem}-{batch.made_at:%Y%m%d}.{verdict_ending(table.format)}"
