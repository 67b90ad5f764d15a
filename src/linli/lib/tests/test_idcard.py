from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linli.lib import idcard
from linli.lib.errors import Invalid
from linli.lib.idcard import AgeBoundary, IdKind, IdNumber, age, from_15, parse_id_number, to_15

TODAY = date(2026, 4, 28)
FICTIONAL = frozenset({"20", "30", "40"})


def read(text: str, **options: object) -> IdNumber:
    return parse_id_number(text, today=TODAY, extra_provinces=FICTIONAL, **options)  # type: ignore[arg-type]


def code_of(text: str, **options: object) -> str:
    with pytest.raises(Invalid) as caught:
        read(text, **options)
    return caught.value.code


@pytest.mark.parametrize(
    ("number", "birth", "sex"),
    [
        ("200101194903070016", date(1949, 3, 7), "1"),
        ("30010219880229019X", date(1988, 2, 29), "1"),
        ("400203201611050070", date(2016, 11, 5), "1"),
        ("30010219880229078X", date(1988, 2, 29), "2"),
        ("360502195001010011", date(1950, 1, 1), "1"),
        ("36050219680708003X", date(1968, 7, 8), "1"),
        ("360502198506120041", date(1985, 6, 12), "2"),
        ("360502202103150026", date(2021, 3, 15), "2"),
    ],
)
def test_the_handbook_numbers_are_read(number: str, birth: date, sex: str) -> None:
    parsed = read(number)
    assert (parsed.number, parsed.kind, parsed.birth_date, parsed.sex) == (number, IdKind.RESIDENT, birth, sex)
    assert parsed.region_code == number[:6]


@pytest.mark.parametrize("number", ["360502195001010011", "36050219680708003X", "360502198506120041", "360502202103150026"])
def test_every_other_last_character_is_wrong(number: str) -> None:
    for last in set("0123456789X") - {number[-1]}:
        assert code_of(number[:-1] + last) == "ID_CHECK"


@pytest.mark.parametrize(
    "typed", ["30010219880229019x", " 30010219880229019X ", "３００１０２１９８８０２２９０１９ｘ", "\u300030010219880229019Ｘ"]
)
def test_typed_forms_are_normalised(typed: str) -> None:
    assert read(typed).number == "30010219880229019X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30010219880229X19", "ID_FORMAT"),
        ("3001021988022X0190", "ID_FORMAT"),
        ("020101194903070016", "ID_FORMAT"),
        ("", "ID_FORMAT"),
        ("٢٠٠١٠١١٩٤٩٠٣٠٧٠٠١٦", "ID_FORMAT"),
        ("300102650814237", "ID_FORMAT"),
        ("200101 194903070016", "ID_FORMAT"),
        ("160101194903070016", "ID_REGION"),
        ("810001199001010019", "ID_REGION"),
        ("300102198802300190", "ID_BIRTH"),
        ("300102199902290190", "ID_BIRTH"),
        ("300102189912310190", "ID_BIRTH"),
        ("300102202604290190", "ID_BIRTH"),
        ("200101194903070015", "ID_CHECK"),
    ],
)
def test_a_wrong_number_gives_the_code_of_its_first_fault(text: str, code: str) -> None:
    assert code_of(text) == code


def test_faults_are_reported_in_the_order_of_the_rules() -> None:
    # No province, no such day and a wrong check digit: the province comes first; then the day; then the digit, before the comparison.
    assert code_of("160101198802300015", sex="2") == "ID_REGION"
    assert code_of("200101198802300015", sex="2") == "ID_BIRTH"
    assert code_of("200101194903070015", sex="2") == "ID_CHECK"
    assert code_of("200101194903070016", sex="2") == "ID_MISMATCH"


def test_fictional_provinces_need_the_test_table() -> None:
    with pytest.raises(Invalid) as caught:
        parse_id_number("200101194903070016", today=TODAY)
    assert (caught.value.code, caught.value.status) == ("ID_REGION", 422)


def test_the_form_is_compared_with_the_number() -> None:
    assert read("200101194903070016", sex="1", birth_date=date(1949, 3, 7)).sex == "1"
    assert read("200101194903070016", sex="9").sex == "1"
    assert code_of("200101194903070016", birth_date=date(1949, 7, 3)) == "ID_MISMATCH"


def test_born_today_is_possible() -> None:
    body = "36059920260428001"
    assert read(body + idcard.check_digit(body)).birth_date == TODAY


