"""Writes: people and their values, facts from cases, full numbers shown on a stated purpose, accounts of a synthetic city."""

from linli.registry.people.actions.bulk import NewPerson, enter_people, remove_people, settle_people
from linli.registry.people.actions.persons import apply_value, create_person, decide_claim, mark_dead, overrule, register_fact
from linli.registry.people.actions.reveal import reveal_bank_account, reveal_id_number, reveal_phone

__all__ = [
    "NewPerson",
    "apply_value",
    "create_person",
    "decide_claim",
    "enter_people",
    "mark_dead",
    "overrule",
    "register_fact",
    "remove_people",
    "reveal_bank_account",
    "reveal_id_number",
    "reveal_phone",
    "settle_people",
]
