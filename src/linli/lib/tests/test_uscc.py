import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import uscc
from linli.lib.errors import Invalid
from linli.lib.uscc import is_org_code, org_check_char, parse_uscc, platform_org_code


@pytest.mark.parametrize(
    ("code", "kind", "region", "org"),
    [
        ("91350100M000100Y43", "91", "350100", "M000100Y4"),
        ("91200101MA3F8K2QX6", "91", "200101", "MA3F8K2QX"),
        ("52200101MJX200175E", "52", "200101", "MJX200175"),
        ("55200101K74001239W", "55", "200101", "K74001239"),
        ("52360502MJ12345611", "52", "360502", "MJ1234561"),
    ],
)
def test_the_handbook_codes_are_read(code: str, kind: str, region: str, org: str) -> None:
    parsed = parse_uscc(code)
    assert (parsed.code, parsed.department_kind, parsed.region_code, parsed.org_code) == (code, kind, region, org)
    assert is_org_code(org)
    assert is_org_code(f"{org[:8]}-{org[8]}")


@pytest.mark.parametrize(
    ("body", "check"), [("D2143569", "X"), ("M000100Y", "4"), ("MA3F8K2Q", "X"), ("MJX20017", "5"), ("K7400123", "9"), ("MJ123456", "1")]
)
def test_organisation_codes_carry_their_check_character(body: str, check: str) -> None:
    assert org_check_char(body) == check


@pytest.mark.parametrize("letter", list("OISVZ"))
def test_letters_that_look_like_digits_are_not_allowed(letter: str) -> None:
    with pytest.raises(Invalid, match="USCC_FORMAT"):
        parse_uscc(f"91350100M0001{letter}0Y43")


@pytest.mark.parametrize("text", ["91350100M000100Y4", "91350100M000100Y433", "", "9135010AM000100Y43"])
def test_length_and_division_are_checked(text: str) -> None:
    with pytest.raises(Invalid, match="USCC_FORMAT"):
        parse_uscc(text)


def test_a_wrong_last_character_is_noticed() -> None:
    with pytest.raises(Invalid, match="USCC_CHECK"):
        parse_uscc("91350100M000100Y44")


def test_a_wrong_organisation_code_is_noticed_although_the_last_character_fits() -> None:
    assert uscc.check_char("52360502MJ1234567") == "K"
    with pytest.raises(Invalid, match="USCC_ORG_CHECK"):
        parse_uscc("52360502MJ1234567K")


def test_typed_codes_are_normalised() -> None:
    assert parse_uscc(" ９１350100m000100y43 ").code == "91350100M000100Y43"


@given(st.integers(0, 16), st.integers(1, 30))
def test_any_changed_character_is_noticed(place: int, step: int) -> None:
    chars = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    code = "91200101MA3F8K2QX6"
    changed = code[:place] + chars[(chars.index(code[place]) + step) % 31] + code[place + 1 :]
    with pytest.raises(Invalid):
        parse_uscc(changed)


def test_bodies_without_a_credit_code_get_one_of_ours() -> None:
    assert platform_org_code("200101001001", 17) == "ZD2001010010010017"
    for division, serial in [("2001", 1), ("200101001001", 0), ("200101001001", 10000)]:
        with pytest.raises(ValueError, match="no platform organisation code"):
            platform_org_code(division, serial)
