"""Files as offices send them are opened, however they are dirty, and what cannot be read says why."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from linli.lib.errors import Invalid
from linli.registry.imports.engine import formats
from linli.registry.imports.engine.reading import Table, open_table
from linli.registry.imports.tests.five_files import write_five
from linli.registry.imports.tests.known import PEOPLE
from linli.registry.imports.types import Mapping

MAPPING = Mapping.model_validate(
    {
        "code": "test",
        "name": "测试",
        "source": "police",
        "key": "编号",
        "columns": [
            {"headings": ["编号"]},
            {"headings": ["姓名", "XM"], "attribute": "name", "kind": "name", "required": True},
            {"headings": ["身份证号"], "attribute": "id_number", "kind": "id_number"},
            {"headings": ["电话"], "attribute": "phone", "kind": "phone"},
        ],
    }
)
HEADINGS = ["编号", "姓名", "身份证号", "电话"]
ROWS = [["1", "张伟", "360599198503020119", "15400001234"], ["2", "李静", "", "0790-6441234"]]
TEXT = "\n".join(",".join(row) for row in [HEADINGS, *ROWS]) + "\n"


def read(path: Path, name: str = "") -> tuple[Table, list[tuple[int, list[str]]]]:
    with open_table(path, name or path.name, MAPPING) as table:
        return table, list(table)


def refused(path: Path, name: str = "") -> Invalid:
    with pytest.raises(Invalid) as caught:
        read(path, name)
    assert caught.value.hint
    return caught.value


def workbook(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_title_rows_and_blank_lines_of_a_workbook_are_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["人口信息表"], [None, "导出日期", date(2026, 1, 1)], HEADINGS, ROWS[0], [None, " "], ROWS[1]])
    table, rows = read(path)
    assert table.headings == HEADINGS
    assert table.titles == [["人口信息表"], ["", "导出日期", "2026-01-01"]]
    assert rows == [(4, ROWS[0]), (6, ROWS[1])]


def test_typed_cells_of_a_workbook_come_as_text(tmp_path: Path) -> None:
    values = [1, 15400001234, 15400001234.0, date(2026, 11, 3), datetime(2026, 11, 3), datetime(2026, 11, 3, 8, 30), True, 0.5, "001"]  # noqa: DTZ001
    _, rows = read(workbook(tmp_path / "a.xlsx", [HEADINGS + ["x"] * 5, values]))
    assert rows[0][1] == ["1", "15400001234", "15400001234", "2026-11-03", "2026-11-03", "2026-11-03 08:30:00", "TRUE", "0.5", "001"]


def test_further_sheets_with_the_same_headings_are_read_on_and_others_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["说明"]], [["标题"], HEADINGS, ROWS[0]], [HEADINGS, ROWS[1]], [["姓名"], ["王五"]], [])
    table, rows = read(path)
    assert rows == [(3, ROWS[0]), (5, ROWS[1])]
    assert table.left_out == ("Sheet", "Sheet3")


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].sheet_state = "hidden"
    book.worksheets[0].append([*HEADINGS, "码表"])
    shown = book.create_sheet()
    shown.append(HEADINGS)
    shown.append(ROWS[0])
    book.active = 1
    book.save(tmp_path / "a.xlsx")
    table, rows = read(tmp_path / "a.xlsx")
    assert table.headings == HEADINGS and rows == [(2, ROWS[0])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_separated_text_is_read_in_every_encoding_and_with_every_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.replace(",", delimiter).encode(encoding))
    table, rows = read(path)
    assert (table.format.encoding, table.format.delimiter) == (encoding, delimiter)
    assert rows == [(2, ROWS[0]), (3, ROWS[1])]


def test_text_that_calls_itself_a_workbook_is_read(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(TEXT.replace(",", "\t").encode("gb18030"))
    assert read(tmp_path / "upload", "人口.xls")[1] == [(2, ROWS[0]), (3, ROWS[1])]


def test_quoted_cells_may_hold_delimiters_and_line_breaks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('编号,姓名,身份证号,电话\n1,"张,伟","a\nb",""\n\n2,"李""静",,\n', encoding="utf-8")
    assert read(tmp_path / "a.csv")[1] == [(2, ["1", "张,伟", "a\nb", ""]), (5, ["2", '李"静', "", ""])]


def test_a_quotation_mark_that_is_never_closed_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT + '3,"王五,,\n' + "4,赵六,,\n" * 30_000, encoding="utf-8")
    error = refused(tmp_path / "a.csv")
    assert error.code == "FILE_QUOTES" and error.data == {"line": 4}


def test_broken_bytes_do_not_turn_a_utf8_file_into_another_encoding(tmp_path: Path) -> None:
    many = "".join(f"{number},王五,,\n" for number in range(20))
    (tmp_path / "a.csv").write_bytes((TEXT + many).encode() + b"99,\xe5\xbc,,\n")
    table, rows = read(tmp_path / "a.csv")
    assert table.format.encoding == "utf-8"
    assert rows[0][1] == ROWS[0] and "\ufffd" in rows[-1][1][1]


def test_rows_have_a_cell_for_each_heading_and_more_only_where_the_file_has(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,姓名,身份证号,电话,,\n1\n1,2,3,4,,\n1,2,3,4,,6\n", encoding="utf-8")
    assert [cells for _, cells in read(tmp_path / "a.csv")[1]] == [["1", "", "", ""], ["1", "2", "3", "4"], ["1", "2", "3", "4", "", "6"]]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "jsonl", "parquet"])
def test_reading_goes_on_after_a_line(tmp_path: Path, kind: str) -> None:
    records = [dict(zip(HEADINGS, [str(number), "张伟", "", ""], strict=True)) for number in range(10)]
    lines = [list(record.values()) for record in records]
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        workbook(path, [HEADINGS, *lines], [["标题"], HEADINGS, *ROWS])
    elif kind == "csv":
        path.write_text("\n\n".join(",".join(cells) for cells in [HEADINGS, *lines]), encoding="utf-8")
    elif kind == "jsonl":
        path.write_text("\n\n".join(json.dumps(record) for record in records), encoding="utf-8")
    else:
        import pyarrow as pa
        from pyarrow import parquet

        parquet.write_table(pa.Table.from_pylist(records), path)
    with open_table(path, path.name, MAPPING) as table:
        whole = list(table.rows())
        assert len(whole) == (12 if kind == "xlsx" else 10)
        for number in range(whole[-1][0] + 1):
            assert list(table.rows(after=number)) == [row for row in whole if row[0] > number]


SHEET = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>
<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>身份证号</t></is></c><c t="str"><f>A1</f><v>电话</v></c><c t="str"><v>日期</v></c></row>
<row r="5" ht="20"><c r="B5" t="s"><v>2</v></c><c r="C5"><v>3.60599198503020E+17</v></c><c r="D5"><v>1.5400001234E10</v></c>
<c r="E5" s="1"><v>46349</v></c></row>
<row r="6"><c r="A6"><v>0.1</v></c><c r="B6" t="e"><v>#N/A</v></c><c r="D6" t="b"><v>1</v></c><c r="E6" s="2"><v>46349.5</v></c><c r="XFD6" s="1"/></row>
<row r="7"><c r="A7" s="3"><v>1.5</v></c><c r="B7" t="d"><v>2026-11-23T00:00:00</v></c><c r="E7" s="1"><v>99999999</v></c></row>
</sheetData></worksheet>"""
TEXTS = """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>编号</t></si><si><r><t>姓</t></r><r><rPr><b/></rPr><t>名</t></r></si>
<si><t xml:space="preserve"> 张_x0009_伟_x005F_x0041_</t><rPh sb="0" eb="1"><t>ZHANG</t></rPh></si></sst>"""
STYLES = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2">
<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="177" formatCode="[h]:mm"/></numFmts>
<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs></styleSheet>"""
BOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="人口" sheetId="1" r:id="rId1"/><sheet name="图" sheetId="2" r:id="rId2"/></sheets></workbook>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/Sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet"
 Target="chartsheets/sheet1.xml"/></Relationships>"""


