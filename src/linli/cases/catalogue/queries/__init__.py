"""Reads of the catalogue: what is on offer (`offers`), and drafts and try-outs for the editor (`editing`, `trying`)."""

from linli.cases.catalogue.queries.offers import (
    Definition,
    current_definition,
    definition,
    definition_of,
    get_matter,
    matters,
    names,
    search,
)

__all__ = ["Definition", "current_definition", "definition", "definition_of", "get_matter", "matters", "names", "search"]
