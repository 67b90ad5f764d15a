"""Menu registry: apps register their entries from `declarations`, the shells draw what an actor may open."""

from __future__ import annotations

from collections.abc import Collection

from linli.ui.types import Door, MenuItem

__all__ = ["Door", "DuplicateMenuKeyError", "MenuItem", "for_actor", "register", "registered", "unregister"]

_items: dict[tuple[Door, str], MenuItem] = {}


class DuplicateMenuKeyError(ValueError):
    """Two different entries want the same key of one door."""


def register(*items: MenuItem) -> None:
    """Add entries. Registering the same entry again changes nothing; another one under a taken key raises `DuplicateMenuKeyError`."""
    for item in items:
        taken = _items.get((item.door, item.key))
        if taken is not None and taken != item:
            raise DuplicateMenuKeyError(f"{item.door}: {item.key} is registered as {taken.url_name}")
        _items[item.door, item.key] = item


def unregister(door: Door, key: str) -> None:
    """Take an entry out again; one that is not there is not an error."""
    _items.pop((door, key), None)


def registered(door: Door) -> tuple[MenuItem, ...]:
    """All entries of a door in the order of the menu."""
    return tuple(sorted((item for item in _items.values() if item.door == door), key=lambda item: (item.order, item.key)))


def for_actor(permissions: Collection[str], door: Door = Door.DESK) -> tuple[MenuItem, ...]:
    """The entries of a door whose permission is among `permissions`, and those that need none."""
    return tuple(item for item in registered(door) if not item.permission or item.permission in permissions)
