"""What other apps show on the pages of a person, a household and a home, and what they find: floors above register here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
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
    """A part of the page; an empty one says so with ``empty``."""

    title: Text
    rows: list[PanelRow]
    empty: Text


@dataclass(frozen=True, order=True)
class Line:
    """Something that happened. ``icon`` is one of frontend/icons.txt; equal lines are shown once."""

    on: date
    title: str
    text: str = ""
    who: str = ""
    icon: str = "point"
    url: str = ""


@dataclass(frozen=True)
class TabOf:
    """A further tab of a page: its word, and the panels on it. Made only when it is opened."""

    label: Text
    make: Callable[[Actor, UUID], list[Panel]]


@dataclass(frozen=True)
class Finder:
    """Finds something else than people for the one search box: (actor, what was typed, path below which or "") -> rows."""

    heading: Text
    find: Callable[[Actor, str, str], list[PanelRow]]


MakePanel = Callable[[Actor, UUID], Panel]
MakeLines = Callable[[Actor, UUID], list[Line]]

PANELS: Registry[MakePanel] = Registry("person panel")
HOUSEHOLD_PANELS: Registry[MakePanel] = Registry("household panel")
HOME_PANELS: Registry[MakePanel] = Registry("panel of a home")
TABS: Registry[TabOf] = Registry("tab of a person")
HOUSEHOLD_TABS: Registry[TabOf] = Registry("tab of a household")
HOME_TABS: Registry[TabOf] = Registry("tab of a home")
TIMELINES: Registry[MakeLines] = Registry("lines of a person's timeline")
HOUSEHOLD_TIMELINES: Registry[MakeLines] = Registry("lines of a household's timeline")
HOME_TIMELINES: Registry[MakeLines] = Registry("lines of a home's timeline")
FINDERS: Registry[Finder] = Registry("finder of the register")
LINKS: Registry[Callable[[Actor, UUID], list[PanelRow]]] = Registry("what may be entered about a person")
"""Life events and the like: text and address, for those who may; shown as buttons above the page."""


def lines_of(makers: Registry[MakeLines], actor: Actor, subject: UUID) -> list[Line]:
    """All lines about a subject, the newest first; each maker asks a fixed number of questions, however much happened."""
    found = {line for make in makers.values() for line in make(actor, subject)}
    return sorted(found, reverse=True)
