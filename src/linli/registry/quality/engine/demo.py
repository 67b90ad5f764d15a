"""What a pack plans for the data quality of its synthetic city: `demo/quality.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml

FILE = Path("demo") / "quality.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConnectorPlan(_Part):
    name: str
    kind: Literal["postgres", "http", "push"]
    layout: str
    address: dict[str, str] = {}
    secret: str = ""
    every_minutes: int = 0


class DemoPlan(_Part):
    """``works``, ``fails``, ``compared``: connectors; ``only_ours`` and ``only_theirs`` people whom only one side has; ``reasons`` why problems stay."""

    communities: int
    delivered: int
    only_ours: int
    only_theirs: int
    reasons: tuple[str, ...]
    works: ConnectorPlan
    fails: ConnectorPlan
    compared: ConnectorPlan


def read_plan() -> DemoPlan | None:
    """Of the last pack that has one; None where none has. `Invalid` PACK_INVALID naming file and place."""
    paths = [path for pack in settings.PACKS if (path := Path(settings.PACKS_DIR) / pack / FILE).exists()]
    if not paths:
        return None
    try:
        return DemoPlan.model_validate(read_yaml(paths[-1]))
    except ValidationError as error:
        raise pack_error(paths[-1], 0, "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())) from error
