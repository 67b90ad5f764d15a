"""`exchange.yaml` of a pack."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml
from linli.registry.exchange.types import ExchangeSpec

FILE = "exchange.yaml"


def read_exchange(pack: Path) -> ExchangeSpec | None:
    """None where a pack has no such file. `Invalid` PACK_INVALID naming file and place."""
    path = pack / FILE
    if not path.exists():
        return None
    try:
        return ExchangeSpec.model_validate(read_yaml(path))
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors())
        raise pack_error(path, 0, told) from error
