"""Which characters look alike, and which syllables sound nearly alike: what a clerk who reads or listens mistakes for each other."""

from __future__ import annotations

from functools import cache

from pypinyin import Style, pinyin

from linli.lib.tables import json_table

MOST_READINGS = 3
"""Readings of a character that count, the commonest first: rarer ones live in dictionaries only."""


@cache
def _groups() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number, group in enumerate(json_table("lookalike")["groups"]):
        for char in group:
            found.setdefault(char, []).append(number)
    return {char: tuple(numbers) for char, numbers in found.items()}


def shape_groups(char: str) -> tuple[int, ...]:
    """Numbers of the groups of look-alikes the character is in; looking alike is not transitive, so it may be in several."""
    return _groups().get(char, ())


@cache
def look_alikes(char: str) -> str:
    """The characters that look like this one, each once."""
    groups = json_table("lookalike")["groups"]
    return "".join(dict.fromkeys(other for number in shape_groups(char) for other in groups[number] if other != char))


@cache
def readings(char: str) -> tuple[str, ...]:
    """Syllables without tones (v for u-umlaut), the commonest first; a letter reads as itself."""
    every = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys("".join(letter for letter in one.casefold() if letter.isalnum()) for one in every))[:MOST_READINGS]


@cache
def near_sound(syllable: str) -> str:
    """One form for syllables that southern speech does not keep apart: zh and z, ch and c, sh and s, n and l, final ng and n."""
    table = json_table("lookalike")
    for initial, plain in table["near_initials"].items():
        if syllable.startswith(initial):
            syllable = plain + syllable[len(initial) :]
            break
    for final, plain in table["near_finals"].items():
        if syllable.endswith(final):
            return syllable[: -len(final)] + str(plain)
    return syllable
