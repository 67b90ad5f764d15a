"""Writes: sources of a pack, provenance by whose word counts more, claims, facts, what other offices say."""

from linli.registry.sources.actions.carrying import carry_words
from linli.registry.sources.actions.claims import LOCK_DAYS, admit, close_claim, lock_value, open_clue
from linli.registry.sources.actions.corrections import Loss, close_settled, mark_sent, note_losses, note_words
from linli.registry.sources.actions.entries import FileEntry, add_entries, bring_entries, forget_subjects, link_entry, withdraw_entries
from linli.registry.sources.actions.erasing import clear_withdrawn, erase_words
from linli.registry.sources.actions.facts import add_fact, end_facts
from linli.registry.sources.actions.loading import load_rules, load_sources
from linli.registry.sources.actions.settling import keep_word, settle

__all__ = [
    "LOCK_DAYS",
    "FileEntry",
    "Loss",
    "add_entries",
    "add_fact",
    "admit",
    "bring_entries",
    "carry_words",
    "clear_withdrawn",
    "close_claim",
    "close_settled",
    "end_facts",
    "erase_words",
    "forget_subjects",
    "keep_word",
    "link_entry",
    "load_rules",
    "load_sources",
    "lock_value",
    "mark_sent",
    "note_losses",
    "note_words",
    "open_clue",
    "settle",
    "withdraw_entries",
]
