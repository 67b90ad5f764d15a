"""The editor's questions and files hold all a matter says: shown and sent back, exported and imported, it is the same matter."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from linli.cases.catalogue.engine import DraftError, differences, from_zip, load_matter, merged, parse_yaml, part_values, to_yaml, to_zip
from linli.cases.catalogue.forms.items import definition, to_answers, to_values
from linli.cases.catalogue.forms.pages import PAGES
from linli.cases.catalogue.forms.questions import SECTION, question_of, question_parts, question_values, section_of, section_values
from linli.cases.catalogue.types import MatterSpec
from linli.lib.errors import Invalid
from linli.records.forms.engine import bind, load_form
from linli.records.forms.types import Field, FieldType

MATTERS = sorted((Path(settings.PACKS_DIR) / "national" / "matters").glob("*"))


@pytest.fixture(scope="module", params=MATTERS, ids=lambda p: p.name)
def spec(request: pytest.FixtureRequest) -> MatterSpec:
    return load_matter(request.param)


def answered(parts: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Values after going through a page: shown, sent back unchanged, read."""
    bound = bind(load_form(definition(parts)), to_answers(parts, values))
    assert not bound.errors, [(e.path, e.text(str)) for e in bound.errors]
    return to_values(parts, bound.clean())


def test_every_section_comes_back_as_it_was_shown(spec: MatterSpec) -> None:
    again = spec
    for name, parts in PAGES.items():
        again, _ = merged(again, {}, name, answered(parts, part_values(spec, {}, name)))
    assert [(d.path, d.old, d.new) for d in differences(spec, {}, again.model_copy(update={"guide": spec.guide}), {})] == []
    assert again.guide == spec.guide.strip()


def test_every_question_comes_back_as_it_was_shown(spec: MatterSpec) -> None:
    for section in spec.form["sections"]:
        own = section_of(answered(SECTION, section_values(section)))
        assert section_values({**own, "fields": []}) == section_values(section)
        for field in section["fields"]:
            parts = question_parts(FieldType(field["type"]))
            again = question_of(answered(parts, question_values(field)))
            assert Field.model_validate(again) == Field.model_validate(field)


def test_an_export_reads_back_as_the_same_matter_and_has_the_same_bytes(spec: MatterSpec) -> None:
    papers = {"decision.html": "<p>{{ applicant }}</p>", "paper.css": "p { color: #000 }"}
    data = to_zip(spec, papers)
    again, read = from_zip(data)
    assert read == papers
    assert differences(spec, papers, again, read) == []
    assert again.process_xml == spec.process_xml
    assert to_zip(again, read) == data
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert all(name.startswith(f"{spec.code}-") for name in names)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"not a zip",
        zipped({"../outside.yaml": b"x"}),
        zipped({"/etc/linli.yaml": b"x"}),
        zipped({"XX01-a/run.py": b"x"}),
        zipped({"XX01-a/form.yaml": b"sections: []"}),
        zipped({"XX01-a/matter.yaml": b"code: XX01", "XX02-b/matter.yaml": b"code: XX02"}),
        zipped({"XX01-a/matter.yaml": b"!!python/object/apply:os.system ['true']", "XX01-a/form.yaml": b"{}"}),
        zipped({"XX01-a/matter.yaml": b" " * 6_000_000}),
        zipped({f"XX01-a/{n}.yaml": b"" for n in range(80)}),
    ],
    ids=["no zip", "upwards", "absolute", "program", "no matter", "two matters", "python tag", "bomb", "too many"],
)
def test_a_hostile_zip_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        from_zip(data)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]",
        "!!python/object/apply:os.system ['true']",
        "a: !!python/name:os.system",
        "[" * 30 + "]" * 30,
        "- a\n- b",
        "a: [1",
        "",
        "x" * 200_001,
    ],
    ids=["alias", "bomb", "call", "name", "deep", "list", "broken", "empty", "long"],
)
def test_hostile_or_broken_yaml_is_refused(text: str) -> None:
    with pytest.raises(DraftError):
        parse_yaml(text)


def test_yaml_of_a_form_reads_back_the_same(spec: MatterSpec) -> None:
    assert parse_yaml(to_yaml(spec.form)) == spec.form
