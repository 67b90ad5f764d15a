"""What was asked in a synthetic city: lists (`demo/exports.yaml` of a pack), and what residents asked about their data (`demo/requests.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml

FILE, REQUESTS = Path("demo") / "exports.yaml", Path("demo") / "requests.yaml"
P = TypeVar("P", bound=BaseModel)


class ExportPlan(BaseModel):
    """One order of a list by the holder of a role in a region (its code); ``end``: how far it has come."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exportable: str
    role: str
    region: str
    columns: tuple[str, ...]
    full: bool = False
    form: Literal["xlsx", "csv"] = "xlsx"
    purpose: str
    end: Literal["waiting", "refused", "ready", "fetched", "gone"]
    reason: str = ""


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    exports: tuple[ExportPlan, ...]


class RequestPlan(BaseModel):
    """What one resident asked about her data; ``end``: the state it has come to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["copy", "correct", "erase"]
    attribute: str = ""
    value: str = ""
    scope: tuple[str, ...] = ()
    text: str = ""
    end: Literal["open", "done", "refused", "withdrawn"]
    reason: str = ""


class _Requests(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    requests: tuple[RequestPlan, ...]


def read_plan(folders: Iterable[Path]) -> tuple[ExportPlan, ...]:
    """Of the first pack that has one; nothing without. `Invalid` PACK_INVALID naming the field."""
    found = _first(folders, FILE, _Plan)
    return found.exports if found else ()


def read_requests(folders: Iterable[Path]) -> tuple[RequestPlan, ...]:
    """The same of requests."""
    found = _first(folders, REQUESTS, _Requests)
    return found.requests if found else ()


def _first(folders: Iterable[Path], file: Path, model: type[P]) -> P | None:
    for folder in folders:
        path = folder / file
        if path.exists():
            try:
                return model.model_validate(read_yaml(path))
            except ValidationError as error:
                told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
                raise pack_error(path, 0, told) from error
    return None
