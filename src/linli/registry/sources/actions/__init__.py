"""Writes: sources of a pack, provenance by whose word counts more, claims, facts, what other offices say."""

from linli.registry.sources.actions.claims import LOCK_DAYS, admit, close_claim, lock_value, open_clue
from linli.registry.sources.actions.entries import add_entries, forget_subjects, link_entry, withdraw_entries
from linli.registry.sources.actions.facts import add_fact, end_facts
from linli.registry.sources.actions.loading import load_rules, load_sources
from linli.registry.sources.actions.settling import keep_word, settle

__all__ = [
    "LOCK_DAYS",
    "add_entries",
    "add_fact",
    "admit",
    "close_claim",
    "end_facts",
    "forget_subjects",
    "keep_word",
    "link_entry",
    "load_rules",
    "load_sources",
    "lock_value",
    "open_clue",
    "settle",
    "withdraw_entries",
]
