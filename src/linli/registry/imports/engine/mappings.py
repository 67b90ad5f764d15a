"""Layouts of offices out of a pack: `imports/*.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml
from linli.registry.imports.types import Mapping


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
