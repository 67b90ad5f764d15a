from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.errors import Invalid
from linli.lib.money import LIMIT, Rounding, capitals, format_money, parse_money, round_money


@pytest.mark.parametrize(
    ("amount", "rule", "expected"),
    [
        ("1.005", Rounding.CENT, "1.01"),
        ("1.004", Rounding.CENT, "1.00"),
        ("-1.005", Rounding.CENT, "-1.01"),
        ("1.25", Rounding.JIAO, "1.30"),
        ("1.24", Rounding.JIAO, "1.20"),
        ("1.5", Rounding.YUAN, "2.00"),
        ("2.5", Rounding.YUAN, "3.00"),
        ("1.001", Rounding.CENT_UP, "1.01"),
        ("1.01", Rounding.JIAO_UP, "1.10"),
        ("1.01", Rounding.YUAN_UP, "2.00"),
        ("1.00", Rounding.YUAN_UP, "1.00"),
    ],
)
def test_amounts_are_rounded_by_rule(amount: str, rule: Rounding, expected: str) -> None:
    assert str(round_money(Decimal(amount), rule)) == expected


def test_floats_are_not_money() -> None:
    with pytest.raises(TypeError):
        round_money(1.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.5", "1234.50"),
        ("1,234.50", "1234.50"),
        ("¥1,234.50", "1234.50"),
        ("￥ １，２３４．５０", "1234.50"),
        ("0", "0.00"),
        ("1.500", "1.50"),
        (" 12 ", "12.00"),
    ],
)
def test_typed_amounts_are_read(text: str, amount: str) -> None:
    assert str(parse_money(text)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "MONEY_FORMAT"),
        ("1,23", "MONEY_FORMAT"),
        ("1e3", "MONEY_FORMAT"),
        ("NaN", "MONEY_FORMAT"),
        (".5", "MONEY_FORMAT"),
        ("1.", "MONEY_FORMAT"),
        ("一百", "MONEY_FORMAT"),
        ("1.005", "MONEY_PRECISION"),
        ("-1", "MONEY_NEGATIVE"),
        ("10000000000000000", "MONEY_RANGE"),
    ],
)
def test_other_texts_are_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_money(text)
    assert caught.value.code == code
    assert caught.value.hint


def test_negative_amounts_are_read_when_allowed() -> None:
    assert parse_money("-¥1,000.5", negative=True) == Decimal("-1000.50")
    assert str(parse_money("-0", negative=True)) == "0.00"


def test_amounts_are_printed_with_separators() -> None:
    assert format_money(Decimal("1234.5")) == "¥1,234.50"
    assert format_money(Decimal("-1234567.895")) == "-¥1,234,567.90"
    assert format_money(1234, symbol=False) == "1,234.00"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("123", "壹佰贰拾叁元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("1.50", "壹元伍角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10", "壹拾元整"),
        ("10010", "壹万零壹拾元整"),
        ("100000", "壹拾万元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000000", "壹亿元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("20300400050.6", "贰佰零叁亿零肆拾万零伍拾元陆角整"),
        ("1000000000001", "壹兆零壹元整"),
        ("-12.3", "负壹拾贰元叁角整"),
    ],
)
def test_amounts_are_written_in_capitals(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


def value_of(words: str) -> Decimal:
    """Read capitals back, by other means than they are written."""
    digits = "零壹贰叁肆伍陆柒捌玖"
    total, section, digit = Decimal(0), Decimal(0), 0
    for char in words.removesuffix("整"):
        if char in digits:
            digit = digits.index(char)
        elif char in "拾佰仟":
            section += digit * Decimal(10) ** ("拾佰仟".index(char) + 1)
            digit = 0
        elif char in "万亿兆":
            total += (section + digit) * Decimal(10) ** (4 * ("万亿兆".index(char) + 1))
            section, digit = Decimal(0), 0
        elif char == "元":
            total, section, digit = total + section + digit, Decimal(0), 0
        else:
            total, digit = total + digit * (Decimal("0.1") if char == "角" else Decimal("0.01")), 0
    return total


@given(st.decimals(0, LIMIT - 1, places=2))
def test_capitals_say_the_amount(amount: Decimal) -> None:
    words = capitals(amount)
    assert value_of(words) == amount
    assert "零零" not in words


@given(st.decimals(-(10**15), 10**15, places=2))
def test_printed_amounts_are_read_back(amount: Decimal) -> None:
    assert parse_money(format_money(amount), negative=True) == amount
