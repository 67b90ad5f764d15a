"""Standard addresses (services.md 1.7): parts, how typed text becomes parts, and how parts are printed.

The words (building, unit, room, road ...) are data in `data/address.json`. Numbers are stored bare ("3", "1203"), names with their word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from linli.lib.errors import Invalid
from linli.lib.names import HAN
from linli.lib.tables import json_table
from linli.lib.width import half_width

MAX_LENGTH = 200
_SPACES = re.compile("[\\s,;\uff0c\u3001\u3002]+")


@dataclass(frozen=True, slots=True)
class AddressParts:
    """One address; an empty text means the part is missing. `floor` is negative below ground."""

    province: str = ""
    city: str = ""
    county: str = ""
    street: str = ""
    community: str = ""
    grid: str = ""
    road: str = ""
    door_no: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""


def full_address(parts: AddressParts) -> str:
    """City, county, street, community, road, door, estate, building, unit, room; the floor only where there is no room."""
    word: dict[str, str] = json_table("address")["full"]
    text = parts.city + parts.county + parts.street + parts.community + parts.road + parts.door_no + parts.estate
    for part in ("building", "unit"):
        number = getattr(parts, part)
        text += number + word[part] if number else ""
    if parts.room:
        return text + parts.room + word["room"]
    if parts.floor:
        text += (word["basement"] if parts.floor.startswith("-") else "") + parts.floor.lstrip("-") + word["floor"]
    return text


def parse_address(text: str, *, field: str | None = "address") -> AddressParts:
    """Read typed text; `Invalid` ADDRESS_FORMAT when it is empty or longer than 200 characters.

    What no rule recognises stays in `estate`: nothing typed is lost, and a person can correct the parts.
    """
    rest = _SPACES.sub("", half_width(text)).upper()
    if not rest or len(rest) > MAX_LENGTH:
        raise Invalid(
            "ADDRESS_FORMAT",
            "An address has 1 to 200 characters.",
            field=field,
            hint="Write community, road, number, estate, building, unit and room.",
        )
    found: dict[str, str] = {}
    for part, pattern in _front_patterns():
        if match := pattern.match(rest):
            found[part] = match[0]
            rest = rest[match.end() :]
    return _indoor(AddressParts(**found), rest)


def _indoor(parts: AddressParts, rest: str) -> AddressParts:
    """Estate, building, unit, floor and room out of what follows the door number."""
    for pattern in _indoor_patterns():
        if match := pattern.fullmatch(rest):
            got = {name: value or "" for name, value in match.groupdict().items()}
            if rest.endswith(json_table("address")["door"]) and not any(got.get(part) for part in ("building", "unit", "floor")):
                break  # a room or the door of a park: nobody can tell, so it stays as it was written
            building, unit = (arabic(got.get(name, "")) for name in ("building", "unit"))
            room = arabic(got.get("room", ""))
            floor = _floor(got.get("floor", ""), bool(got.get("below"))) or _floor_of_room(room)
            return replace(parts, estate=got["estate"], building=building, unit=unit, floor=floor, room=room)
    return replace(parts, estate=rest)


def _floor(typed: str, below: bool) -> str:
    number = arabic(typed.removeprefix("B"))
    return f"-{number}" if number and (below or typed.startswith("B")) else number


def _floor_of_room(room: str) -> str:
    """Three or four digits are floor and serial on the floor; B101 lies one floor below ground."""
    if re.fullmatch(r"[0-9]{3,4}", room):
        return str(int(room[:-2]))
    return f"-{room[1]}" if re.fullmatch(r"B[1-9][0-9]{2}", room) else ""


def arabic(text: str) -> str:
    """Chinese numerals up to 999 as digits, without leading zeros; other text (a letter, "east") stays as it is."""
    words = json_table("address")
    digits: dict[str, int] = words["numerals"]
    if re.fullmatch(r"[0-9]+", text):
        return text.lstrip("0") or "0"
    if not text or not set(text) <= {*digits, words["ten"], words["hundred"]}:
        return text
    if words["ten"] not in text and words["hundred"] not in text:
        return "".join(str(digits[char]) for char in text).lstrip("0") or "0"
    total, digit = 0, None
    for char in text:
        if char in digits:
            digit = digits[char]
        else:
            total += (1 if digit is None else digit or 1) * (10 if char == words["ten"] else 100)
            digit = 0
    return str(total + (digit or 0))


def has_estate_word(estate: str) -> bool:
    """Whether a text is plainly the name of a residential estate: Hanzi only, ending in an estate word."""
    words = json_table("address")
    return bool(re.fullmatch(rf"[{HAN}]{{2,12}}", estate)) and estate.endswith(tuple(words["estate"]))


def addr_code(community: str, estate: int, building: int, unit: int = 0, room: int = 0) -> str:
    """The platform's 25-digit address code: community 12, road or estate 3, door or building 4, unit 2, room 4.

    Once given it stays, also when the door number changes. ValueError when a part does not fit.
    """
    code = f"{community}{estate:03d}{building:04d}{unit:02d}{room:04d}"
    if not re.fullmatch(r"[0-9]{12}", community) or min(estate, building, unit, room) < 0 or len(code) != 25:
        raise ValueError(f"no address code from {community!r}, {estate}, {building}, {unit}, {room}")
    return code


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _front_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """One pattern for each part from province to door number, tried in this order at the front of the text."""
    words = json_table("address")
    roads = _any(words["road"])
    # A division's name holds no road word and is not itself the name of a road ("Chengxiang Road 5" lies in no township Chengxiang).
    char = f"(?:(?!{_any(words['road_inside'])})[{HAN}])"
    not_road = f"(?!(?:{roads})(?:[0-9]|$)|{_any(words['not_after'])})"
    ends = {part: f"(?<!{')(?<!'.join(words['not_before'].get(part, [' ']))})(?:{_any(words[part])})" for part in words["parts"]}
    patterns = [(part, re.compile(f"{char}{{1,12}}?{end}{not_road}")) for part, end in ends.items()]
    patterns.append(("grid", re.compile(f"(?:{char}{{0,10}}?[0-9]{{1,3}}|{char}{{1,10}}?)(?:{_any(words['grid'])})")))
    lanes = f"(?:[{HAN}0-9]{{1,4}}?(?:{_any(words['lane'])}))?"
    patterns.append(
        ("road", re.compile(f"(?:(?!{_any(words['estate_inside'])})[{HAN}0-9]){{1,12}}?(?:{roads}){lanes}(?!{_any(words['not_after'])})"))
    )
    number = f"[0-9]+(?:-[0-9]+)?{words['door']}(?:{words['door_branch']}[0-9{''.join(words['numerals'])}{words['ten']}]+)?"
    patterns.append(("door_no", re.compile(f"{number}(?!{_any(words['not_door'])})")))
    return tuple(patterns)


@cache
def _indoor_patterns() -> tuple[re.Pattern[str], ...]:
    """The short forms with hyphens ("3-2-1203", "building 3 2-1203") first, then the one with words, every part of which may be missing."""
    words = json_table("address")
    numeral = f"[0-9]+|[{''.join(words['numerals'])}{words['ten']}{words['hundred']}]+"
    label = f"(?:{numeral}|[A-Z][0-9]*|[{words['sides']}])"
    building = f"(?:(?P<building>{label})(?:{_any(words['building'])}))?"
    unit = f"(?:(?P<unit>{label})(?:{_any(words['unit'])}))?"
    floor = f"(?:(?P<below>{_any(words['basement'])})?(?P<floor>B?(?:{numeral}))(?:{_any(words['floor'])}))?"
    room = f"(?:-?(?P<room>[A-Z]?[0-9]+[A-Z]?)(?:{_any(words['room'])})?)?"
    short = r"(?P<estate>.*?[^0-9A-Z-]|)(?P<building>[0-9A-Z]+)-(?:(?P<unit>[0-9]+)-)?(?P<room>[A-Z]?[0-9]{3,4})"
    mixed = rf"(?P<estate>.*?)(?P<building>{label})(?:{_any(words['building'])})-?(?P<unit>[0-9]{{1,2}})-(?P<room>[A-Z]?[0-9]{{3,4}})"
    endings = f"(?:{_any(words['room'])})?"
    worded = f"(?P<estate>.*?){building}{unit}{floor}{room}"
    return (re.compile(mixed + endings), re.compile(short + endings), re.compile(worded))
