"""Levels by example: what a clerk would call the same, nearly the same and different."""

from __future__ import annotations

from datetime import date

import pytest

from linli.registry.matching.engine.comparisons import ADDRESS, BIRTH, ID_NUMBER, NAME, PHONE, SEX, Comparison
from linli.registry.matching.engine.features import features
from linli.registry.matching.types import Record


def level(comparison: Comparison, a: dict[str, object], b: dict[str, object]) -> str:
    one, other = features(Record("a", **a)), features(Record("b", **b))  # type: ignore[arg-type]
    found = comparison.level(one, other)
    assert comparison.level(other, one) == found, "a comparison has no direction"
    return found


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("王建国", "王建国", "equal"),
        ("王 建国", "王建国", "equal"),
        ("阿卜杜拉·艾山", "阿卜杜拉•艾山", "equal"),
        ("阿卜杜拉·艾山", "阿卜杜拉艾山", "equal"),
        ("John Smith", "JOHN SMITH", "equal"),
        ("José García", "Jose Garcia", "equal"),
        ("王建国", "建国王", "reordered"),
        ("欧阳小明", "小明欧阳", "reordered"),
        ("John Smith", "Smith John", "reordered"),
        ("张伟", "张玮", "homophone"),
        ("刘志宏", "刘志红", "homophone"),
        ("张乐", "张月", "homophone"),  # a polyphone: le or yue
        ("单国强", "善国强", "homophone"),  # as a surname shan, otherwise dan
        ("曾丽", "增丽", "homophone"),
        ("买买提·吐尔逊", "麦麦提·吐尔逊", "homophone"),
        ("李婷婷", "李停婷", "homophone"),
        ("陈己明", "陈巳明", "alike"),
        ("赵天宇", "赵夭宇", "alike"),
        ("周思梅", "周恩梅", "alike"),
        ("刘振华", "刘正华", "alike"),  # zhen and zheng: one to southern ears
        ("倪小兰", "李小兰", "alike"),  # n and l
        ("阿卜杜拉·艾山", "阿卜杜拉", "shortened"),
        ("王建国", "王国", "shortened"),
        ("John Michael Smith", "John Smith", "shortened"),
        ("Jonathan Smith", "Jonathon Smith", "typo"),
        ("王明浩", "王明宇", "one_character"),  # brothers are called like this
        ("王建国", "李建国", "one_character"),
        ("王建国", "王丽", "surname"),
        ("王伟", "王丽", "surname"),
        ("王伟", "李伟", "different"),
        ("王伟", "李丽华", "different"),
        ("王伟", "", ""),
    ],
)
def test_names(a: str, b: str, expected: str) -> None:
    assert level(NAME, {"name": a}, {"name": b}) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (date(1985, 3, 7), date(1985, 3, 7), "equal"),
        (date(1985, 3, 7), date(1985, 7, 3), "transposed"),
        (date(1985, 3, 7), date(1985, 3, 1), "one_digit"),
        (date(1985, 3, 7), date(1958, 3, 7), "one_digit"),  # two neighbours the wrong way round
        (date(1985, 3, 7), date(1985, 11, 28), "same_year"),
        (date(1985, 3, 27), date(1991, 12, 4), "different"),
        (date(1985, 3, 7), None, ""),
    ],
)
def test_dates_of_birth(a: date | None, b: date | None, expected: str) -> None:
    assert level(BIRTH, {"birth_date": a}, {"birth_date": b}) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("360599198503071239", "360599198503071239", "equal"),
        ("360599850307123", "360599198503071239", "equal"),  # 15 digits are the same number
        ("360599198503071239", "360599198503071249", "one_digit"),
        ("360599198503071239", "360599198503017239", "one_digit"),
        ("360599198503071239", "360599198503071247", "conflict"),
        ("360599850307123", "360599850307124", "conflict"),
        ("360599198503071239", "abc", "different"),
        ("360599198503071239", "", ""),
        ("360599198503071239", "000000000000000000", ""),
    ],
)
def test_id_numbers(a: str, b: str, expected: str) -> None:
    assert level(ID_NUMBER, {"id_number": a}, {"id_number": b}) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("建设东路12号阳光小区3幢2单元1203室", "阳光小区3栋2单元1203", "same_home"),
        ("阳光小区3幢2单元1203室", "阳光小区3-2-1203", "same_home"),
        ("阳光小区3幢1203室", "阳光小区3幢2单元1203室", "same_home"),  # the unit is left out
        ("阳光小区3幢1单元1203室", "阳光小区3幢2单元1203室", "same_house"),
        ("阳光小区3幢2单元1203室", "阳光小区3幢1单元502室", "same_house"),
        ("阳光小区3幢2单元1203室", "阳光小区5幢1单元502室", "same_place"),
        ("建设东路12号", "建设东路12号", "same_home"),
        ("建设东路12号", "建设东路88号", "same_place"),
        ("城北街道文昌社区阳光小区3幢2单元1203室", "城北街道仙来社区阳光小区3幢2单元1203室", "same_place"),
        ("水北镇刘家村12号塘边家组", "刘家村12号塘边家组", "same_home"),
        ("新余市渝水区水北镇刘家村民委员会12号塘边家组", "刘家村12号塘边家组", "same_home"),
        ("阳光小区3幢2单元1203室", "幸福花园1幢1单元101室", "different"),
        ("阳光小区3幢2单元1203室", "", ""),
        ("12 High Street, Springfield 2600", "12 high street springfield 2600", "same_home"),
        ("12 High Street, Springfield 2600", "7 Low Road, Shelbyville 9999", "different"),
    ],
)
def test_addresses(a: str, b: str, expected: str) -> None:
    assert level(ADDRESS, {"address": a}, {"address": b}) == expected


def test_phone_and_sex() -> None:
    assert level(PHONE, {"phone": "15400000001"}, {"phone": "15400000001"}) == "equal"
    assert level(PHONE, {"phone": "15400000001"}, {"phone": "15400000002"}) == "different"
    assert level(SEX, {"sex": "1"}, {"sex": "2"}) == "different"
    assert level(SEX, {"sex": "0"}, {"sex": "2"}) == "", "not known says nothing"


def test_an_id_number_speaks_for_an_empty_sex_and_date_of_birth() -> None:
    only_number = features(Record("a", id_number="360599198503071239"))
    assert (only_number.birth, only_number.sex) == ("19850307", "1")
    wrong = features(Record("a", id_number="360599198503071231"))
    assert (wrong.birth, wrong.sex) == (None, None), "a number with a wrong check digit proves nothing"


def test_people_of_a_hundred_are_not_converted_from_15_digits() -> None:
    assert features(Record("a", id_number="360599850307998")).id_number == "360599850307998"
