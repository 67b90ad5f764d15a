"""What each channel told its shell (`ShellLinks`); a door that said nothing gets a shell with its name only."""

from __future__ import annotations

from linli.ui.types import Door, ShellLinks

__all__ = ["Door", "ShellLinks", "links_of", "register_links"]

_links: dict[Door, ShellLinks] = {}


def register_links(links: ShellLinks) -> None:
    """Set the links of a door; the later registration wins, because a door has one channel."""
    _links[links.door] = links


def links_of(door: Door) -> ShellLinks:
    """The links of a door; empty ones before its channel has registered."""
    return _links.get(door) or ShellLinks(door=door, home="")
