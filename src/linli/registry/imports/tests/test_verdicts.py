"""What goes back to an office is its own file with two columns more, and nothing in it runs."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from linli.registry.imports.engine import bookwriting
from linli.registry.imports.engine.cells import guard, unguard
from linli.registry.imports.engine.formats import FileFormat
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.verdicts import VerdictWriter, verdict_ending
from linli.registry.imports.types import Problem, Verdict

HEADINGS = ["姓名", "电话", "备注"]
WORDS = {
    "What becomes of the row": "导入结论",
    "Reasons": "原因",
    "New person": "新增人员",
    "Row refused": "整行退回",
    "bad %(what)s": "错误%(what)s",
}
FORMATS = [
    FileFormat("csv", "utf-8-sig", ","),
    FileFormat("csv", "gb18030", "\t"),
    FileFormat("csv", "utf-16", ";"),
    FileFormat("jsonl"),
    FileFormat("xlsx"),
    FileFormat("parquet"),
]


def translate(msgid: str) -> str:
    return WORDS.get(msgid, msgid)


def write(folder: Path, form: FileFormat, rows: list[list[str]], headings: list[str] = HEADINGS) -> Path:
    path = folder / f"verdicts.{verdict_ending(form)}"
    with VerdictWriter(path, form, headings, translate) as writer:
        for cells in rows:
            writer.write(cells, Verdict.NEW)
    return path


def read_back(path: Path) -> tuple[list[str], list[list[str]]]:
    with open_table(path, path.name) as table:
        return table.headings, [cells for _, cells in table]


@pytest.mark.parametrize("form", FORMATS)
def test_rows_come_back_in_their_layout_with_verdict_and_reasons(tmp_path: Path, form: FileFormat) -> None:
    path = tmp_path / f"a.{verdict_ending(form)}"
    problems = [Problem("E", "电话", "X", "bad %(what)s", {"what": "号码"}), Problem("W", "", "Y", "bad %(what)s", {"what": "行"})]
    with VerdictWriter(path, form, HEADINGS, translate) as writer:
        writer.write(["张伟", "15400001234", ""], Verdict.NEW)
        writer.write(["李静", "360599198503020119"], Verdict.REFUSED, problems)
    headings, rows = read_back(path)
    assert headings == [*HEADINGS, "导入结论", "原因"]
    assert rows == [["张伟", "15400001234", "", "新增人员", ""], ["李静", "360599198503020119", "", "整行退回", "电话: 错误号码; 错误行"]]


def test_text_files_keep_their_encoding_and_delimiter(tmp_path: Path) -> None:
    path = write(tmp_path, FileFormat("csv", "gb18030", ";"), [["𠮷野", "1", "a;b"]])
    assert path.read_bytes().decode("gb18030").splitlines()[1] == '𠮷野;1;"a;b";新增人员;'
    path = write(tmp_path, FileFormat("csv", "utf-8-sig"), [])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("cell", ["=1+1", "+86 154", "-", "@SUM(A1)", "\t=1", "'=1", '=HYPERLINK("http://x")', "#N/A"])
def test_no_cell_is_a_formula(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, FileFormat("csv"), [[cell, "", ""]])
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][0][0] not in "=+-@\t"
    path = write(tmp_path, FileFormat("xlsx"), [[cell, "", ""]])
    written = load_workbook(path).worksheets[0]["A2"]
    assert (written.data_type, written.number_format, written.value) == ("s", "@", cell)
    for form in (FileFormat("csv"), FileFormat("xlsx"), FileFormat("jsonl")):
        assert read_back(write(tmp_path, form, [[cell, "x", ""]]))[1][0][0] == cell


def test_cells_beyond_the_headings_follow_after_the_reasons(tmp_path: Path) -> None:
    assert read_back(write(tmp_path, FileFormat("csv"), [["a", "b", "c", "d", "e"]]))[1] == [["a", "b", "c", "新增人员", "", "d", "e"]]
    path = write(tmp_path, FileFormat("jsonl"), [["a", "b", "c", "d"]])
    assert json.loads(path.read_text(encoding="utf-8"))[""] == ["d"]


def test_a_file_that_comes_back_gets_new_verdicts_in_place_of_the_old(tmp_path: Path) -> None:
    headings, rows = read_back(write(tmp_path, FileFormat("csv"), [["张伟", "", ""]]))
    rows[0][headings.index("导入结论")] = "整行退回"
    again = write(tmp_path, FileFormat("csv"), rows, headings)
    assert read_back(again) == ([*HEADINGS, "导入结论", "原因"], [["张伟", "", "", "新增人员", ""]])


def test_rows_beyond_one_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookwriting, "MOST_ROWS", 3)
    path = write(tmp_path, FileFormat("xlsx"), [[str(i), "x", ""] for i in range(5)])
    assert len(load_workbook(path).sheetnames) == 3
    assert [cells[0] for cells in read_back(path)[1]] == list("01234")


def test_characters_that_a_workbook_cannot_hold_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, FileFormat("xlsx"), [["张\x00\x1f\ud800伟", "_x0041_\r\n\t <b>&amp;", "x" * 40_000]])
    assert read_back(path)[1][0][:3] == ["张伟", "_x0041_\r\n\t <b>&amp;", "x" * 32_767]


def test_other_programs_read_the_workbook(tmp_path: Path) -> None:
    """Columns beyond Z, blank cells, all sheets."""
    headings = [f"列{number}" for number in range(60)]
    path = write(tmp_path, FileFormat("xlsx"), [["张伟", *[""] * 57, "末", "<&>"]], headings)
    row = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))[1]
    assert row[:2] == ("张伟", None) and row[58:] == ("末", "<&>", "新增人员", None)
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0] == [*headings, "导入结论", "原因"]


def test_formulas_of_a_workbook_come_as_their_results(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["姓名", "电话"])
    book.worksheets[0].append(["张伟", "=1+1"])
    book.save(tmp_path / "a.xlsx")
    assert read_back(tmp_path / "a.xlsx")[1] == [["张伟", ""]]  # never calculated, so it has none


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="'=+-@\"\t,;"), max_size=12)


@given(TEXTS)
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguard(guard(text)) == text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(FORMATS), st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_reading_back_what_was_written_gives_the_same_cells(tmp_path: Path, form: FileFormat, rows: list[list[str]]) -> None:
    _, back = read_back(write(tmp_path, form, rows))
    assert [cells[:3] for cells in back] == rows
