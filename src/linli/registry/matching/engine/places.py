"""What an address gives to compare with: the home, the house and the estate or road it lies in, however it was written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from linli.lib.address import AddressParts, has_estate_word, parse_address
from linli.lib.errors import Invalid
from linli.lib.tables import json_table
from linli.registry.matching.engine.names import is_han


class AddressKeys(NamedTuple):
    """Columns of `engine.features.Features` that come from the address alone; see there."""

    homes: tuple[str, ...]
    loose: tuple[str, ...]
    houses: tuple[str, ...]
    places: tuple[str, ...]
    area: str | None
    tokens: tuple[str, ...]
    house: str | None


@lru_cache(maxsize=200_000)
def address_keys(text: str) -> AddressKeys | None:
    """None when there is no address, or nothing in it that could be compared."""
    if not text.strip():
        return None
    if not is_han(text):
        return _words(text)
    try:
        parts = parse_address(text)
    except Invalid:
        return None
    places = _places(parts)
    if not places:
        return None
    homes: list[str] = []
    loose: list[str] = []
    houses: list[str] = []
    for place, is_door in places:
        if parts.building or is_door:
            houses.append(f"{place}#{parts.building}" if parts.building else place)
        if parts.room:
            homes.append(f"{place}#{parts.building}#{parts.unit}#{parts.room}")
            loose.append(f"{place}#{parts.building}##{parts.room}")
        elif is_door and not parts.building:
            homes.append(place)  # a house of one family: its door is the home
    own = tuple(dict.fromkeys(place for place, _ in places)) + tuple(dict.fromkeys(filter(None, (parts.road,))))
    return AddressKeys(tuple(homes), tuple(loose), tuple(houses), own, _area(parts), (), houses[0] if houses else None)


def _places(parts: AddressParts) -> list[tuple[str, bool]]:
    """The names the house may go by, and whether such a name is one door already: road and number, estate (or hamlet) and number."""
    found = []
    if parts.estate:
        plain = parts.estate.split(parts.road)[-1] if parts.road else parts.estate
        door = "" if parts.building or has_estate_word(plain) else parts.door_no
        found.append((plain + door, bool(door)))
    if parts.road and parts.door_no:
        found.append((parts.road + parts.door_no, True))
    elif parts.road and not found:
        found.append((parts.road, False))
    return [(place, door) for place, door in found if place]


def _area(parts: AddressParts) -> str | None:
    """The community without its word, or the street: where two addresses name different ones, equal estates are not the same."""
    for part, key in ((parts.community, "community"), (parts.street, "street")):
        for word in sorted(json_table("address")[key], key=len, reverse=True):
            if part.endswith(word) and len(part) > len(word):
                return f"{key}:{part.removesuffix(word)}"
    return None


def _words(text: str) -> AddressKeys | None:
    """An address in letters: its words, and for blocking its numbers (house and post code) together."""
    words = tuple(sorted(set(re.findall(r"[^\W_]+", text.casefold()))))
    numbers = " ".join(word for word in words if word.isdecimal())
    return AddressKeys((), (), (), (), None, words, numbers or None) if words else None
