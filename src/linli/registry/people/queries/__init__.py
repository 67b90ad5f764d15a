"""Reads: people found and listed, facts for decisions, values for forms, who looked."""

from linli.registry.people.queries.facts import facts, prefill_values
from linli.registry.people.queries.identity import contact_of, known_person, match_identity
from linli.registry.people.queries.looks import looks_at
from linli.registry.people.queries.search import (
    find_by_id_number,
    find_by_name,
    find_by_phone,
    get_person,
    id_index,
    in_region,
    phone_index,
    visible_people,
)

__all__ = [
    "contact_of",
    "facts",
    "find_by_id_number",
    "find_by_name",
    "find_by_phone",
    "get_person",
    "id_index",
    "in_region",
    "known_person",
    "looks_at",
    "match_identity",
    "phone_index",
    "prefill_values",
    "visible_people",
]
