"""Nothing is published that a resident could not understand or an office could not carry out."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.cases.catalogue.engine import check_complete, load_matter

from .sample import AGE_TABLE, MATTER, PROCESS, write_matter


def gaps(tmp_path: Path, matter: str = MATTER, process: str = PROCESS) -> dict[str, str]:
    return {gap.field: str(gap) for gap in check_complete(load_matter(write_matter(tmp_path, matter, process=process)))}


def test_a_complete_matter_has_no_gap(tmp_path: Path) -> None:
    assert gaps(tmp_path) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("legal_basis:\n  - title: 示例办法\n", ""), "legal_basis"),
        (("  - title: 示例办法", "  - {title: 示例办法, repealed: 2020-01-01}"), "legal_basis"),
        (("materials:\n  - {key: id_card, name: 身份证}\n", ""), "materials"),
        (("name: 身份证}", "name: 身份证, category: application}"), "materials.id_card"),
        (("name: 身份证}", "name: 身份证, necessity: 3, tolerate_days: 30}"), "materials.id_card"),
        (('consult_tel: "12345"\n', ""), "consult_tel"),
        (('complaint_tel: "12345"\n', ""), "complaint_tel"),
        (("results:\n  - {key: paper, name: 示例证明}\n", ""), "results"),
        (("remedy: {review_body: 本级人民政府, court: 人民法院}\n", ""), "remedy"),
        (("papers: {decision: decision.html}", "papers: {}"), "papers"),
    ],
)
def test_each_required_thing_is_missed(tmp_path: Path, change: tuple[str, str], field: str) -> None:
    assert field in gaps(tmp_path, MATTER.replace(*change))


def test_no_materials_must_be_said(tmp_path: Path) -> None:
    without = MATTER.replace("materials:\n  - {key: id_card, name: 身份证}\n", "no_materials: true\n")
    assert gaps(tmp_path, without) == {}


def test_a_process_needs_acceptance_and_decision(tmp_path: Path) -> None:
    assert "decide" in gaps(tmp_path, process=PROCESS.replace('"decide" linli:days="2"', '"review" linli:days="2"'))["process"]


def test_a_complaint_needs_a_reply_instead_of_a_decision(tmp_path: Path) -> None:
    assert "reply" in gaps(tmp_path, MATTER + "shape: complaint\n")["process"]


def test_the_longest_branch_counts_and_suspending_or_later_steps_do_not(tmp_path: Path) -> None:
    assert gaps(tmp_path, MATTER.replace("promised: {amount: 5", "promised: {amount: 4")) == {
        "process": "process: The steps take 5 working days, but 4 are promised."
    }


def test_entities_are_refused(tmp_path: Path) -> None:
    assert "entities" in gaps(tmp_path, process='<!DOCTYPE a [<!ENTITY b "c">]><a/>')["process"]


def test_facts_parameters_and_effects_must_lead_somewhere(tmp_path: Path) -> None:
    matter = (
        MATTER
        + """eligibility: eligibility.json
facts:
  - {key: age, source: form.age, label: 年龄}
effects:
  - {kind: attribute, target: person.thing, values: {a: form.nothing, b: loose, c: "'fixed'", d: form.applicant_name}}
"""
    )
    found = [str(gap) for gap in check_complete(load_matter(write_matter(tmp_path, matter, jdm=AGE_TABLE)))]
    assert found == [
        "facts.age: The form has no field age.",
        "parameters: The decision table uses the parameter amount, which has no value.",
        "effects.person.thing: The form has no field nothing.",
        "effects.person.thing: loose is neither a field, a result nor a quoted text.",
    ]
