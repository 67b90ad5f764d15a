"""Writes: households and who belongs to them; the people of a synthetic city."""

from linli.registry.households.actions.membership import create_household, end_for_death, join, leave, move_household

__all__ = ["create_household", "end_for_death", "join", "leave", "move_household"]
