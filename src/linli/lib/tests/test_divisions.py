import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.divisions import (
    CommunityKind,
    GridKind,
    Level,
    TownKind,
    ancestors,
    community_kind,
    contains,
    grid_kind,
    in_digits,
    known_counties,
    level,
    parent_code,
    parse_division,
    provinces,
    significant,
    town_kind,
)
from linli.lib.errors import Invalid


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("360000", Level.PROVINCE),
        ("200100000000", Level.CITY),
        ("200101000000", Level.COUNTY),
        ("200101001000", Level.STREET),
        ("200101001001", Level.COMMUNITY),
        ("360502003005012", Level.GRID),
        ("360502003", Level.STREET),
        ("360502", Level.COUNTY),
        ("441900003000", Level.STREET),
    ],
)
def test_the_level_is_that_of_the_last_segment_that_is_not_zero(code: str, expected: Level) -> None:
    assert level(code) is expected


def test_town_100_does_not_contain_its_neighbours() -> None:
    assert significant("360502100000") == "360502100"
    assert contains("360502100000", "360502100001")
    assert not contains("360502100000", "360502101001")
    assert not contains("360510000000", "360511001001")


def test_areas_contain_themselves_and_what_lies_below() -> None:
    assert contains("360500", "360502003005012")
    assert contains("360502003005", "360502003005")
    assert not contains("360502003005", "360502003000")
    assert contains("360502", "360502000000")


def test_parents_lead_up_to_the_province() -> None:
    assert ancestors("200101001001") == ("200000000000", "200100000000", "200101000000", "200101001000")
    assert parent_code("360502003005012") == "360502003005000"
    assert parent_code("360000") is None


def test_a_town_directly_below_a_city_has_the_city_as_parent() -> None:
    assert parent_code("441900003000") == "441900000000"


def test_codes_change_length_only_without_loss() -> None:
    assert in_digits("360502", 12) == "360502000000"
    assert in_digits("360502000000", 6) == "360502"
    with pytest.raises(ValueError, match="cannot be written in 6"):
        in_digits("360502003000", 6)


@pytest.mark.parametrize("text", ["", "36", "3605020", "36050２A", "000000", "3605020030050121"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="DIVISION_FORMAT"):
        parse_division(text)


def test_the_digits_of_towns_communities_and_grids_tell_their_kind() -> None:
    assert town_kind("360502003000") is TownKind.SUBDISTRICT
    assert town_kind("360502100000") is TownKind.TOWN
    assert town_kind("360502200000") is TownKind.TOWNSHIP
    assert town_kind("360502401000") is TownKind.SIMILAR
    assert town_kind("360502") is None
    assert community_kind("360502003005") is CommunityKind.RESIDENTS
    assert community_kind("360502003200") is CommunityKind.VILLAGERS
    assert community_kind("360502003498") is CommunityKind.SIMILAR_RESIDENTS
    assert community_kind("360502003599") is CommunityKind.SIMILAR_VILLAGERS
    assert community_kind("360502003") is None
    assert [grid_kind(f"360502003005{serial}") for serial in ("012", "801", "901", "101")] == [
        GridKind.BASIC,
        GridKind.SPECIAL,
        GridKind.MICRO,
        None,
    ]


def test_the_tables_hold_the_standard() -> None:
    assert len(provinces()) == 34
    assert provinces()["36"] == "江西省"
    assert {"360502", "360521", "360599", "110103"} <= known_counties()


@given(st.from_regex(r"[1-9][0-9]{14}", fullmatch=True))
def test_every_division_lies_in_each_of_its_ancestors(code: str) -> None:
    chain = ancestors(code)
    assert all(contains(area, code) and level(area) < level(code) for area in chain)
