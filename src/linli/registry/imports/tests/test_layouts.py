"""Layouts made on the desk: from a file, with suggestions, translation of codes and a preview; by version; as the file of a pack."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Invalid, NotFound
from linli.registry.imports import queries
from linli.registry.imports.actions import check_on, load_on, order_load
from linli.registry.imports.engine.mappings import mapping_of, read_mapping, read_mappings, yaml_of
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.sketching import Known, layout_of, look, proposed, words
from linli.registry.imports.models import Batch, Layout, LayoutDraft
from linli.registry.imports.queries import files_in_drafts
from linli.registry.imports.tests.conftest import JOB, Office
from linli.registry.imports.tests.known import number
from linli.registry.imports.tests.test_standard import ROOT, TODAY
from linli.registry.imports.types import Choice, Mapping

PACKS = read_mappings(ROOT / "packs" / "national")
LI, ZHANG = number("1990-12-31", 22), number("1985-03-02", 11)
HEADING = "学号,学生,证号,性别,家长电话,婚况,入学日,备用"
ROWS = (
    f"A1,李娜,{LI},女,15400005678,独身,31-Dec-25,",
    f"A2,张伟,{ZHANG},男,15400005679,成家,01-Sep-25,",
    "A3,钱七,123,男,,未知数,,x",
)


@pytest.fixture
def browser(office: Office) -> Client:
    client = Client()
    client.force_login(office.officer, backend="linli.foundation.accounts.queries.SessionBackend")
    return client


def school(*rows: str, heading: str = HEADING) -> SimpleUploadedFile:
    return SimpleUploadedFile("学生.csv", "\n".join((heading, *(rows or ROWS))).encode())


def begun(browser: Client, **values: object) -> str:
    said = {"name": "学籍名册", "code": "school", "origin": "family", "file": school(), **values}
    response = browser.post("/desk/imports/layouts/new/", said)
    assert response.status_code == 303, response.content.decode()[:1500]
    return browser.get("/desk/imports/layouts/draft/").content.decode()


def answers(**changed: object) -> dict[str, object]:
    """What the officer says of the columns, in the order of HEADING."""
    attributes = ("", "name", "id_number", "sex", "phone", "marital", "lives_here_since", "")
    said: dict[str, object] = {f"column-{n}-attribute": attribute for n, attribute in enumerate(attributes)}
    return {**said, "column-1-required": "1", "key": "学号", "as_of": "", "step": "look", **changed}


CODES = {"column-5-value": ["独身", "成家", "未知数"], "column-5-code": ["10", "20", "-"], "column-6-formats": "%d-%b-%y"}


def test_columns_are_known_by_heading_and_by_what_stands_in_them(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    names = ("王伟", "李娜", "张敏", "刘洋", "陈静", "欧阳建国", "赵磊")
    lines = [f"{name},{number(f'19{60 + n}-01-02', n)},1540000000{n},男,{n},汉族" for n, name in enumerate(names)]
    file.write_text("\n".join(("甲,乙,丙,性 别,丁,戊", *lines)), encoding="utf-8")
    with open_table(file, "a.csv") as table:
        sight = look(table)
    found = proposed(sight, Known.of(PACKS), today=TODAY)
    assert [(one.heading, one.attribute) for one in found] == [
        ("甲", "name"), ("乙", "id_number"), ("丙", "phone"), ("性 别", "sex"), ("丁", ""), ("戊", "ethnicity"),
    ]  # fmt: skip
    assert found[0].required and found[3].codes["男性"] == "1", "with what other layouts know"
    assert sight.rows == 7 and sight.columns[3].values == (("男", 7),)


def test_values_nobody_can_read_come_first_with_their_counts() -> None:
    from linli.registry.imports.engine.sketching import Seen

    known = Known.of(PACKS)
    seen = Seen("婚况", 9, (("已婚", 5), ("成家", 3), ("90", 1)), 3)
    found = words(seen, Choice("婚况", "marital", codes={"90": ""}), known, today=TODAY)
    assert [(one.value, one.count, one.given, one.read) for one in found] == [
        ("成家", 3, None, None), ("已婚", 5, None, "20"), ("90", 1, "", "90"),
    ]  # fmt: skip


def test_a_layout_is_made_saved_and_read_by(browser: Client, office: Office) -> None:
    page = begun(browser)
    assert "李娜" not in page and LI not in page, "examples have their middle hidden"
    looked = browser.post("/desk/imports/layouts/draft/", answers())
    assert looked.status_code == 303
    page = browser.get("/desk/imports/layouts/draft/").content.decode()
    assert "未知数" in page and 'name="column-6-formats"' in page and 'id="preview"' in page and LI not in page
    assert browser.post("/desk/imports/layouts/draft/", answers(**CODES, step="save")).status_code == 303
    (row,) = Layout.objects.all()
    made = Mapping.model_validate(row.body)
    assert (row.code, row.version, row.source, made.key) == ("school", 1, "family", "学号")
    married = made.column_of("婚况")
    assert married is not None and {"独身": "10", "成家": "20", "未知数": ""}.items() <= married.codes.items()
    assert made.column_of("入学日").formats == ("%d-%b-%y",)  # type: ignore[union-attr]
    assert not LayoutDraft.objects.exists()
    sent = browser.post("/desk/imports/new/", {"layout": "school", "file": school(), "as_of": "2026-11-01", "community": "360502001001"})
    assert sent.status_code == 303, sent.content.decode()[:1500]
    with scoped(JOB):
        batch = Batch.objects.latest("made_at")
    assert batch.mapping == "school@1"
    check_on(batch.pk)
    order_load(office.actor, batch_id=batch.pk)
    load_on(batch.pk)
    assert {one.name: (one.marital, one.lives_here_since) for one in office.people()} == {
        "李娜": ("10", date(2025, 12, 31)),
        "张伟": ("20", date(2025, 9, 1)),
    }
    assert "学籍名册" in browser.get(f"/desk/imports/{batch.pk}/").content.decode()


def test_files_are_read_to_the_end_by_the_version_they_came_with(browser: Client, office: Office) -> None:
    begun(browser)
    browser.post("/desk/imports/layouts/draft/", answers())
    browser.post("/desk/imports/layouts/draft/", answers(**CODES, step="save"))
    heading = HEADING.replace("学生", "学生姓名")
    page = begun(browser, name="学籍名册二", file=school(heading=heading))
    assert page.count("selected") >= 6, "what was said of the first file is known"
    said = answers(**{"column-1-attribute": "name", "column-1-required": "1", "step": "save"})
    browser.post("/desk/imports/layouts/draft/", {**said, "step": "look"})
    assert browser.post("/desk/imports/layouts/draft/", said).status_code == 303
    newest = queries.layout("school")
    assert newest.name == "学籍名册二" and queries.pinned("school") == "school@2"
    assert queries.layout("school@1").name == "学籍名册"
    assert newest.column_of("学生") is newest.column_of("学生姓名") is not None, "spellings of earlier files are kept"
    assert newest.column_of("婚况").codes["独身"] == "10"  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        queries.layout("school@3")
    page = browser.get("/desk/imports/layouts/of/school/").content.decode()
    assert "?version=1" in page and "?version=2" in page
    earlier = yaml.safe_load(browser.get("/desk/imports/layouts/of/school/file/?version=1").content)
    assert earlier["name"] == "学籍名册"


def test_what_is_no_layout_is_said_and_nothing_said_is_lost(browser: Client) -> None:
    begun(browser)
    nothing = {f"column-{n}-attribute": "" for n in range(8)} | {"column-1-attribute": "name", "key": "", "as_of": "", "step": "save"}
    refused = browser.post("/desk/imports/layouts/draft/", nothing)
    assert refused.status_code == 422 and "ui-tone-warning" in refused.content.decode()
    assert "没有指定必填列" in refused.content.decode(), "in the reader's language"
    assert not Layout.objects.exists() and LayoutDraft.objects.exists()
    wrong = browser.post("/desk/imports/layouts/new/", {"name": "x", "code": "Schule!", "origin": "family", "file": school()})
    assert wrong.status_code == 422 and 'value="Schule!"' in wrong.content.decode()
    assert browser.post("/desk/imports/layouts/draft/", {"step": "give_up"}).status_code == 303
    assert browser.get("/desk/imports/layouts/draft/").status_code == 303


def test_the_file_is_kept_as_long_as_the_draft(browser: Client, office: Office) -> None:
    begun(browser)
    with scoped(JOB):
        stored = StoredFile.objects.latest("pk").pk
        assert files_in_drafts([stored]) == {stored}
    begun(browser, name="noch einmal")
    assert LayoutDraft.objects.count() == 1
    with scoped(JOB):
        assert files_in_drafts([stored]) == set()


@pytest.mark.parametrize("mapping", PACKS, ids=[one.code for one in PACKS])
def test_a_layout_of_the_packs_is_the_same_after_it_was_written_out(mapping: Mapping, tmp_path: Path) -> None:
    text = yaml_of(mapping)
    assert mapping_of(text) == mapping
    (tmp_path / f"{mapping.code}.yaml").write_text(text, encoding="utf-8")
    assert read_mapping(tmp_path / f"{mapping.code}.yaml") == mapping, "it may lie in a pack as it is"


def test_a_layout_is_loaded_as_a_file_and_takes_the_place_of_a_packs(browser: Client) -> None:
    out = browser.get("/desk/imports/layouts/of/police/file/")
    assert out.status_code == 200 and 'filename="police.yaml"' in out["Content-Disposition"]
    text = out.content.decode().replace("公安人口信息", "公安人口信息（新）")
    back = browser.post("/desk/imports/layouts/load/", {"file": SimpleUploadedFile("police.yaml", text.encode())})
    assert back.status_code == 303
    assert queries.layout("police").name == "公安人口信息（新）" and queries.pinned("police") == "police@1"
    assert "公安人口信息（新）" in browser.get("/desk/imports/layouts/").content.decode()
    broken = browser.post("/desk/imports/layouts/load/", {"file": SimpleUploadedFile("a.yaml", b"code: [")})
    assert broken.status_code == 422
    with pytest.raises(Invalid, match="refers to another"):
        mapping_of("a: &x [1]\nb: *x\n")


def test_a_changed_layout_keeps_what_this_file_does_not_have() -> None:
    known = Known.of(PACKS, first="self")
    before = next(one for one in PACKS if one.code == "self")
    choices = [Choice("姓名", "name", required=True), Choice("电话号", "phone")]
    made = layout_of("self", before.name, before.source, choices, known, key="", as_of="")
    assert made.column_of("电话号") is made.column_of("联系电话")
    kept = {heading for column in before.columns for heading in column.headings}
    assert kept <= {heading for column in made.columns for heading in column.headings}


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["", "new/", "load/", "draft/", "of/police/", "of/police/file/"])
def test_only_who_loads_files_makes_layouts(page: str) -> None:
    assert Client().get(f"/desk/imports/layouts/{page}").status_code == 302
