import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.address import AddressParts, addr_code, arabic, full_address, parse_address
from linli.lib.errors import Invalid


def test_the_handbook_address() -> None:
    parts = parse_address("幸福苑3#楼二单元１２０３")
    assert parts == AddressParts(estate="幸福苑", building="3", unit="2", floor="12", room="1203")
    assert full_address(parts) == "幸福苑3幢2单元1203室"


def test_a_full_address_is_taken_apart_and_put_together() -> None:
    text = "江西省新余市渝水区城南街道仙来社区竹山路18号幸福苑3幢2单元1203室"
    parts = parse_address(text)
    assert parts == AddressParts(
        "江西省", "新余市", "渝水区", "城南街道", "仙来社区", "", "竹山路", "18号", "幸福苑", "3", "2", "12", "1203"
    )
    assert full_address(parts) == text.removeprefix("江西省")


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("五一路88号之一", "五一路88号之一"),
        ("抚州市公园102号", "抚州市公园102号"),
        ("幸福苑1203号", "幸福苑1203号"),
        ("幸福苑3幢1203号", "幸福苑3幢1203室"),
        ("城乡路5号", "城乡路5号"),
        ("竹山路二巷 5 号", "竹山路二巷5号"),
        ("幸福小区3栋", "幸福小区3幢"),
        ("幸福小区３座２单元", "幸福小区3幢2单元"),
        ("五一小区十二号楼一单元301", "五一小区12幢1单元301室"),
        ("城市花园12栋3-1203", "城市花园12幢3单元1203室"),
        ("幸福苑3-2-1203", "幸福苑3幢2单元1203室"),
        ("渝水区街心花园4栋", "渝水区街心花园4幢"),
        ("和平新村3栋", "和平新村3幢"),
        ("分宜县杨桥镇观光村12号", "分宜县杨桥镇观光村12号"),
        ("幸福苑3幢5楼", "幸福苑3幢5层"),
        ("幸福苑B1层", "幸福苑地下1层"),
        ("幸福苑A座东单元101", "幸福苑A幢东单元101室"),
        ("18号楼二单元", "18幢2单元"),
    ],
)
def test_ways_of_writing_become_one(text: str, full: str) -> None:
    assert full_address(parse_address(text)) == full


def test_the_grid_is_read_but_not_printed() -> None:
    parts = parse_address("城南街道仙来社区第3网格竹山路1号")
    assert (parts.grid, parts.road) == ("第3网格", "竹山路")
    assert full_address(parts) == "城南街道仙来社区竹山路1号"


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("幸福苑1幢B1层", "-1"),
        ("幸福苑1幢负二层", "-2"),
        ("幸福苑1幢B101", "-1"),
        ("幸福苑1幢三层", "3"),
        ("幸福苑1幢0301", "3"),
        ("幸福苑1幢12", ""),
    ],
)
def test_floors_count_down_below_ground(text: str, floor: str) -> None:
    assert parse_address(text).floor == floor


def test_what_no_rule_knows_is_kept() -> None:
    assert parse_address("老樟树下").estate == "老樟树下"


@pytest.mark.parametrize("text", ["", " \u3000", "路" * 201])
def test_empty_and_endless_addresses_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="ADDRESS_FORMAT"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二", "2"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百零三", "103"),
        ("一〇三", "103"),
        ("007", "7"),
        ("东", "东"),
        ("", ""),
    ],
)
def test_chinese_numerals_become_digits(text: str, number: str) -> None:
    assert arabic(text) == number


def test_the_address_code_has_25_digits() -> None:
    assert addr_code("360502003005", 1, 3, 2, 1203) == "3605020030050010003021203"
    for wrong in [("3605", 1, 3, 2, 1203), ("360502003005", 1000, 3, 2, 1203), ("360502003005", 1, 3, -2, 1203)]:
        with pytest.raises(ValueError, match="no address code"):
            addr_code(*wrong)


@given(st.integers(1, 99), st.integers(1, 9), st.integers(1, 33), st.integers(1, 12))
def test_a_standard_address_is_its_own_standard(building: int, unit: int, floor: int, serial: int) -> None:
    text = f"渝水区城南街道仙来社区竹山路18号幸福苑{building}幢{unit}单元{floor}{serial:02d}室"
    parts = parse_address(text)
    assert full_address(parts) == text
    assert (parts.building, parts.unit, parts.floor) == (str(building), str(unit), str(floor))
