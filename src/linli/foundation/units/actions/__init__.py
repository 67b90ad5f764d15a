"""Writes: units and posts of a pack, and what the system administrator changes of them on the desk."""

from linli.foundation.units.actions.editing import add_unit, change_unit, close_unit, hand_over_unit, move_unit
from linli.foundation.units.actions.loading import export_units, load_units
from linli.foundation.units.actions.posts import add_post, close_post

__all__ = [
    "add_post",
    "add_unit",
    "change_unit",
    "close_post",
    "close_unit",
    "export_units",
    "hand_over_unit",
    "load_units",
    "move_unit",
]
