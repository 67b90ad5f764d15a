import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import luhn
from linli.lib.bankcard import parse_bank_card
from linli.lib.errors import Invalid


def test_a_card_is_read_with_spaces() -> None:
    assert parse_bank_card("4111 1111 1111 1111") == "4111111111111111"
    assert parse_bank_card("６２２２０２１２３４５６７８９０" + luhn.check_digit("622202123456789０".replace("０", "0"))).startswith(
        "622202"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [("4111 1111 1111 1112", "CARD_CHECK"), ("411111111111111", "CARD_FORMAT"), ("4" * 20, "CARD_FORMAT"), ("", "CARD_FORMAT")],
)
def test_faults_have_their_codes(text: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        parse_bank_card(text)


def test_the_textbook_number_of_luhn() -> None:
    assert luhn.check_digit("7992739871") == "3"
    assert luhn.is_valid("79927398713")
    assert not luhn.is_valid("")
    assert not luhn.is_valid("٣٤")
    with pytest.raises(ValueError, match="digits only"):
        luhn.check_digit("12a")


@given(st.from_regex(r"[0-9]{15,18}", fullmatch=True), st.data())
def test_any_changed_digit_is_noticed(body: str, data: st.DataObject) -> None:
    number = body + luhn.check_digit(body)
    assert luhn.is_valid(number)
    place = data.draw(st.integers(0, len(number) - 1))
    digit = str((int(number[place]) + data.draw(st.integers(1, 9))) % 10)
    assert not luhn.is_valid(number[:place] + digit + number[place + 1 :])
