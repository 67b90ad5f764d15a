"""Reads: people found and listed, facts for decisions, values for forms, who looked."""

from linli.registry.people.queries.facts import (
    entered_on,
    facts,
    facts_about,
    origins_about,
    prefill_about,
    prefill_values,
    standing_of,
    text_of,
)
from linli.registry.people.queries.identity import contact_of, known_person, match_identity, tied
from linli.registry.people.queries.looks import looks_at
from linli.registry.people.queries.said import Heard, heard_of
from linli.registry.people.queries.search import (
    find_by_id_number,
    find_by_name,
    find_by_phone,
    find_person,
    get_person,
    id_index,
    in_region,
    number_within,
    phone_index,
    visible_people,
)

__all__ = [
    "Heard",
    "contact_of",
    "entered_on",
    "facts",
    "facts_about",
    "find_by_id_number",
    "find_by_name",
    "find_by_phone",
    "find_person",
    "get_person",
    "heard_of",
    "id_index",
    "in_region",
    "known_person",
    "looks_at",
    "match_identity",
    "number_within",
    "origins_about",
    "phone_index",
    "prefill_about",
    "prefill_values",
    "standing_of",
    "text_of",
    "tied",
    "visible_people",
]
