"""Layouts of offices are data, and what is wrong with one is said by file and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from linli.lib import codes
from linli.lib.errors import Invalid
from linli.registry.imports.engine.mappings import read_mapping, read_mappings
from linli.registry.imports.engine.values import reader_of
from linli.registry.imports.tests.test_standard import ROOT, TODAY
from linli.registry.imports.types import Kind, Mapping

NATIONAL = {mapping.code: mapping for mapping in read_mappings(ROOT / "packs" / "national")}
GOOD: dict[str, Any] = {
    "code": "x",
    "name": "测试",
    "source": "police",
    "columns": [
        {"headings": ["姓名"], "attribute": "name", "kind": "name", "required": True},
        {"headings": ["性别"], "attribute": "sex", "kind": "code", "table": "sex"},
    ],
}


def test_the_national_pack_knows_five_offices_and_two_lists_of_organisations() -> None:
    sources = {"police": "police", "family": "family", "civil": "civil", "social": "social", "self": "collected"}
    sources |= {"market": "market", "societies": "civil"}
    assert {code: mapping.source for code, mapping in NATIONAL.items()} == sources
    known = (ROOT / "packs" / "national" / "provenance.csv").read_text(encoding="utf-8").splitlines()
    assert set(sources.values()) <= {line.split(",")[0] for line in known}


def test_a_pack_without_layouts_has_none(tmp_path: Path) -> None:
    assert read_mappings(tmp_path) == ()


@pytest.mark.parametrize("mapping", NATIONAL.values(), ids=list(NATIONAL))
def test_every_office_reads_every_label_and_code_of_the_standard_tables(mapping: Mapping) -> None:
    """Except those that say nothing (not stated, unknown)."""
    nothing = {("sex", "0"), ("sex", "9"), ("marital", "90")}
    for column in mapping.columns:
        if column.kind is not Kind.CODE or not column.table:
            continue
        read = reader_of(column, today=TODAY, regions=None)
        for entry in codes.table(column.table):
            said = "" if (column.table, entry.code) in nothing else entry.code
            assert read(entry.label) == said, (column.headings[0], entry)
            if entry.code not in column.codes:
                assert read(entry.code) == said, (column.headings[0], entry)


@pytest.mark.parametrize(("code", "attribute", "text", "expected"), [
    ("police", "sex", "1", "1"),
    ("police", "sex", "男", "1"),
    ("police", "ethnicity", "畲", "22"),
    ("police", "ethnicity", "56", "56"),
    ("police", "marital", "2", "20"),
    ("police", "marital", "22", "22"),
    ("police", "education", "50", "47"),
    ("police", "education", "初中", "70"),
    ("police", "relation", "儿子", "20"),
    ("police", "residence_status", "人户分离", "2"),
    ("family", "marital", "再婚", "22"),
    ("civil", "assistance", "农村低保", "dibao"),
    ("civil", "disability", "肢体二级", "42"),
    ("civil", "marital", "离婚登记", "40"),
    ("social", "employment", "灵活就业人员", "flexible"),
    ("social", "politics", "党员", "01"),
    ("self", "marital", "离异", "40"),
    ("self", "assistance", "否", ""),
])  # fmt: skip
def test_offices_words_are_our_codes(code: str, attribute: str, text: str, expected: str) -> None:
    column = next(column for column in NATIONAL[code].columns if column.attribute == attribute)
    assert reader_of(column, today=TODAY, regions=None)(text) == expected


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source": ""}, "source"),
        ({"colour": "red"}, "colour"),
        ({"key": "编号"}, "编号"),
        ({"as_of": "日期"}, "日期"),
        ({"columns": []}, "columns"),
        ({"code": "y"}, "name of the file"),
        ({"columns": [*GOOD["columns"], {"headings": []}]}, "columns.3"),
        ({"columns": [*GOOD["columns"], {"headings": ["姓 名"]}]}, "two columns"),
        ({"columns": [*GOOD["columns"], {"headings": ["x"], "attribute": "hight"}]}, "hight"),
        ({"columns": [*GOOD["columns"], {"headings": ["x"], "attribute": "phone"}]}, "columns.3: kind: phone"),
        ({"columns": [*GOOD["columns"], {"headings": ["x"], "kind": "colour"}]}, "columns.3.kind"),
        ({"columns": [*GOOD["columns"], {"headings": ["x"], "attribute": "marital", "kind": "code", "table": "martial"}]}, "martial"),
        ({"columns": [*GOOD["columns"], {"headings": ["x"], "attribute": "marital", "kind": "code"}]}, "codes"),
        (
            {
                "columns": [
                    *GOOD["columns"],
                    {"headings": ["x"], "attribute": "marital", "kind": "code", "table": "marital", "codes": {"1": "11"}},
                ]
            },
            "11 not in the table marital",
        ),
        (
            {"columns": [*GOOD["columns"], {"headings": ["x"], "attribute": "marital", "kind": "code", "codes": {1: "10"}}]},
            "columns.3.codes",
        ),
        ({"columns": [*GOOD["columns"], {"headings": ["x"], "required": True}]}, "required"),
    ],
)
def test_what_is_wrong_with_a_layout_is_said_by_file_and_field(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    folder = tmp_path / "imports"
    folder.mkdir()
    (folder / "x.yaml").write_text(yaml.safe_dump({**GOOD, **change}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        read_mapping(folder / "x.yaml")
    assert caught.value.code == "PACK_INVALID"
    assert caught.value.text().startswith("imports/x.yaml: ") and told in caught.value.text()


def test_a_good_layout_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(yaml.safe_dump(GOOD, allow_unicode=True), encoding="utf-8")
    mapping = read_mapping(tmp_path / "x.yaml")
    assert mapping.column_of("姓　名") is mapping.columns[0] and mapping.column_of("年龄") is None
