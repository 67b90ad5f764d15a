"""What a name gives to compare with: Chinese names, minority names with a middle dot, and names in letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from linli.lib.likeness import near_sound, readings, shape_groups
from linli.lib.names import HAN, MIDDLE_DOT, normalise_name, split_surname, syllables

MOST_SOUNDS = 16
"""Readings of a whole name that are kept; a long name of many polyphones has more."""
CLEAR = 3
"""Characters a name must have for one character more or less to leave anything of it."""
LETTERS = "~"
"""Stands for the sound of the surname where there is none: names in letters and with a middle dot."""

_ANY_SURNAME, _ANY_GIVEN = "\u738b", "\u4e00"
_HAN = re.compile(f"[{HAN}]")


class NameParts(NamedTuple):
    """Columns of `engine.features.Features` that come from the name alone; see there."""

    name: str
    name_sorted: str
    sounds: tuple[str, ...]
    alike: tuple[str, ...]
    masks: tuple[str, ...]
    shorts: tuple[str, ...]
    pieces: tuple[str, ...]
    latin: bool
    sound: str
    surname_sound: str


def is_han(text: str) -> bool:
    return bool(_HAN.search(text))


@lru_cache(maxsize=200_000)
def name_parts(text: str) -> NameParts | None:
    """None when there is no name."""
    name = normalise_name(text)
    if not name.strip(MIDDLE_DOT + " "):
        return None
    if not is_han(name):
        return _letters(name)
    return _dotted(name) if MIDDLE_DOT in name else _chinese(name)


def _chinese(name: str) -> NameParts:
    surname, given = split_surname(name)
    sound = _surname_sound(surname) + _given_sound(given)
    shorts = tuple(dict.fromkeys(surname + char for char in given)) if len(given) > 1 else ()
    return NameParts(
        name=name,
        name_sorted="".join(sorted(name)),
        sounds=_sounds(name, sound),
        alike=_alike(name),
        masks=_masks(name),
        shorts=shorts,
        pieces=(surname,) if surname else (),
        latin=False,
        sound=sound,
        surname_sound=_surname_sound(surname) or LETTERS,
    )


def _dotted(name: str) -> NameParts:
    """A name in parts: the dots may be missing elsewhere, and so may all but the first part."""
    parts = [part for part in name.split(MIDDLE_DOT) if part]
    bare = "".join(parts)
    sound = "".join(syllables(bare))
    shorts = (parts[0], parts[0] + parts[-1]) if len(parts) > 1 else ()
    return NameParts(
        name=bare,
        name_sorted="".join(sorted(bare)),
        sounds=_sounds(bare, sound),
        alike=_alike(bare),
        masks=_masks(bare),
        shorts=tuple(short for short in dict.fromkeys(shorts) if short != bare and len(short) > 1),
        pieces=tuple(dict.fromkeys(parts)),
        latin=False,
        sound=sound,
        surname_sound=LETTERS,
    )


def _letters(name: str) -> NameParts | None:
    plain = "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", plain)
    if not words:
        return None
    bare = "".join(words)
    shorts = {words[0] + words[-1], *words} if len(words) > 1 else set()
    return NameParts(
        name=bare,
        name_sorted="".join(sorted(words)),
        sounds=(),
        alike=(),
        masks=(),
        shorts=tuple(sorted(shorts - {bare})),
        pieces=tuple(sorted(set(words))),
        latin=True,
        sound=bare,
        surname_sound=LETTERS,
    )


def _read(char: str) -> tuple[str, ...]:
    return readings(char) or (char,)


@lru_cache(maxsize=10_000)
def _surname_sound(surname: str) -> str:
    """Of `linli.lib.names.syllables`, which is slow, asked once a surname."""
    return "".join(syllables(surname + _ANY_GIVEN)[:-1]) if surname else ""


@lru_cache(maxsize=200_000)
def _given_sound(given: str) -> str:
    return "".join(syllables(_ANY_SURNAME + given)[1:])


def _sounds(name: str, own: str) -> tuple[str, ...]:
    """Every way to read the name, the register's own way first (surnames have readings of their own)."""
    every = ("".join(way) for way in product(*map(_read, name)))
    found: dict[str, None] = {own: None}
    for way in every:
        found.setdefault(way)
        if len(found) >= MOST_SOUNDS:
            break
    return tuple(found)


def _alike(name: str) -> tuple[str, ...]:
    """The name with one character put out by the shape it shares with others or by its sound as southern speech has it."""
    found: dict[str, None] = {}
    for place, char in enumerate(name):
        rest = f"{place}{name[:place]}|{name[place + 1 :]}"
        for group in shape_groups(char):
            found.setdefault(f"{rest}{group}")
        for sound in _read(char):
            found.setdefault(f"{rest}{near_sound(sound)}")
    return tuple(found)


def _masks(name: str) -> tuple[str, ...]:
    """The name with one character put out, where enough is left."""
    return tuple(f"{name[:place]}*{name[place + 1 :]}" for place in range(len(name))) if len(name) >= CLEAR else ()