def test_workbooks_as_other_programs_write_them_are_read(tmp_path: Path) -> None:
    """East Asian day formats, rounded numbers, runs, escapes, cells and rows without a place, a wrong dimension, a chart."""
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        members = {"workbook.xml": BOOK, "_rels/workbook.xml.rels": RELATIONS, "styles.xml": STYLES, "SharedStrings.xml": TEXTS}
        for member, content in {**members, "worksheets/sheet1.xml": SHEET}.items():
            archive.writestr("xl/" + member, content)
    table, rows = read(tmp_path / "a.xlsx")
    assert table.headings == ["编号", "姓名", "身份证号", "电话", "日期"]
    assert rows == [
        (5, ["", " 张\t伟_x0041_", "360599198503020000", "15400001234", "2026-11-23"]),
        (6, ["0.1", "#N/A", "", "TRUE", "2026-11-23 12:00:00"]),
        (7, ["1.5", "2026-11-23", "", "", "99999999"]),
    ]


def test_json_lines_keep_numbers_as_written_and_broken_lines_as_rows(tmp_path: Path) -> None:
    lines = [
        '{"编号": 1, "姓名": "张伟", "身份证号": 360599198503020119}',
        "",
        '{"姓名": "李静", "编号": 2.50, "电话": null, "标签": ["a", {"b": 1}]}',
    ]
    lines += ["not json", "[1]", '{"姓名": "王五", "编号": true}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    table, rows = read(tmp_path / "a.jsonl")
    assert table.headings == ["编号", "姓名", "身份证号", "电话", "标签"]
    assert rows[0] == (1, ["1", "张伟", "360599198503020119", "", ""])
    assert rows[1] == (3, ["2.50", "李静", "", "", '["a", {"b": "1"}]'])
    assert rows[2] == (4, ["", "", "", "", "", "not json"]) and len(rows[3][1]) == 6
    assert rows[4] == (6, ["TRUE", "王五", "", "", ""])


def test_a_key_that_turns_up_after_the_first_thousand_lines_makes_a_row_too_long(tmp_path: Path) -> None:
    records = [{"编号": "1", "姓名": "张伟"}] * formats.KEYS_FROM + [{"编号": "2", "姓名": "李静", "电话": "120"}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    table, rows = read(tmp_path / "a.jsonl")
    assert table.headings == ["编号", "姓名"] and rows[-1] == (formats.KEYS_FROM + 1, ["2", "李静", "120"])


def test_parquet_is_read(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    columns = {"编号": [1, 2], "姓名": ["张伟", None], "电话": [15400001234.0, float("nan")], "生日": [date(1985, 3, 2), None]}
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    table, rows = read(tmp_path / "a.parquet")
    assert table.headings == ["编号", "姓名", "电话", "生日"]
    assert rows == [(1, ["1", "张伟", "15400001234", "1985-03-02"]), (2, ["2", "", "", ""])]


def test_an_old_binary_workbook_is_read() -> None:
    table, rows = read(Path(__file__).parent / "old_workbook.xls")
    assert table.format.kind == "xls" and table.headings == HEADINGS
    assert rows == [(3, ["1", "张伟", "360599198503020119", "15400001234"])]


def test_a_file_without_the_headings_says_which_are_missing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("身份证号,电话\n1,2\n", encoding="utf-8")
    error = refused(tmp_path / "a.csv")
    assert error.code == "HEADINGS_MISSING" and error.data == {"headings": "编号, 姓名"}
    (tmp_path / "b.csv").write_text("\n" * 10 + TEXT, encoding="utf-8")
    assert refused(tmp_path / "b.csv").code == "HEADINGS_MISSING"


def test_headings_are_known_however_they_are_spelled(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("* 编 号：,ｘｍ,身份证号*,电话\n1,张伟,,\n", encoding="utf-8")
    assert read(tmp_path / "a.csv")[1] == [(2, ["1", "张伟", "", ""])]


def test_without_a_layout_the_first_line_of_several_different_cells_is_the_heading_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("人口表;;\n姓名;电话;电话二\n张伟;1;2\n", encoding="utf-8")
    with open_table(tmp_path / "a.csv", "a.csv") as table:
        assert table.headings == ["姓名", "电话", "电话二"] and len(list(table)) == 1


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "FILE_EMPTY"),
        (b" \n\n", "a.csv", "FILE_EMPTY"),
        (b"%PDF-1.7 \xe5\xbc", "a.pdf", "FILE_FORMAT"),
        (b"<html><table><tr><td>", "a.xls", "FILE_FORMAT"),
        (b'[{"a": 1}]', "a.json", "FILE_FORMAT"),
        (b"\x00\x01\x02\x03", "a.csv", "FILE_FORMAT"),
        (b"PK\x03\x04broken", "a.xlsx", "FILE_UNREADABLE"),
        (b"PAR1broken", "a.parquet", "FILE_UNREADABLE"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"broken", "a.xls", "FILE_UNREADABLE"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "FILE_PASSWORD"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    (tmp_path / "upload").write_bytes(content)
    assert refused(tmp_path / "upload", name).code == code


def test_other_zip_files_are_no_workbooks(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(tmp_path / "a.docx").code == "FILE_FORMAT"


def test_a_workbook_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADINGS, *ROWS])
    path.write_bytes(path.read_bytes()[:-400])
    assert refused(path).code == "FILE_UNREADABLE"


def test_a_workbook_whose_texts_do_not_fit_into_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADINGS, *ROWS])
    monkeypatch.setattr(formats, "MOST_IN_MEMORY", 100)
    assert refused(path).code == "FILE_TOO_LARGE"


def test_five_files_of_equal_seeds_hold_equal_rows(tmp_path: Path) -> None:
    held = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        rows = {}
        for code, path in write_five(tmp_path / folder, PEOPLE, seed=7).items():
            with open_table(path, path.name) as table:
                rows[code] = list(table)
        held.append(rows)
    assert held[0] == held[1]
