from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import masking


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王明", "王*"),
        ("王小明", "王*明"),
        ("欧阳锋", "欧*锋"),
        ("欧阳小明", "欧**明"),
        ("王", "*"),
        ("", ""),
        ("买买提·吐尔逊", "买*****逊"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert masking.mask_name(name) == shown


def test_identity_numbers_show_six_and_four() -> None:
    assert masking.mask_id_number("360502195001010011") == "360502********0011"
    assert masking.mask_id_number("H12345678") == "H1*****78"
    assert masking.mask_id_number("20010119490307001642") == "200101**********1642"


def test_phones() -> None:
    assert masking.mask_phone("13812345678") == "138****5678"
    assert masking.mask_phone("0790-6441234") == "079******234"
    assert masking.mask_phone("110") == "1**"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("新余市渝水区城南街道仙来社区竹山路18号幸福苑3幢2单元1203室", "新余市渝水区城南街道仙来社区幸福苑***"),
        ("幸福苑3#楼二单元１２０３", "幸福苑***"),
        ("分宜县杨桥镇观光村12号", "分宜县杨桥镇观光村***"),
        ("说不清的地方12-3-402", "***"),
        ("", "***"),
    ],
)
def test_addresses_end_at_town_or_estate(address: str, shown: str) -> None:
    assert masking.mask_address(address) == shown


def test_cards_mail_plates_birth_and_places() -> None:
    assert masking.mask_bank_card("6222 0212 3456 7890 123") == "6222***********0123"
    assert masking.mask_email("zhang.san@example.com") == "z***@example.com"
    assert masking.mask_email("z@example.com") == "***@example.com"
    assert masking.mask_email("nothing") == "***"
    assert masking.mask_plate("赣K12345") == "赣K***45"
    assert masking.mask_plate("赣KD12345") == "赣K****45"
    assert masking.mask_birth_date(date(1949, 3, 7)) == "1949"
    assert masking.mask_coordinates(114.930649, 27.817812) == (114.931, 27.818)


digits = st.from_regex(r"[0-9]{1,24}", fullmatch=True)


@given(digits)
def test_the_middle_of_a_number_never_shows(number: str) -> None:
    for mask in (masking.mask_id_number, masking.mask_phone, masking.mask_bank_card, masking.mask_plate):
        shown = mask(number)
        assert len(shown) == len(number)
        assert shown[len(number) // 2] == "*"
        assert shown.count("*") >= (len(number) - 1) // 3
        assert len(number) < 8 or shown.count("*") >= 3


@given(st.from_regex(r"[\u4e00-\u9fa5]{2,12}", fullmatch=True))
def test_the_middle_of_a_name_never_shows(name: str) -> None:
    shown = masking.mask_name(name)
    assert len(shown) == len(name)
    assert set(shown[1:-1] or "*") == {"*"}


@given(st.text(max_size=60), st.from_regex(r"[0-9]{1,4}", fullmatch=True))
def test_no_digit_of_a_home_survives(text: str, room: str) -> None:
    shown = masking.mask_address(f"{text}8888幢{room}室")
    assert shown.endswith("***")
    assert "8888" not in shown
