"""Reads: facilities filtered, one facility, shares of confirmed ownership."""

from linli.registry.facilities.queries.facilities import (
    duties_of,
    facilities_in,
    get_facility,
    misplaced,
    next_code,
    number_within,
    responsible,
    shares,
    statuses_of,
)

__all__ = ["duties_of", "facilities_in", "get_facility", "misplaced", "next_code", "number_within", "responsible", "shares", "statuses_of"]
