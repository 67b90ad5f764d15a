"""Candidates are found by what two records of one person usually share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from linli.lib.names import pinyin
from linli.registry.matching.engine.blocking import blocking_keys
from linli.registry.matching.engine.names import name_parts
from linli.registry.matching.engine.sample import Land, residents
from linli.registry.matching.types import Key, Record


def test_keys_of_a_full_record(wang: Record) -> None:
    assert blocking_keys(wang) == [
        Key("id_number", ("360599198503071239",)),
        Key("phone", ("15400000001",)),
        Key("sound_year", ("wangjianguo", "1985")),
        Key("sound_day", ("wangjianguo", "0307")),
        Key("surname_birth", ("wang", "1985-03-07")),
        Key("surname_birth", ("guo", "1985-03-07")),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "王健国", "id_number": "", "phone": ""},
        {"name": "王建民", "id_number": "", "phone": ""},
        {"birth_date": date(1985, 7, 3), "id_number": "", "phone": ""},
        {"birth_date": date(1958, 3, 7), "id_number": "", "phone": ""},
        {"name": "建国王", "id_number": "", "phone": ""},
        {"name": "李红梅", "birth_date": None, "phone": ""},
        {"id_number": "360599850307123", "name": "", "phone": "", "birth_date": None},
        {"name": "李红梅", "birth_date": None, "id_number": ""},
    ],
)
def test_records_with_a_mistake_still_meet(wang: Record, change: dict[str, object]) -> None:
    other = replace(wang, key="b", **change)  # type: ignore[arg-type]
    assert set(blocking_keys(wang)) & set(blocking_keys(other))


def test_a_bare_name_is_looked_for_by_name() -> None:
    assert blocking_keys(Record("a", "王建国", address="阳光小区3幢101室")) == [Key("name_home", ("王建国",))]
    assert blocking_keys(Record("a")) == []


def test_names_sound_as_the_register_writes_them(land: Land) -> None:
    for person in [*residents(land, 3, 400), Record("a", "单曾乐"), Record("b", "欧阳朝阳"), Record("c", "阿卜杜拉·艾山")]:
        parts = name_parts(person.name)
        assert parts is not None and parts.sound == pinyin(person.name), person.name
        assert parts.sound in parts.sounds
