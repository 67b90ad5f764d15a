"""What an entry of the trail is called, in words (packs/*/trail.yaml). The trail itself keeps the name the code has."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings


def name_of(action: str) -> str:
    """The words of the packs; the name itself where no pack has any."""
    return names().get(action, action)


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Name -> words; a city's own pack may say it otherwise."""
    found: dict[str, str] = {}
    for pack in settings.PACKS:
        file = Path(settings.PACKS_DIR) / pack / "trail.yaml"
        if file.exists():
            found |= yaml.safe_load(file.read_text(encoding="utf-8"))["names"]
    return found
