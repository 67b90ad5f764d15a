from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import luhn
from linli.lib.casenumber import CaseNumber, new_lookup_code, parse_case_number
from linli.lib.errors import Invalid
from linli.lib.householdnumber import HouseholdNumber, parse_household_number

EXAMPLE = "20010100100120260428000175"


def test_the_handbook_case_number() -> None:
    number = CaseNumber("200101001001", date(2026, 4, 28), 17)
    assert str(number) == EXAMPLE
    assert len(EXAMPLE) == 26
    assert parse_case_number(EXAMPLE) == number
    assert parse_case_number(" 200101001001-20260428-00017-5 ") == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (EXAMPLE[:-1] + "6", "CASE_NUMBER_CHECK"),
        (EXAMPLE[:-1], "CASE_NUMBER_FORMAT"),
        ("", "CASE_NUMBER_FORMAT"),
    ],
)
def test_faulty_case_numbers_are_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        parse_case_number(text)


@pytest.mark.parametrize("body", ["2001010010012026132800017", "2001010010012026043100017", "2001010010012026042800000"])
def test_impossible_days_and_serials_are_refused_although_the_check_digit_fits(body: str) -> None:
    with pytest.raises(Invalid, match="CASE_NUMBER_FORMAT"):
        parse_case_number(body + luhn.check_digit(body))


@pytest.mark.parametrize(("division", "serial"), [("200101", 1), ("200101001001", 0), ("200101001001", 100_000)])
def test_impossible_parts_make_no_case_number(division: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"a case number needs|a serial runs"):
        CaseNumber(division, date(2026, 4, 28), serial)


@given(st.from_regex(r"[1-9][0-9]{11}", fullmatch=True), st.dates(date(1000, 1, 1)), st.integers(1, 99_999))
def test_case_numbers_survive_printing(division: str, day: date, serial: int) -> None:
    number = CaseNumber(division, day, serial)
    assert parse_case_number(str(number)) == number


@given(st.integers(0, 25), st.integers(1, 9))
def test_any_changed_digit_of_a_case_number_is_noticed(place: int, step: int) -> None:
    digit = str((int(EXAMPLE[place]) + step) % 10)
    with pytest.raises(Invalid):
        parse_case_number(EXAMPLE[:place] + digit + EXAMPLE[place + 1 :])


def test_lookup_codes_are_six_digits() -> None:
    codes = {new_lookup_code() for _ in range(50)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 40


def test_household_numbers_survive_printing() -> None:
    number = HouseholdNumber("360502003005", 42)
    assert str(number) == "360502003005H000042"
    assert parse_household_number(" 360502003005h000042") == number
    for text in ("360502003005H00042", "360502003005H000000", ""):
        with pytest.raises(Invalid, match="HOUSEHOLD_NUMBER_FORMAT"):
            parse_household_number(text)
    with pytest.raises(ValueError, match="no household number"):
        HouseholdNumber("360502003005", 1_000_000)
