"""What a list, a log or an export may show of personal data (community.md 13.2). Masking happens on the server, before serialisation.

Every function takes any text and never raises: data that does not have the expected form is masked more, not less.
"""

from __future__ import annotations

from datetime import date

from linli.lib.address import AddressParts, has_estate_word, parse_address
from linli.lib.errors import LinliError

STAR = "*"
ADDRESS_REST = "***"
COORDINATE_DECIMALS = 3
"""About 100 metres."""


def _middle(text: str, head: int, tail: int) -> str:
    """Keep `head` first and `tail` last characters; at least half stays hidden, so a short text shows less."""
    while head + tail > len(text) // 2 and head + tail > 0:
        head, tail = (head - 1, tail) if head > tail else (head, tail - 1)
    return text[:head] + STAR * (len(text) - head - tail) + text[len(text) - tail :]


def mask_name(name: str) -> str:
    """Two characters: the first stays; three and more: first and last stay; one character is hidden."""
    name = name.strip()
    if len(name) <= 2:
        return name[:-1] + STAR if name else ""
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_id_number(number: str) -> str:
    """First six and last four of 18 characters, eight stars between; other documents keep fewer."""
    number = number.strip()
    if len(number) == 18:
        return number[:6] + STAR * 8 + number[-4:]
    return _middle(number, 6, 4) if len(number) > 18 else _middle(number, 3, 4)


def mask_phone(number: str) -> str:
    """First three and last four of a mobile number; fewer of shorter numbers."""
    number = number.strip()
    if len(number) == 11 and number.isdigit():
        return number[:3] + STAR * 4 + number[-4:]
    return _middle(number, 3, 4)


def mask_bank_card(number: str) -> str:
    """First four and last four."""
    return _middle("".join(number.split()), 4, 4)


def mask_email(address: str) -> str:
    """First character of the local part, and the domain."""
    local, at, domain = address.strip().rpartition("@")
    if not at or len(local) < 2:
        return STAR * 3 + at + domain if at else STAR * 3
    return local[0] + STAR * 3 + at + domain


def mask_plate(number: str) -> str:
    """Province, office letter and the last two characters."""
    number = "".join(number.split())
    return number[:2] + STAR * (len(number) - 4) + number[-2:] if len(number) >= 7 else _middle(number, 2, 1)


def mask_address(address: str | AddressParts) -> str:
    """Down to town, community and residential estate; road, door, building and room are hidden."""
    try:
        parts = parse_address(address) if isinstance(address, str) else address
    except LinliError:
        return ADDRESS_REST
    shown = [parts.province, parts.city, parts.county, parts.street, parts.community]
    # What follows the divisions may be anything people type; only a clear estate name is shown.
    if has_estate_word(parts.estate):
        shown.append(parts.estate)
    return "".join(shown) + ADDRESS_REST


def mask_birth_date(day: date) -> str:
    """The year."""
    return f"{day.year:04d}"


def mask_coordinates(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to three decimals."""
    return round(longitude, COORDINATE_DECIMALS), round(latitude, COORDINATE_DECIMALS)
