"""Writes: households and who belongs to them, what happens to them in life; the people of a synthetic city."""

from linli.registry.households.actions.changing import join_households, name_head, split_household
from linli.registry.households.actions.family import divorce, marry, register_birth
from linli.registry.households.actions.filing import undo_filing
from linli.registry.households.actions.membership import create_household, end_for_death, join, leave, move_household
from linli.registry.households.actions.moves import home_named, move_in, move_out, move_person
from linli.registry.households.actions.relations import carry_relations, end_relation, state_relation

__all__ = [
    "carry_relations",
    "create_household",
    "divorce",
    "end_for_death",
    "end_relation",
    "home_named",
    "join",
    "join_households",
    "leave",
    "marry",
    "move_household",
    "move_in",
    "move_out",
    "move_person",
    "name_head",
    "register_birth",
    "split_household",
    "state_relation",
    "undo_filing",
]
