"""Writes: visits come due, are made; what was noted at the door is written or kept."""

from linli.registry.collection.actions.deciding import decide_held
from linli.registry.collection.actions.due import carry_visits, make_all_due, make_due, open_task
from linli.registry.collection.actions.loading import load_cycles
from linli.registry.collection.actions.newcomers import note_person
from linli.registry.collection.actions.values import note_value
from linli.registry.collection.actions.visiting import finish_visit

__all__ = [
    "carry_visits",
    "decide_held",
    "finish_visit",
    "load_cycles",
    "make_all_due",
    "make_due",
    "note_person",
    "note_value",
    "open_task",
]
