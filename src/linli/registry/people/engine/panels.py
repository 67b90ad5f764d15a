"""What other apps show on a person's page: households, cases, later benefits and visits register here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from linli.foundation.types import Actor
from linli.lib.registry import Registry
from linli.ui.types import Text


@dataclass(frozen=True)
class PanelRow:
    """One line: what, a word beside it, and where it leads."""

    text: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A part of the person page; an empty one says so with ``empty``."""

    title: Text
    rows: list[PanelRow]
    empty: Text


PANELS: Registry[Callable[[Actor, UUID], Panel]] = Registry("person panel")
