"""Grid codes: the example the domain prints, every kind, and whatever hypothesis thinks of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.divisions import GridKind, contains, grid_kind, parse_division
from linli.lib.errors import Invalid
from linli.lib.gridcode import GridCode, micro_grid, parse_grid

communities = st.builds(
    lambda county, town, community: f"{county}{town:03d}{community:03d}",
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    st.integers(1, 599),
    st.integers(1, 599),
)
grids = st.builds(GridCode, communities, st.sampled_from(GridKind), st.integers(1, 99))
micros = st.builds(GridCode, communities, st.just(GridKind.MICRO), st.integers(1, 99), st.integers(1, 999))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("360502003005012", GridCode("360502003005", GridKind.BASIC, 12)),  # the example of community.md 0.1
        ("360502003005801", GridCode("360502003005", GridKind.SPECIAL, 1)),
        ("360502003005901", GridCode("360502003005", GridKind.MICRO, 1)),
        ("360502003005901007", GridCode("360502003005", GridKind.MICRO, 1, 7)),
        (" ３６０５０２００３２０５９９９９９９ ", GridCode("360502003205", GridKind.MICRO, 99, 999)),
    ],
)
def test_a_code_is_taken_apart_and_put_together(text: str, expected: GridCode) -> None:
    assert parse_grid(text) == expected
    assert len(str(expected)) == (15 if expected.micro is None else 18)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "GRID_FORMAT"),
        ("360502003005", "GRID_FORMAT"),  # a community
        ("3605020030059010", "GRID_FORMAT"),
        ("36050200300590100A", "GRID_FORMAT"),
        ("060502003005012", "GRID_FORMAT"),
        ("360502003000012", "GRID_COMMUNITY"),
        ("360502000005012", "GRID_COMMUNITY"),
        ("360502003700012", "GRID_COMMUNITY"),
        ("360502003005112", "GRID_KIND"),
        ("360502003005012001", "GRID_KIND"),  # a basic grid has no micro-grids
        ("360502003005801001", "GRID_KIND"),
        ("360502003005000", "GRID_SERIAL"),  # the community, written in 15 digits
        ("360502003005900", "GRID_SERIAL"),
        ("360502003005901000", "GRID_SERIAL"),
    ],
)
def test_what_is_no_grid_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_grid(text)
    assert (caught.value.code, caught.value.field) == (code, "grid_code")


@given(st.one_of(grids, micros))
def test_every_code_reads_back(code: GridCode) -> None:
    assert parse_grid(str(code)) == code
    assert code.holds(code)


@given(grids)
def test_a_grid_is_a_division_of_its_community(code: GridCode) -> None:
    assert parse_division(str(code)) == str(code)
    assert grid_kind(str(code)) is code.kind
    assert contains(code.community, str(code)) and code.parent == code.community


@given(micros)
def test_a_micro_grid_lies_in_its_grid_and_in_no_other(code: GridCode) -> None:
    above = parse_grid(code.parent)
    assert above.holds(code) and not code.holds(above)
    assert micro_grid(code.parent, code.micro or 0) == str(code)
    other = GridCode(above.community, above.kind, above.serial % 99 + 1)
    assert not other.holds(code)


@given(micros, st.integers(0, 17), st.characters(exclude_categories=("Nd", "Cs")))
def test_a_letter_anywhere_is_refused(code: GridCode, at: int, letter: str) -> None:
    text = str(code)
    with pytest.raises(Invalid):
        parse_grid(text[:at] + letter + text[at + 1 :] if letter.strip() else "")


@pytest.mark.parametrize(
    ("grid", "number"), [("360502003005012", 1), ("360502003005901", 0), ("360502003005901", 1000), ("360502003005901001", 1)]
)
def test_only_a_grid_of_kind_nine_has_micro_grids(grid: str, number: int) -> None:
    with pytest.raises(ValueError, match="no micro-grid"):
        micro_grid(grid, number)
