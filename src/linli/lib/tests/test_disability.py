from datetime import date

import pytest

from linli.lib.disability import parse_disability_card
from linli.lib.errors import Invalid

TODAY = date(2026, 4, 28)
FICTIONAL = frozenset({"20", "30", "40"})


def test_the_handbook_card_is_read() -> None:
    card = parse_disability_card("20010119490307001642", today=TODAY, extra_provinces=FICTIONAL)
    assert (card.holder.number, card.category, card.level, card.reissue) == ("200101194903070016", "4", "2", 0)


def test_a_card_issued_again_says_so() -> None:
    card = parse_disability_card("30010219880229019x11b3", today=TODAY, extra_provinces=FICTIONAL)
    assert (card.number, card.reissue) == ("30010219880229019X11B3", 3)


@pytest.mark.parametrize("text", ["20010119490307001682", "20010119490307001645", "2001011949030700164", "20010119490307001642B0", ""])
def test_category_level_and_length_are_checked(text: str) -> None:
    with pytest.raises(Invalid, match="DISABILITY_FORMAT"):
        parse_disability_card(text, today=TODAY, extra_provinces=FICTIONAL)


def test_the_holders_number_is_checked_too() -> None:
    with pytest.raises(Invalid, match="ID_CHECK"):
        parse_disability_card("20010119490307001542", today=TODAY, extra_provinces=FICTIONAL)
