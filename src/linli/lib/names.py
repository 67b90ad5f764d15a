"""People's names: validity, pinyin with the readings surnames take, and the bigrams that Chinese search is made of."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pypinyin import Style, lazy_pinyin

from linli.lib.errors import Invalid
from linli.lib.tables import csv_rows
from linli.lib.width import half_width

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Ranges of Hanzi, for use inside a character class."""
MIDDLE_DOT = "\u00b7"
MAX_NAME = 50

_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e]")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s*[.{MIDDLE_DOT}]\s*(?=[{HAN}])")
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_HAN_NAME = re.compile(rf"[{HAN}]{{2,}}|[{HAN}]+(?:{MIDDLE_DOT}[{HAN}]+)+")
_LATIN_NAME = re.compile(
    r"[^\W\d_]+(?:(?:['\u2019.-] ?| )[^\W\d_]+)*\.?"
)  # a separator is a must inside: otherwise matching is exponential
_HAN_CHAR = re.compile(rf"[{HAN}]")
_NO_SEARCH = re.compile(r"[\s\x00]+")


def normalise_name(text: str) -> str:
    """Half-width, trimmed, one kind of middle dot, no spaces between Hanzi."""
    name = _DOTS.sub(MIDDLE_DOT, text)
    name = " ".join(half_width(name).split())
    name = _SPACE_BETWEEN_HAN.sub("", name)
    return _DOT_BETWEEN_HAN.sub(MIDDLE_DOT, name)


def parse_person_name(text: str, *, field: str | None = "name") -> str:
    """The normalised name; `Invalid` NAME_FORMAT.

    Allowed: two or more Hanzi, Hanzi parts joined by a middle dot (many minority names), or letters of another alphabet.
    """
    name = normalise_name(text)
    latin = _LATIN_NAME.fullmatch(name) is not None and not _HAN_CHAR.search(name) and len(name) >= 2
    if len(name) > MAX_NAME or not (latin or _HAN_NAME.fullmatch(name)):
        raise Invalid(
            "NAME_FORMAT",
            "A name is two or more Chinese characters, or letters as in the passport.",
            field=field,
            hint="Write the name exactly as on the identity document, without titles or digits.",
        )
    return name


@cache
def _surnames() -> tuple[dict[str, tuple[str, ...]], int]:
    """Readings of surnames and the length of the longest one."""
    readings = {row["surname"]: tuple(row["pinyin"].split()) for row in csv_rows("surnames")}
    return readings, max(map(len, readings))


def split_surname(name: str) -> tuple[str, str]:
    """(surname, given name); a compound surname only when something follows it. Names with a middle dot or in letters have no surname."""
    if MIDDLE_DOT in name or not name or not _HAN_CHAR.match(name):
        return "", name
    readings, longest = _surnames()
    for length in range(min(longest, len(name) - 1), 1, -1):
        if name[:length] in readings:
            return name[:length], name[length:]
    return name[:1], name[1:]


@lru_cache(maxsize=4096)
def syllables(name: str) -> tuple[str, ...]:
    """Pinyin without tones, one syllable a Hanzi, lower case, with v for u-umlaut; runs of other letters and digits stay whole."""
    surname, given = split_surname(normalise_name(name))
    readings, _ = _surnames()
    head = list(readings[surname]) if surname in readings else lazy_pinyin(surname, style=Style.NORMAL)
    parts = head + lazy_pinyin(given, style=Style.NORMAL)
    cleaned = ("".join(char for char in part.casefold() if char.isalnum()) for part in parts)
    return tuple(part for part in cleaned if part)


def pinyin(name: str, *, joiner: str = "") -> str:
    """The name's pinyin without tones, syllables put together by `joiner`."""
    return joiner.join(syllables(name))


def initials(name: str) -> str:
    """First letters of the name's syllables."""
    return "".join(part[0] for part in syllables(name))


def search_key(text: str) -> str:
    """The form that search compares: half-width, case-folded, without white space.

    It works character by character, so the key of a part of a text is a part of the text's key.
    """
    return _NO_SEARCH.sub("", "".join(unicodedata.normalize("NFKC", char).casefold() for char in text))


def bigrams(text: str) -> list[str]:
    """The distinct pairs of neighbouring characters of the search key, in order; a text of one character gives that character.

    A stored text holds a query of two or more characters only if its bigrams hold all of the query's; a `LIKE` re-check removes
    the false hits.
    """
    key = search_key(text)
    if len(key) < 2:
        return [key] if key else []
    return list(dict.fromkeys(key[index : index + 2] for index in range(len(key) - 1)))


def search_terms(text: str) -> list[str]:
    """What to store for a text: its bigrams and its single characters, so that queries of one character find it too."""
    return list(dict.fromkeys([*bigrams(text), *search_key(text)]))
