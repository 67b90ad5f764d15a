"""Reads: the model a city links with, who of the register a record may be about, pairs that wait."""

from linli.registry.matching.queries.online import Likely, who_could_be
from linli.registry.matching.queries.packs import current_model, land
from linli.registry.matching.queries.pairs import get_pair, names_of, next_pair, open_pairs
from linli.registry.matching.queries.scoring import Alike, alike_of
from linli.registry.matching.queries.sides import Side, both_sides

__all__ = [
    "Alike",
    "Likely",
    "Side",
    "alike_of",
    "both_sides",
    "current_model",
    "get_pair",
    "land",
    "names_of",
    "next_pair",
    "open_pairs",
    "who_could_be",
]
