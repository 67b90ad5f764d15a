"""The page of one person, household or home (one dossier each): its tabs, each with an address of its own, and its timeline in pages."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy

from linli.foundation.types import Actor
from linli.lib.registry import Registry
from linli.registry.people.engine.panels import MakeLines, MakePanel, TabOf, lines_of
from linli.ui.types import Tab

OVERVIEW, TIMELINE = "overview", "timeline"
LINES: Final = 30  # of a timeline on one page


def dossier(
    actor: Actor,
    subject: UUID,
    *,
    address: str,
    tab: str,
    page: str,
    panels: Registry[MakePanel],
    tabs: Registry[TabOf],
    timelines: Registry[MakeLines],
) -> dict[str, Any]:
    """What the template `ui/desk/dossier.html` draws. Only the tab that is open is made; an unknown one opens the overview."""
    words = {OVERVIEW: gettext_lazy("Overview"), **{key: one.label for key, one in tabs.items()}, TIMELINE: gettext_lazy("Over time")}
    tab = tab if tab in words else OVERVIEW
    found: dict[str, Any] = {
        "tab": tab,
        "tabs": [
            Tab(label=label, url=address if key == OVERVIEW else f"{address}?tab={key}", current=key == tab) for key, label in words.items()
        ],
    }
    if tab == OVERVIEW:
        found["panels"] = [make(actor, subject) for make in panels.values()]
    elif tab == TIMELINE:
        found["page"] = Paginator(lines_of(timelines, actor, subject), LINES).get_page(page)
    else:
        found["tab_panels"] = tabs.get(tab).make(actor, subject)
    return found
