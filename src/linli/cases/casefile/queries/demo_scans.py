"""What the papers of a synthetic city look like (packs: demo/scans.yaml, demo/scan.html), and which cases still lack theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from linli.cases.casefile.models import Material


@dataclass(frozen=True)
class Scans:
    """``papers``: key of a material -> title and lines of the sheet; ``photographs``: keys that are a portrait. Empty without a pack."""

    template: str = ""
    photographs: frozenset[str] = frozenset()
    papers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def scans() -> Scans:
    for pack in settings.PACKS:
        folder = Path(settings.PACKS_DIR) / pack / "demo"
        if (folder / "scans.yaml").exists():
            body = yaml.safe_load((folder / "scans.yaml").read_text(encoding="utf-8"))
            template = (folder / "scan.html").read_text(encoding="utf-8")
            return Scans(template, frozenset(body.get("photographs", [])), body.get("papers", {}))
    return Scans()


def without_scan(most: int) -> list[Material]:
    """Papers that were handed in and that nobody can open: of the newest cases first, which are the ones somebody looks at."""
    rows = Material.objects.filter(state="given", file=None).select_related("case")
    return list(rows.order_by("-case__submitted_at", "id")[:most])
