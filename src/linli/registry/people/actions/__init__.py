"""Writes: people and their values, facts from cases, full numbers shown on a stated purpose, accounts of a synthetic city."""

from linli.registry.people.actions.bulk import NewPerson, enter_people, remove_people, settle_people
from linli.registry.people.actions.corrections import note_corrections
from linli.registry.people.actions.deaths import report_death, withdraw_death_report
from linli.registry.people.actions.documents import add_identity, end_group, enter_group
from linli.registry.people.actions.events import carry_rows, note_event, set_by_event, settle_at
from linli.registry.people.actions.groups import load_groups
from linli.registry.people.actions.merging import merge_people, split_people
from linli.registry.people.actions.persons import apply_value, create_person, decide_claim, mark_dead, overrule, register_fact
from linli.registry.people.actions.reminders import remind, settle_reminder
from linli.registry.people.actions.reveal import open_person, reveal_bank_account, reveal_id_number, reveal_phone
from linli.registry.people.actions.wishes import correct_at_wish, erase_value, kept_because

__all__ = [
    "NewPerson",
    "add_identity",
    "apply_value",
    "carry_rows",
    "correct_at_wish",
    "create_person",
    "decide_claim",
    "end_group",
    "enter_group",
    "enter_people",
    "erase_value",
    "kept_because",
    "load_groups",
    "mark_dead",
    "merge_people",
    "note_corrections",
    "note_event",
    "open_person",
    "overrule",
    "register_fact",
    "remind",
    "remove_people",
    "report_death",
    "reveal_bank_account",
    "reveal_id_number",
    "reveal_phone",
    "set_by_event",
    "settle_at",
    "settle_people",
    "settle_reminder",
    "split_people",
    "withdraw_death_report",
]
