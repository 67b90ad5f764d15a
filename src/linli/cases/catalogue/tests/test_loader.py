"""A matter is read whole, or refused with the file, the line and what to do."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from linli.cases.catalogue.engine import PackError, load_matter, read_yaml

from .sample import AGE_TABLE, FORM, MATTER, write_matter


def test_a_matter_carries_its_form_process_table_and_guide(tmp_path: Path) -> None:
    folder = write_matter(tmp_path, MATTER + "eligibility: eligibility.json\n", jdm=AGE_TABLE)
    (folder / "guide.md").write_text("# 说明", encoding="utf-8")
    spec = load_matter(folder)
    assert spec.form["sections"][0]["key"] == "applicant"
    assert "userTask" in spec.process_xml
    assert spec.eligibility_table == AGE_TABLE
    assert spec.guide == "# 说明"
    assert type(spec).model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        (("name: 示例事项", "nane: 示例事项"), 0, "name"),
        (("amount: 5, unit: W", "amount: 5, unit: Q"), 10, "promised.unit"),
        (("short: 示例", "short: 示例\nshort: 又一个"), 4, "written twice"),
        (("line: XX", "line: XX\nform: {}"), 5, "own file"),
        (("fee: {charged: false}", "fee: {charged: true}"), 11, "standard"),
        (("amount: 5, unit: W", "amount: 30, unit: W"), 1, "longer than the statutory"),
        (("code: XX01", "code: XX02"), 1, "the folder is"),
        (("conditions: [本市居民]", "conditions: [本市居民"), 0, "not valid YAML"),
    ],
)
def test_a_mistake_names_its_line_and_a_way_out(tmp_path: Path, change: tuple[str, str], line: int, why: str) -> None:
    folder = write_matter(tmp_path, MATTER.replace(*change))
    with pytest.raises(PackError) as caught:
        load_matter(folder)
    assert why in caught.value.text()
    assert caught.value.hint
    if line:
        assert caught.value.line == line


def test_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    folder = write_matter(tmp_path, MATTER + "process: ../../etc/passwd\n")
    with pytest.raises(PackError, match="outside the matter's folder"):
        load_matter(folder)
    (folder / "matter.yaml").write_text(MATTER, encoding="utf-8")
    (folder / "process.bpmn").unlink()
    with pytest.raises(PackError, match=r"process\.bpmn: the file is missing"):
        load_matter(folder)


def test_a_broken_table_is_reported_with_its_row(tmp_path: Path) -> None:
    broken = {**AGE_TABLE, "nodes": [dict(node) for node in AGE_TABLE["nodes"]]}
    broken["nodes"][1]["content"] = {**broken["nodes"][1]["content"], "rules": [{"_id": "bad", "i1": ">= 80 (", "o1": "true"}]}
    folder = write_matter(tmp_path, MATTER + "eligibility: eligibility.json\n", jdm=broken)
    with pytest.raises(PackError, match="row bad"):
        load_matter(folder)
    (folder / "eligibility.json").write_text('{\n"nodes": [\n', encoding="utf-8")
    with pytest.raises(PackError, match="line 3"):
        load_matter(folder)


def test_nested_values_have_their_own_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a:\n  - b: 1\n    c: 2\n", encoding="utf-8")
    document = read_yaml(file)
    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "missing")) == 2


def test_yaml_tags_that_build_objects_are_refused(tmp_path: Path) -> None:
    folder = write_matter(tmp_path, form=FORM + "x: !!python/object/apply:os.getcwd []\n")
    with pytest.raises(PackError, match="not valid YAML"):
        load_matter(folder)


def test_a_pack_error_survives_a_process_boundary() -> None:
    error = PackError(Path("a/b.yaml"), 3, "why", "do this")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
