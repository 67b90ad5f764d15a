"""`quality.yaml` of a pack."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml
from linli.lib.errors import LinliError
from linli.registry.quality.engine.mechanisms import check_of
from linli.registry.quality.types import RuleSpec

FILE = "quality.yaml"


def read_rules(pack: Path) -> list[RuleSpec] | None:
    """None where a pack has no such file. `Invalid` PACK_INVALID naming file and rule."""
    path = pack / FILE
    if not path.exists():
        return None
    found: dict[str, RuleSpec] = {}
    for number, given in enumerate(read_yaml(path).get("rules", []), 1):
        try:
            rule = RuleSpec.model_validate(given)
            check_of(rule.check, rule.what, rule.about)
        except (ValidationError, ValueError, LinliError) as error:
            told = "; ".join(e["msg"] for e in error.errors()) if isinstance(error, ValidationError) else str(error)
            raise pack_error(path, 0, f"rule {number} ({given.get('code') if isinstance(given, dict) else given}): {told}") from error
        if rule.code in found:
            raise pack_error(path, 0, f"rule {number}: {rule.code} stands there twice")
        found[rule.code] = rule
    return list(found.values())
