"""The five levels and the tags of a rating (services.md 2.5), as the packs write them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

FILE = "codes/evaluation_tags.yaml"
BAD = frozenset({1, 2})
"""Dissatisfied and very dissatisfied: a tag is asked for, and somebody calls back."""


@dataclass(frozen=True)
class Level:
    """One of the five answers; 5 is the best."""

    value: int
    label: str
    bad: bool


@dataclass(frozen=True)
class Tag:
    """What a rating is about, in good words and in bad ones."""

    code: str
    good: str
    bad: str


def is_bad(score: int) -> bool:
    return score in BAD


@lru_cache(maxsize=1)
def _read(folders: tuple[Path, ...]) -> dict[str, Any]:
    """The last pack that has the file wins: a city words its own."""
    found: dict[str, Any] = {}
    for folder in folders:
        if (folder / FILE).exists():
            found = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))
    return found


def _tables() -> dict[str, Any]:
    return _read(tuple(Path(settings.PACKS_DIR) / name for name in settings.PACKS))


def levels() -> list[Level]:
    """Best first."""
    return sorted(
        (Level(int(one["value"]), str(one["label"]), bool(one["bad"])) for one in _tables().get("levels", [])), key=lambda one: -one.value
    )


def tags(only: Collection[str] = ()) -> list[Tag]:
    """All tags, or those a matter names."""
    found = [Tag(str(one["code"]), str(one["good"]), str(one["bad"])) for one in _tables().get("tags", [])]
    return [tag for tag in found if not only or tag.code in only]