def test_an_unknown_county_warns_and_does_not_refuse() -> None:
    assert read("360502195001010011").warnings == ()
    assert read("200101194903070016").warnings == (idcard.WARN_COUNTY,)
    assert read("360502195001010011", regions={"360521"}).warnings == (idcard.WARN_COUNTY,)


@pytest.mark.parametrize("county", ["360599", "110103", "360521"])
def test_synthetic_and_abolished_counties_are_known(county: str) -> None:
    body = county + "19900101001"
    assert read(body + idcard.check_digit(body)).warnings == ()


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("810000199001010019", IdKind.HK_PERMIT),
        ("820000199001010010", IdKind.MACAO_PERMIT),
        ("830000199001010012", IdKind.TAIWAN_PERMIT),
    ],
)
def test_residence_permits_are_told_apart(number: str, kind: IdKind) -> None:
    parsed = parse_id_number(number, today=TODAY)
    assert (parsed.kind, parsed.warnings, parsed.birth_date) == (kind, (), date(1990, 1, 1))


def test_a_foreigners_card_is_told_by_its_nine() -> None:
    parsed = read("920999198506120039")
    assert parsed.kind is IdKind.FOREIGNER
    assert (parsed.region_code, parsed.nationality_code, parsed.birth_date) == ("200000", "999", date(1985, 6, 12))
    assert parse_id_number("920999198506120039", today=TODAY).warnings == (idcard.WARN_PLACE,)
    assert code_of("920999198506120038") == "ID_CHECK"


def test_an_old_number_gets_century_and_check_digit() -> None:
    assert from_15("300102650814237") == "300102196508142373"
    assert read(from_15(" ３００１０２６５０８１４２３７")).sex == "1"
    assert to_15("300102196508142373") == "300102650814237"
    assert to_15("400203201611050070") is None
    with pytest.raises(Invalid, match="ID_FORMAT"):
        from_15("30010265081423")


def test_people_of_a_hundred_are_noticed() -> None:
    assert idcard.is_centenarian_15("300102990814997")
    assert not idcard.is_centenarian_15("300102650814237")


@pytest.mark.parametrize(
    ("birth", "on", "boundary", "years"),
    [
        (date(1946, 4, 28), date(2026, 4, 27), AgeBoundary.ON_BIRTHDAY, 79),
        (date(1946, 4, 28), date(2026, 4, 28), AgeBoundary.ON_BIRTHDAY, 80),
        (date(1946, 4, 28), date(2026, 4, 28), AgeBoundary.NEXT_DAY, 79),
        (date(1946, 4, 28), date(2026, 4, 29), AgeBoundary.NEXT_DAY, 80),
        (date(1988, 2, 29), date(2026, 2, 27), AgeBoundary.ON_BIRTHDAY, 37),
        (date(1988, 2, 29), date(2026, 2, 28), AgeBoundary.ON_BIRTHDAY, 38),
        (date(1988, 2, 29), date(2026, 2, 28), AgeBoundary.NEXT_DAY, 37),
        (date(1988, 2, 29), date(2026, 3, 1), AgeBoundary.NEXT_DAY, 38),
        (date(1988, 2, 29), date(2028, 2, 28), AgeBoundary.ON_BIRTHDAY, 39),
        (date(1988, 2, 29), date(2028, 2, 29), AgeBoundary.ON_BIRTHDAY, 40),
        (date(2026, 4, 28), date(2026, 4, 28), AgeBoundary.NEXT_DAY, 0),
    ],
)
def test_age_turns_over_on_the_chosen_day(birth: date, on: date, boundary: AgeBoundary, years: int) -> None:
    assert age(birth, on, boundary) == years


def test_there_is_no_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before birth"):
        age(date(2026, 4, 28), date(2026, 4, 27))


@st.composite
def valid_numbers(draw: st.DrawFn) -> str:
    day = draw(st.dates(date(1900, 1, 1), TODAY))
    county = draw(st.sampled_from(["360502", "360599", "110101", "200101", "654321"]))
    body = f"{county}{day:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + idcard.check_digit(body)


@given(valid_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_any_changed_digit_is_noticed(number: str, place: int, step: int) -> None:
    read(number)
    changed = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(Invalid):
        read(changed)


@given(valid_numbers(), st.integers(0, 15))
def test_any_two_neighbours_exchanged_are_noticed(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    with pytest.raises(Invalid):
        read(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_old_and_new_form_lead_to_each_other(day: date, serial: int) -> None:
    old = f"360502{day:%y%m%d}{serial:03d}"
    new = from_15(old)
    assert read(new).birth_date == day
    assert to_15(new) == old
