"""Uploads. The engine never touches a file: the caller stores it and hands over what the files app found out about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from linli.lib.errors import Invalid
from linli.records.forms.types import Field, FileInfo

from .base import Kind, Reading, text_of

MEGABYTE = 1024 * 1024


def check_upload(field: Field, *, size: int, content_type: str) -> None:
    """Refuse an upload the field does not take. `size` in bytes. Errors: FILE_EMPTY, FILE_TOO_LARGE, FILE_TYPE."""
    if size <= 0:
        raise Invalid("FILE_EMPTY", gettext_noop("The file is empty."), hint=gettext_noop("Choose the file again."))
    if size > field.max_mb * MEGABYTE:
        raise Invalid(
            "FILE_TOO_LARGE",
            gettext_noop("The file is larger than %(max)s MB."),
            hint=gettext_noop("Take the picture with a lower resolution or scan it in grey."),
            data={"max": field.max_mb},
        )
    if field.accept and not any(_matches(content_type, wanted) for wanted in field.accept):
        raise Invalid(
            "FILE_TYPE",
            gettext_noop("This kind of file is not accepted here."),
            hint=gettext_noop("Accepted: %(accepted)s."),
            data={"accepted": ", ".join(field.accept)},
        )


def _matches(content_type: str, wanted: str) -> bool:
    return content_type == wanted or (wanted.endswith("/*") and content_type.startswith(wanted[:-1]))


class FileKind(Kind):
    """A list of ids of stored files."""

    many = True

    def read(self, field: Field, raw: Any, reading: Reading) -> list[str]:
        """The ids. Errors: FILE_UNKNOWN, TOO_MANY_FILES and those of `check_upload`."""
        items = raw if isinstance(raw, list) else [raw]
        ids = list(dict.fromkeys(text_of(item) for item in items if not self.blank(item)))
        most = field.max_count or 1
        if len(ids) > most:
            raise Invalid("TOO_MANY_FILES", gettext_noop("Attach at most %(max)s files."), data={"max": most})
        for file_id in ids:
            info = reading.files.get(file_id)
            if info is None:
                raise Invalid(
                    "FILE_UNKNOWN",
                    gettext_noop("The attached file is no longer there."),
                    hint=gettext_noop("Remove it and attach it again."),
                )
            check_upload(field, size=info.size, content_type=info.content_type)
        return ids

    def show(self, field: Field, value: Any) -> str:
        """How many; names are shown by those who may read the files."""
        return ngettext("%(count)s file", "%(count)s files", len(value)) % {"count": len(value)}

    def mask(self, field: Field, value: Any) -> str:
        """The number of files is not private."""
        return self.show(field, value)


def names_of(ids: list[str], files: dict[str, FileInfo]) -> str:
    """The names of known files, separated."""
    return gettext(", ").join(files[file_id].name for file_id in ids if file_id in files)
