"""Where to look for a record's like: keys for indexed queries on line, and the same as rules for whole files.

| kind | values | columns of the register |
|---|---|---|
| id_number | 18-digit number | id_index |
| phone | number | phone_index |
| sound_year | pinyin without blanks, year of birth | pinyin (equal), birth_date in the year |
| sound_day | pinyin without blanks, MMDD | pinyin (equal), day and month of birth_date |
| surname_birth | pinyin of the surname ("~": any), YYYY-MM-DD | birth_date (equal), pinyin starting with it |
| name_home | name | name (equal); only where neither date of birth, ID number nor phone is known |
"""

from __future__ import annotations

from linli.registry.matching.engine.features import Features, features
from linli.registry.matching.engine.names import LETTERS, name_parts
from linli.registry.matching.types import Key, Record

ID_NUMBER, PHONE, SOUND_YEAR, SOUND_DAY, SURNAME_BIRTH, NAME_HOME = (
    "id_number",
    "phone",
    "sound_year",
    "sound_day",
    "surname_birth",
    "name_home",
)

MOST_OF_A_PHONE = 50
"""Records that share a phone before it is taken for an office's or a made-up one, which finds nobody."""

RULES = (
    "l.id_number = r.id_number",
    "l.block_phone = r.block_phone",
    "l.sound = r.sound and l.birth_year = r.birth_year",
    "l.sound = r.sound and l.birth_day = r.birth_day",
    "l.surname_sound = r.surname_sound and l.birth = r.birth",
    "l.name_sorted = r.name_sorted and l.birth = r.birth",
    "l.name = r.name and l.house = r.house",
    "l.house = r.house and l.latin and r.latin",
)
"""For Splink, whose pairs are those of any rule."""


def blocking_keys(record: Record) -> list[Key]:
    """The keys to ask the register for, the most telling first; empty when there is nothing to go by."""
    return keys_of(features(record))


def keys_of(of: Features) -> list[Key]:
    keys = []
    if of.id_number:
        keys.append(Key(ID_NUMBER, (of.id_number,)))
    if of.phone:
        keys.append(Key(PHONE, (of.phone,)))
    if of.sound and of.birth:
        keys.append(Key(SOUND_YEAR, (of.sound, of.birth[:4])))
        keys.append(Key(SOUND_DAY, (of.sound, of.birth[4:])))
    if of.birth:
        day = f"{of.birth[:4]}-{of.birth[4:6]}-{of.birth[6:]}"
        keys.extend(Key(SURNAME_BIRTH, (surname, day)) for surname in _surnames(of))
    if of.name and not keys:
        keys.append(Key(NAME_HOME, (of.name,)))
    return keys


def _surnames(of: Features) -> list[str]:
    """The surname's sound, and that of the last character: a name may be written with the surname at its end."""
    found = [of.surname_sound or LETTERS]
    if of.name and not of.latin and found != [LETTERS] and (last := name_parts(of.name[-1])) and last.sound not in found:
        found.append(last.sound)
    return found
