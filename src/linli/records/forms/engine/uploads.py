"""Which file inputs a page may send, so that the caller stores only what a field takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from linli.records.forms.types import Field, FieldType, Form

from .incoming import ROW
from .kinds.files import check_upload

__all__ = ["UPLOAD_SUFFIX", "check_upload", "upload_fields"]

UPLOAD_SUFFIX: Final = "__upload"
"""The file input beside the hidden ids of stored files (`photo__upload` beside `photo`)."""


def upload_fields(form: Form, names: Iterable[str]) -> dict[str, tuple[str, Field]]:
    """The names in `request.FILES` that belong to the form: name -> (path to hand to `bind(uploaded=...)`, field for `check_upload`)."""
    found: dict[str, tuple[str, Field]] = {}
    for name in names:
        path = name.removesuffix(UPLOAD_SUFFIX)
        if path == name:
            continue
        row = ROW.match(path)
        spec = form.field(path[row.end() :], section=row[1]) if row else form.field(path)
        if spec is not None and spec.type is FieldType.FILE:
            found[name] = (path, spec)
    return found
