"""Writes: pairs that may be one person are noted, kept up to date and decided."""

from linli.registry.matching.actions.pairs import decide_apart, decide_same, drop_pairs, note_pairs, pair_up
from linli.registry.matching.actions.searching import search_around, search_register

__all__ = ["decide_apart", "decide_same", "drop_pairs", "note_pairs", "pair_up", "search_around", "search_register"]
