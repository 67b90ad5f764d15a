"""Layouts of offices out of a pack: `imports/*.yaml`."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.utils.translation import gettext_noop
from pydantic import ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml
from linli.lib.errors import Invalid
from linli.registry.imports.types import Mapping

MOST_TEXT = 200_000
"""Characters of a layout's file."""


def read_mappings(pack: Path) -> tuple[Mapping, ...]:
    """The layouts of one pack by name of file; none where it has no such folder. `Invalid` PACK_INVALID naming file and field."""
    return tuple(read_mapping(path) for path in sorted((pack / "imports").glob("*.yaml")))


def read_mapping(path: Path) -> Mapping:
    """One layout; its code is the name of the file."""
    try:
        mapping = Mapping.model_validate(read_yaml(path))
    except ValidationError as error:
        raise pack_error(path, 0, "; ".join(_told(problem["loc"], problem["msg"]) for problem in error.errors())) from error
    if mapping.code != path.stem:
        raise pack_error(path, 0, f"code: {mapping.code} is not the name of the file")
    return mapping


def _told(place: tuple[int | str, ...], message: str) -> str:
    """Where, with columns counted from 1, and what."""
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    told = message.removeprefix("Value error, ")
    return f"{where}: {told}" if where else told


def mapping_of(text: str, field: str = "file") -> Mapping:
    """A layout out of the text of such a file, as somebody brings it. `Invalid` LAYOUT_FILE saying where and what."""
    try:
        if len(text) > MOST_TEXT or any(isinstance(token, yaml.AliasToken | yaml.AnchorToken) for token in yaml.scan(text)):
            raise _wrong(gettext_noop("it is too long, or one part of it refers to another"), field)
        return Mapping.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _wrong(f"{mark.line + 1 if mark else 0}: {getattr(error, 'problem', error)}", field) from error
    except ValidationError as error:
        raise _wrong("; ".join(_told(problem["loc"], problem["msg"]) for problem in error.errors()), field) from error


def _wrong(what: str, field: str) -> Invalid:
    return Invalid(
        "LAYOUT_FILE",
        gettext_noop("This is no layout: %(what)s."),
        field=field,
        hint=gettext_noop("Export a layout to see how such a file is written."),
        data={"what": what},
    )


def yaml_of(mapping: Mapping) -> str:
    """The layout as a file of a pack (imports/CODE.yaml); what it does not say is left out."""
    return yaml.safe_dump(
        mapping.model_dump(mode="json", exclude_defaults=True), allow_unicode=True, sort_keys=False, width=160, default_flow_style=None
    )
