"""Which offices use what in a synthetic city: `demo/exchange.yaml` of a pack."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml

FILE = Path("demo") / "exchange.yaml"


class FilePlan(BaseModel):
    """A file that was ordered; ``end``: what became of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: Literal["csv", "xlsx", "parquet"]
    by: Literal["program", "desk"] = "program"
    end: Literal["fetched", "ready", "failed", "gone"]


class UsePlan(BaseModel):
    """One use; ``days`` its term, ``reads`` pages that were read, ``dead`` whether a message about it was given up, ``regular`` the form of regular files.

    Files are written in full: those of a use of a large region are planned as failed ones only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: str
    program: str
    entity: str
    purpose: str
    reason: str
    legal_basis: str
    fields: tuple[str, ...]
    region: str
    days: int
    end: Literal["approved", "asked", "seconded", "refused", "suspended", "withdrawn"]
    reads: int = 0
    dead: bool = False
    regular: Literal["", "csv", "xlsx", "parquet"] = ""
    files: tuple[FilePlan, ...] = ()
    decision: str = ""


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    uses: tuple[UsePlan, ...]


def read_plan(folders: Iterable[Path]) -> tuple[UsePlan, ...]:
    """Of the first pack that has one; nothing without. `Invalid` PACK_INVALID naming the field."""
    for folder in folders:
        path = folder / FILE
        if path.exists():
            try:
                return _Plan.model_validate(read_yaml(path)).uses
            except ValidationError as error:
                told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
                raise pack_error(path, 0, told) from error
    return ()
