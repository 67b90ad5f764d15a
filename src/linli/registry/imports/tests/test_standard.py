"""Cells of an office become the register's own values; what is wrong refuses the row or leaves one value out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.errors import Invalid
from linli.lib.idcard import to_15
from linli.registry.imports.engine.days import parse_day
from linli.registry.imports.engine.mappings import read_mappings
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.standard import Standardiser
from linli.registry.imports.tests.five_files import AS_OF, key_of, write_five, wrong_check
from linli.registry.imports.tests.known import CARD, PEOPLE, number
from linli.registry.imports.types import Mapping, Standard

ROOT = Path(__file__).resolve().parents[5]
TODAY, BATCH = date(2026, 11, 23), date(2026, 11, 1)
ZHANG = number("1985-03-02", 11)


def standard(cells: dict[str, str], *, key: str = "", as_of: str = "", regions: dict[str, str] | None = None, **more: Any) -> Standard:
    """One row through a layout with a column for each kind."""
    columns: list[dict[str, Any]] = [
        {"headings": ["编号"]},
        {"headings": ["日期"], "formats": more.pop("formats", [])},
        {"headings": ["姓名"], "attribute": "name", "kind": "name", "required": True},
        {"headings": ["证件"], "attribute": "id_number", "kind": "id_number"},
        {"headings": ["性别"], "attribute": "sex", "kind": "code", "table": "sex", "codes": {"M": "1", "9": ""}},
        {"headings": ["生日"], "attribute": "birth_date", "kind": "date"},
        {"headings": ["民族"], "attribute": "ethnicity", "kind": "code", "table": "ethnicity", "endings": ["族"]},
        {"headings": ["就业"], "attribute": "employment", "kind": "code", "codes": {"在职": "employed", "0": "unemployed"}},
        {"headings": ["手机", "电话"], "attribute": "phone", "kind": "phone"},
        {"headings": ["住址"], "attribute": "live_address", "kind": "address"},
        {"headings": ["社区"], "attribute": "region", "kind": "region"},
        {"headings": ["账号"], "attribute": "bank_account", "kind": "bank_account"},
        {"headings": ["银行"], "attribute": "bank_name", "kind": "text"},
    ]
    mapping = Mapping.model_validate({"code": "t", "name": "t", "source": "self", "key": key, "as_of": as_of, "columns": columns})
    cells = {"姓名": "张伟"} | cells
    standardiser = Standardiser(mapping, list(cells), today=TODAY, batch_day=BATCH, regions=regions)
    return standardiser.standardise(2, list(cells.values()))


def value(heading: str, attribute: str, text: str) -> str | None:
    return standard({heading: text}).values.get(attribute)


def told(row: Standard) -> list[tuple[str, str, str]]:
    return [(problem.level, problem.heading, problem.code) for problem in row.problems]


@pytest.mark.parametrize("text", ["张 伟", "　张　伟 ", "张\t伟", "'张伟", "张伟\u200b", '="张伟"'])
def test_names_lose_blanks_and_what_exports_add(text: str) -> None:
    assert value("姓名", "name", text) == "张伟"


@pytest.mark.parametrize("text", [ZHANG, f" {ZHANG[:6]} {ZHANG[6:]}", f"'{ZHANG}", f'="{ZHANG}"', f"\t{ZHANG}", to_15(ZHANG) or ""])
def test_identity_numbers_are_read_however_they_were_exported(text: str) -> None:
    row = standard({"证件": text})
    assert row.values["id_number"] == ZHANG and row.key == "id:" + ZHANG and not row.problems


def test_a_small_or_full_width_x_is_the_last_character() -> None:
    known = next(n for n in (number("1985-03-02", serial) for serial in range(1, 99)) if n.endswith("X"))
    assert value("证件", "id_number", known.lower()) == known
    assert value("证件", "id_number", known[:17] + "ｘ") == known


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (wrong_check(ZHANG), "ID_CHECK"),
        (ZHANG[:17], "ID_FORMAT"),
        ("E12345678", "ID_FORMAT"),
        ("3.60599E+17", "ID_ROUNDED"),
        ("360599198503021000", "ID_ROUNDED"),
        ("360599850302998", "ID_CENTENARIAN"),
    ],
)
def test_a_wrong_identity_number_refuses_the_row(text: str, code: str) -> None:
    row = standard({"证件": text})
    assert row.refused and told(row) == [("E", "证件", code)]
    assert text not in str([problem.data for problem in row.problems]) and text not in row.key


def test_a_missing_or_impossible_required_value_refuses_the_row() -> None:
    assert told(standard({"姓名": "不详"})) == [("E", "姓名", "REQUIRED")]
    assert told(standard({"姓名": "张伟1"})) == [("E", "姓名", "NAME_FORMAT")]
    assert told(standard({"姓名": "张\ufffd"})) == [("E", "姓名", "ROW_BYTES")]


@pytest.mark.parametrize("text", ["", " ", "无", "不详", "/", "-", "—", "NULL", "null", "0", "#N/A", "N/A", "　"])
@pytest.mark.parametrize("heading", ["证件", "性别", "生日", "民族", "电话", "住址", "社区", "账号", "银行"])
def test_signs_for_nothing_are_nothing(heading: str, text: str) -> None:
    row = standard({heading: text})
    assert row.values == {"name": "张伟"} and not row.problems


@pytest.mark.parametrize(
    ("heading", "attribute", "text", "expected"),
    [
        ("性别", "sex", "男", "1"),
        ("性别", "sex", "2", "2"),
        ("性别", "sex", "2.0", "2"),
        ("性别", "sex", "m", "1"),
        ("性别", "sex", "9", None),
        ("民族", "ethnicity", "汉", "01"),
        ("民族", "ethnicity", "土家族", "15"),
        ("民族", "ethnicity", "1", "01"),
        ("民族", "ethnicity", "０６", "06"),
        ("就业", "employment", "在职", "employed"),
        ("就业", "employment", "0", "unemployed"),
        ("电话", "phone", "+86 154-0000-1234", "15400001234"),
        ("电话", "phone", "１５４００００１２３４", "15400001234"),
        ("电话", "phone", "15400001234.0", "15400001234"),
        ("电话", "phone", "0790 6441234", "0790-6441234"),
        ("电话", "phone", "无手机/15400001234、15400009999", "15400001234"),
        ("住址", "live_address", "幸福苑３#楼二单元1203", "幸福苑3幢2单元1203室"),
        ("社区", "region", " 府前 社区", "府前社区"),
        ("账号", "bank_account", f"{CARD[:4]} {CARD[4:]}", CARD),
        ("银行", "bank_name", "农业\n银行", "农业 银行"),
    ],
)
def test_values_take_the_registers_form(heading: str, attribute: str, text: str, expected: str | None) -> None:
    row = standard({heading: text})
    assert row.values.get(attribute) == expected and not row.problems


@pytest.mark.parametrize(
    ("heading", "text", "code"),
    [
        ("电话", "6441234", "PHONE_FORMAT"),
        ("电话", "1.54E+10", "PHONE_FORMAT"),
        ("民族", "穿青人", "CODE_UNKNOWN"),
        ("就业", "其他", "CODE_UNKNOWN"),
        ("生日", "85-03-02", "DATE_YEAR"),
        ("生日", "2027-01-01", "DATE_RANGE"),
        ("账号", "6222000000000000001", "CARD_CHECK"),
        ("住址", "长" * 161, "TEXT_LONG"),
        ("银行", "行" * 41, "TEXT_LONG"),
        ("银行", "农\ufffd", "ROW_BYTES"),
    ],
)
def test_a_wrong_value_is_left_out_and_the_row_goes_on(heading: str, text: str, code: str) -> None:
    row = standard({heading: text})
    assert row.values == {"name": "张伟"} and told(row) == [("W", heading, code)] and not row.refused
    assert row.problems[0].text(str).startswith(f"{heading}: ") and "%(" not in row.problems[0].text(str)


def test_what_disagrees_with_the_identity_number_is_left_out() -> None:
    row = standard({"证件": ZHANG, "性别": "女", "生日": "1985-03-03"})
    assert row.values == {"name": "张伟", "id_number": ZHANG} and not row.refused
    assert sorted(told(row)) == [("W", "性别", "ID_MISMATCH"), ("W", "生日", "ID_MISMATCH")]
    assert standard({"证件": ZHANG, "性别": "男", "生日": "19850302"}).problems == ()


def test_of_several_columns_of_one_value_the_first_that_has_one_counts() -> None:
    row = standard({"电话": "15400009999", "手机": "123456"})
    assert row.values["phone"] == "15400009999" and told(row) == [("W", "手机", "PHONE_FORMAT")]
    assert standard({"电话": "15400009999", "手机": "15400001234"}).values["phone"] == "15400001234"


def test_regions_are_looked_up_where_they_are_known() -> None:
    regions = {"府前社区": "360502001001", "360502001001": "360502001001"}
    assert standard({"社区": "府前社区"}, regions=regions).values["region"] == "360502001001"
    assert standard({"社区": "360502001001.0"}, regions=regions).values["region"] == "360502001001"
    assert told(standard({"社区": "府后社区"}, regions=regions)) == [("W", "社区", "REGION_UNKNOWN")]


def test_a_row_with_more_cells_than_headings_is_refused() -> None:
    mapping = Mapping.model_validate(
        {
            "code": "t",
            "name": "t",
            "source": "self",
            "columns": [{"headings": ["姓名"], "attribute": "name", "kind": "name", "required": True}],
        }
    )
    row = Standardiser(mapping, ["姓名"], today=TODAY, batch_day=BATCH).standardise(9, ["张伟", "1"])
    assert row.number == 9 and told(row) == [("E", "", "ROW_LONG")]


def test_keys_are_the_offices_own_else_the_number_else_a_hash_of_the_row() -> None:
    assert standard({"编号": "P1", "证件": ZHANG}, key="编号").key == "P1"
    assert standard({"编号": "/", "证件": ZHANG}, key="编号").key == "id:" + ZHANG
    assert standard({"编号": ZHANG.lower(), "证件": ZHANG}, key="编号").key == "id:" + ZHANG
    assert standard({"编号": "1", "证件": ZHANG}, key="证件").key == "id:" + ZHANG
    first = standard({"电话": "15400001234"})
    assert first.key.startswith("row:") and len(first.key) == 36
    assert first.key == standard({"电话": "15400001234 ", "银行": ""}).key != standard({"电话": "15400001235"}).key


def test_rows_say_of_which_day_they_are() -> None:
    assert standard({"日期": "2026年9月1日"}, as_of="日期").as_of == date(2026, 9, 1)
    assert standard({"日期": ""}, as_of="日期").as_of == BATCH == standard({"日期": "2026-09-01"}).as_of
    assert standard({"日期": "01/09/2026"}, as_of="日期", formats=["%d/%m/%Y"]).as_of == date(2026, 9, 1)
    for text in ("2027-01-01", "昨天"):
        row = standard({"日期": text}, as_of="日期")
        assert row.as_of == BATCH and told(row) == [("W", "日期", "AS_OF")]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_way_to_write_a_day_is_read(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}-{m}-{d} 0:00:00",
        f"{day}T08:30:00.000+08:00",
        f"{day:%Y%m%d}000000",
        f"{day:%Y%m%d}.0",
        f"{y}年{m}月{d}日",
        f"{y}年{m:02}月{d:02}号",
        f"{y} 年 {m} 月 {d} 日",
    ):
        assert parse_day(text) == day, text
    if day >= date(1927, 5, 18):  # five digits
        serial = (day - date(1899, 12, 30)) // timedelta(days=1)
        assert parse_day(str(serial)) == parse_day(f"{serial}.75") == day
    for text in (f"{day:%y-%m-%d}", f"{day:%y}年{m}月{d}日", f"{day:%y%m%d}", f"{m}/{d}/{day:%y}"):
        with pytest.raises(Invalid) as caught:
            parse_day(text)
        assert caught.value.code == "DATE_YEAR"


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-01", "2026-1", "1990", "2026年11月", "2026-11/23", "11/23/2026", "昨天", "20261301"]
)
def test_what_is_no_day_is_no_day(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_day(text)
    assert caught.value.code == "DATE_FORMAT"


@given(st.text(max_size=30))
def test_any_text_in_any_column_gives_a_value_or_a_problem(text: str) -> None:
    for heading in ("姓名", "证件", "性别", "生日", "民族", "就业", "电话", "住址", "社区", "账号", "银行", "日期", "编号"):
        row = standard({heading: text}, key="编号", as_of="日期")
        assert row.key and all(row.values.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_five_files_give_back_the_people_they_are_about(tmp_path: Path, seed: int) -> None:
    """The packs' own layouts, on files that are dirty in five ways."""
    mappings = {mapping.code: mapping for mapping in read_mappings(ROOT / "packs" / "national")}
    by_name = {who["name"]: who for who in PEOPLE}
    expected = {"police": 9, "family": 9, "civil": 6, "social": 6, "self": 8}
    for code, path in write_five(tmp_path, PEOPLE, seed).items():
        with open_table(path, path.name, mappings[code]) as table:
            standardiser = Standardiser(mappings[code], table.headings, today=TODAY, batch_day=BATCH)
            rows = [standardiser.standardise(line, cells) for line, cells in table]
        assert len(rows) == expected[code], code
        refused = [row for row in rows if row.refused]
        assert [told(row)[0][2] for row in refused] == ["ID_CHECK"] * (code in ("police", "civil")), code
        for row in rows:
            if not row.refused:
                who = by_name[row.values["name"]]
                assert row.values.items() <= who.items() and row.as_of == AS_OF[code] and not row.problems, (code, row)
        if code != "self":
            assert {key_of(code, index) for index in range(len(PEOPLE))} >= {row.key for row in rows} - {"P9999999", "D9999999", "D0000003"}
        if code == "police":
            assert [{**PEOPLE[0], **row.values} for row in rows if row.key == key_of(code, 0)] == [PEOPLE[0]]
            assert all(len(row.values) >= 7 for row in rows if not row.refused)
