"""What an entry of the trail is called, and what the program's own actors are called, in words (packs/*/trail.yaml).

The trail itself keeps the names the code has.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings


def name_of(action: str) -> str:
    """The words of the packs; the name itself where no pack has any."""
    return names().get(action, action)


def job_name(label: str) -> str:
    """What a job or command is called; a label that is none of theirs (somebody's name) as it is."""
    return job_names().get(label, label)


def job_labels(words: str) -> list[str]:
    """Labels of the jobs whose words begin so: somebody who filters types what the page shows."""
    return [label for label, name in job_names().items() if name.startswith(words)]


def names() -> dict[str, str]:
    """Action -> words."""
    return _said("names")


def job_names() -> dict[str, str]:
    """Label of a `system_actor` -> words."""
    return _said("actors")


@lru_cache(maxsize=2)
def _said(part: str) -> dict[str, str]:
    """One list of all packs; a city's own pack may say it otherwise."""
    found: dict[str, str] = {}
    for pack in settings.PACKS:
        file = Path(settings.PACKS_DIR) / pack / "trail.yaml"
        if file.exists():
            found |= yaml.safe_load(file.read_text(encoding="utf-8")).get(part, {})
    return found
