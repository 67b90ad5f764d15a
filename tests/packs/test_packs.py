"""The packs load, are complete, and say what the domain handbook says."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from linli.cases.catalogue.engine import Verdict, check_complete, evaluate, load_matter, read_yaml
from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow.engine import complete, load_spec, sign
from linli.cases.workflow.engine import start as start_process
from linli.records.forms.engine.loading import load_form

PACKS = Path(__file__).parents[2] / "packs"
NATIONAL, XINYU = PACKS / "national", PACKS / "xinyu"
FOLDERS = sorted(folder for folder in (NATIONAL / "matters").iterdir() if folder.is_dir())
SPECS = {folder.name[:4]: load_matter(folder) for folder in FOLDERS}
EACH_MATTER = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def yaml_of(*parts: str) -> Any:
    return read_yaml(PACKS.joinpath(*parts)).value


def judge(code: str, **facts: Any) -> Verdict:
    spec = SPECS[code]
    assert spec.eligibility_table is not None
    known = {fact.key: None for fact in spec.facts} | facts
    return evaluate(
        spec.eligibility_table, known | {"params": dict(spec.parameters_on(date(2026, 5, 28), "360502001001")) | facts.get("params", {})}
    )


# ---- matters


def test_there_is_one_matter_of_each_shape() -> None:
    assert set(SPECS) == {"MZ01", "MZ06", "MZ09", "MZ13", "RS01", "GA01", "ZJ01", "TS01"}


@EACH_MATTER
def test_a_matter_may_be_published(spec: MatterSpec) -> None:
    assert [str(gap) for gap in check_complete(spec)] == []


@EACH_MATTER
def test_it_survives_storage_as_json(spec: MatterSpec) -> None:
    stored = MatterSpec.model_validate_json(spec.model_dump_json())
    assert stored == spec
    assert [type(entry.value) for entry in stored.parameters] == [type(entry.value) for entry in spec.parameters]


@EACH_MATTER
def test_its_form_is_sound_and_its_keys_are_unique(spec: MatterSpec) -> None:
    form = load_form(spec.form)
    keys = [field.key for section in form.sections for field in section.fields]
    assert len(keys) == len(set(keys))
    assert form.field("has_agent") is not None


@EACH_MATTER
def test_forms_of_its_steps_are_sound_named_by_a_step_and_read_only_what_the_application_asks(spec: MatterSpec) -> None:
    asked = load_form(spec.form)
    rows = {f"form.{section.key}": section for section in asked.sections if section.repeat}
    named = {step.form for step in load_spec(spec.process_xml).steps.values() if step.form}
    assert named == set(spec.step_forms)
    for raw in spec.step_forms.values():
        form = load_form(raw)
        assert form.title
        for section in form.sections:
            source = section.repeat.source if section.repeat else ""
            assert not source or source in rows
            for field in section.fields:
                place, _, key = field.source.rpartition(".")
                assert not key or (rows[place].field(key) if place in rows else place == "form" and asked.field(key)), field.source


def test_amounts_of_money_name_their_unit_once() -> None:
    fields = [
        f for spec in SPECS.values() for form in (spec.form, *spec.step_forms.values()) for s in form["sections"] for f in s["fields"]
    ]
    assert [f["label"] for f in fields if f["type"] == "money" and "元" in f["label"]] == []


@EACH_MATTER
def test_every_source_is_registered(spec: MatterSpec) -> None:
    known = {entry["key"] for entry in yaml_of("national", "sources.yaml")["sources"]}
    named = {field["source"] for section in spec.form["sections"] for field in section["fields"] if "source" in field}
    named |= {s["repeat"]["source"] for s in spec.form["sections"] if s.get("repeat", {}).get("source")}
    named |= {material.shared_from for material in spec.materials if material.shared_from}
    named |= {fact.source for fact in spec.facts if not fact.source.startswith("form.")}
    assert named <= known


@EACH_MATTER
def test_its_process_runs_and_its_steps_say_who_and_what(spec: MatterSpec) -> None:
    process = load_spec(spec.process_xml)
    progress = start_process(process, {}, _now())
    assert [step.spec.office for step in progress.ready] == ["community"]
    steps = re.findall(r"<bpmn:userTask [^>]*>", spec.process_xml)
    offices = {re.search(r'linli:office="(\w+)"', step)[1] for step in steps}  # type: ignore[index]
    kinds = {re.search(r'linli:kind="(\w+)"', step)[1] for step in steps}  # type: ignore[index]
    attributes = set(re.findall(r"linli:(\w+)=", spec.process_xml))
    assert offices <= {"applicant", "community", "street", "county", "city", "same"}
    assert kinds <= {"accept", "review", "survey", "publicity", "verify", "decide", "deliver", "dispatch", "reply", "task"}
    assert attributes <= {"office", "line", "kind", "days", "unit", "outcomes", "people", "form"}
    assert spec.process_xml.count("<bpmndi:BPMNShape") == len(re.findall(r"<bpmn:(?:\w+Task|\w+Gateway|\w+Event) ", spec.process_xml))


@EACH_MATTER
@pytest.mark.parametrize("prefer", ["agree", "disagree"])
def test_its_process_reaches_the_end_whatever_is_decided(spec: MatterSpec, prefer: str) -> None:
    process = load_spec(spec.process_xml)
    progress = start_process(process, {}, _now())
    done: list[str] = []
    while not progress.finished:
        step = progress.ready[0]
        for signer in range(step.spec.people if step.spec.people > 1 else 0):
            progress = sign(process, progress.state, step.token_id, f"surveyor-{signer}")
        outcome = prefer if prefer in step.spec.outcomes else step.spec.outcomes[0]
        progress = complete(process, progress.state, step.token_id, outcome, {}, _now())
        done.append(step.step_id)
        assert len(done) < 30, done
    assert done[0] in ("accept", "receipt") and done[-1].startswith("deliver")
    if spec.shape == "application":
        assert ("deliver_refusal" in done) == (prefer == "disagree")


def _now() -> datetime:
    return datetime(2026, 5, 28, 1, 0, tzinfo=UTC)


@EACH_MATTER
def test_its_papers_and_tags_exist(spec: MatterSpec) -> None:
    named = {*spec.papers.values(), *(result.template for result in spec.results if result.template)}
    assert all((NATIONAL / "papers" / name).is_file() for name in named)
    tags = {tag["code"] for tag in yaml_of("national", "codes", "evaluation_tags.yaml")["tags"]}
    assert spec.evaluation_tags and set(spec.evaluation_tags) <= tags


@EACH_MATTER
def test_policy_numbers_are_marked_as_demo_values(spec: MatterSpec) -> None:
    assert all("演示" in entry.note for entry in spec.parameters)
    assert not spec.parameters or spec.note


@EACH_MATTER
def test_chinese_text_uses_chinese_punctuation(spec: MatterSpec) -> None:
    texts = [spec.summary, spec.note, *spec.conditions, *spec.steps_text, *(entry.answer for entry in spec.faq)]
    assert [text for text in texts if re.search(r"[一-鿿][,;:?!()]", text)] == []


def test_low_income_support_suspends_for_seven_days_and_needs_two_surveyors() -> None:
    spec = SPECS["MZ01"]
    assert (spec.publicity.amount, spec.publicity.unit) == (7, "N") if spec.publicity else False
    steps = {step: dict(re.findall(r'linli:(\w+)="([^"]*)"', attributes)) for step, attributes in _tasks(spec)}
    assert steps["survey"]["people"] == "2"
    assert (steps["start_check"]["days"], steps["confirm"]["days"], steps["publicity"]["unit"]) == ("3", "10", "N")


def test_two_departments_check_disability_allowances_in_parallel() -> None:
    tasks = dict(_tasks(SPECS["MZ09"]))
    assert 'linli:line="CL"' in tasks["cl_verify"] and 'linli:line="MZ"' in tasks["mz_verify"]
    assert SPECS["MZ09"].process_xml.count("<bpmn:parallelGateway") == 2


def _tasks(spec: MatterSpec) -> list[tuple[str, str]]:
    return re.findall(r'<bpmn:userTask id="(\w+)"([^>]*)>', spec.process_xml)


# ---- eligibility: the printed examples


HOLDER = {"hukou_in_city": True, "disability_valid": True, "is_orphan": False, "work_injury_care": False, "assist_kind": "none"}


@pytest.mark.parametrize(
    ("label", "facts", "passed", "total"),
    [
        ("B1", {"disability_type": "4", "disability_level": "2", "assist_kind": "dibao"}, True, 220),
        ("B2", {"disability_type": "5", "disability_level": "3", "assist_kind": "dibao"}, True, 100),
        ("B2x", {"disability_type": "5", "disability_level": "3", "assist_kind": "dibao", "params": {"extend_level3": True}}, True, 220),
        ("B3", {"disability_type": "1", "disability_level": "1", "assist_kind": "tekun"}, False, 0),
        ("B4", {"disability_type": "5", "disability_level": "1", "is_orphan": True, "assist_kind": "dibao"}, True, 120),
        ("B5", {"disability_type": "4", "disability_level": "2", "elder_care_allowance": 200}, False, 200),
        ("lower elder allowance", {"disability_type": "4", "disability_level": "2", "elder_care_allowance": 80}, True, 120),
        ("third degree, limbs", {"disability_type": "4", "disability_level": "3", "params": {"extend_level3": True}}, False, 0),
        ("work injury", {"disability_type": "4", "disability_level": "1", "work_injury_care": True, "assist_kind": "dibao"}, False, 0),
        ("edge family", {"disability_type": "2", "disability_level": "4", "assist_kind": "edge"}, False, 0),
        (
            "edge, widened",
            {"disability_type": "2", "disability_level": "4", "assist_kind": "edge", "params": {"extend_edge": True}},
            True,
            100,
        ),
    ],
)
def test_disability_allowances(label: str, facts: dict[str, Any], passed: bool, total: int) -> None:
    verdict = judge("MZ09", **(HOLDER | facts))
    assert (verdict.passed, verdict.values["total"]) == (passed, total), label


ELDER = {"hukou_in_city": True, "is_alive": True, "receives_old_age_allowance": False}


@pytest.mark.parametrize(
    ("label", "birth_date", "month", "mode", "amount"),
    [
        ("B7 current", "1946-08-20", "2026-08-01", "CURRENT", 100),
        ("B7 current, month before", "1946-08-20", "2026-07-01", "CURRENT", 0),
        ("B7 next", "1946-08-20", "2026-08-01", "NEXT", 0),
        ("B7 next, month after", "1946-08-20", "2026-09-01", "NEXT", 100),
        ("B8", "1936-12-31", "2026-12-01", "CURRENT", 300),
        ("B8, November", "1936-12-31", "2026-11-01", "CURRENT", 100),
        ("leap day", "1944-02-29", "2034-02-01", "CURRENT", 300),
        ("hundred", "1926-05-02", "2026-05-01", "CURRENT", 600),
    ],
)
def test_old_age_allowance_bands(label: str, birth_date: str, month: str, mode: str, amount: int) -> None:
    verdict = judge("MZ06", birth_date=birth_date, month=month, params={"start_mode": mode}, **ELDER)
    assert (verdict.values["amount"], verdict.passed) == (amount, amount > 0), label


def test_old_age_allowance_says_which_condition_failed() -> None:
    verdict = judge("MZ06", birth_date="1940-01-01", month="2026-05-01", **(ELDER | {"hukou_in_city": False, "is_alive": False}))
    assert [reason.row for reason in verdict.failed] == ["hukou_no", "alive_no"]
    assert judge("MZ06", birth_date=None, month="2026-05-01", **ELDER).undetermined


@pytest.mark.parametrize(
    ("age", "card_type", "lives", "passed"),
    [(60, "60", True, True), (64, "65", True, False), (59, "60", True, False), (70, "70", False, False)],
)
def test_senior_card(age: int, card_type: str, lives: bool, passed: bool) -> None:
    assert judge("MZ13", age=age, card_type=card_type, lives_in_city=lives, hukou_in_city=False).passed is passed


@pytest.mark.parametrize(
    ("age", "sex", "employment", "passed"),
    [
        (15, "1", "none", False),
        (16, "1", "none", True),
        (62, "1", "none", True),
        (63, "1", "none", False),
        (58, "2", "none", False),
        (30, "2", "employed", False),
    ],
)
def test_unemployment_registration(age: int, sex: str, employment: str, passed: bool) -> None:
    facts = {"age": age, "sex": sex, "employment": employment}
    assert judge("RS01", **facts, receives_pension=False, lives_in_city=True, able_and_willing=True).passed is passed


def test_low_income_support_only_hints_at_money_but_blocks_without_signatures() -> None:
    facts: dict[str, Any] = {"hukou_in_county": True, "in_support": False, "all_signed": True, "family_size": 3, "financial_assets": 1000}
    facts |= {"vehicles": 0, "houses": 1, "near_relative": False, "area_kind": "urban"}
    low, equal = judge("MZ01", monthly_income=2100, **facts), judge("MZ01", monthly_income=3000, **facts)
    assert low.passed and equal.passed
    income = {verdict.reasons[3].row for verdict in (low, equal)}
    assert income == {"income_ok", "income_no"}
    assert not judge("MZ01", monthly_income=2100, **(facts | {"all_signed": False})).passed


@pytest.mark.parametrize(("area", "income", "passed"), [(44, 9000, True), (45, 9000, False), (44, 9001, False)])
def test_public_rental(area: int, income: int, passed: bool) -> None:
    facts = {
        "age": 30,
        "hukou_in_city": True,
        "family_size": 3,
        "housing_area": area,
        "monthly_income": income,
        "in_housing_support": False,
    }
    assert judge("ZJ01", **facts).passed is passed


def test_residence_registration_is_for_people_from_elsewhere() -> None:
    assert judge("GA01", hukou_in_county=False, lodging_kind="rent").passed
    assert not judge("GA01", hukou_in_county=True, lodging_kind="rent").passed


# ---- Xinyu


def test_regions_are_the_published_list_and_two_zones() -> None:
    regions = rows(XINYU / "regions.csv")
    codes = {region["code"] for region in regions}
    assert Counter(region["level"] for region in regions) == {"city": 1, "county": 4, "street": 34, "community": 511}
    assert len(codes) == len(regions) == 1 + 2 + 2 + 34 + 511
    assert all(re.fullmatch(r"3605\d{8}", code) for code in codes)
    assert all(region["parent_code"] in codes for region in regions if region["level"] != "city")
    below = Counter(region["parent_code"] for region in regions if region["level"] == "street")
    assert below == {"360502000000": 21, "360521000000": 13}
    assert len({(region["name"], region["parent_code"]) for region in regions}) == len(regions)
    assert all(region["code"].startswith(region["parent_code"][:9]) for region in regions if region["level"] == "community")


def test_zones_manage_towns_that_exist() -> None:
    names = {region["code"]: region["name"] for region in rows(XINYU / "regions.csv")}
    zones = yaml_of("xinyu", "zones.yaml")["zones"]
    assert [names[zone["code"]] for zone in zones] == ["仙女湖", "高新"]
    assert all(names[town["code"]] == town["name"] for zone in zones for town in zone["manages"])


def test_outlines_are_closed_around_their_centre() -> None:
    shapely = pytest.importorskip("shapely")
    geo = {region["code"]: region for region in yaml_of("xinyu", "geo.yaml")["regions"]}
    shapes = {code: shapely.Polygon(region["outline"]) for code, region in geo.items() if "outline" in region}
    assert set(shapes) == {"360502000000", "360521000000"}
    assert all(shape.is_valid and shape.contains(shapely.Point(geo[code]["centre"])) for code, shape in shapes.items())
    assert not shapes["360502000000"].overlaps(shapes["360521000000"])


def test_units_hold_the_department_list_and_every_line() -> None:
    units = rows(XINYU / "units.csv")
    codes = [unit["code"] for unit in units]
    assert len(codes) == len(set(codes))
    assert all(unit["parent_code"] in codes for unit in units if unit["parent_code"])
    regions = {region["code"] for region in rows(XINYU / "regions.csv")}
    assert all(unit["region_code"] in regions for unit in units)
    seed = [unit for unit in units if unit["origin"] == "seed000"]
    assert len(seed) == 52
    assert {"市发展和改革委员会", "市劳动和社会保障局", "市扶贫开发领导小组办公室"} <= {unit["name"] for unit in seed}
    assert "南宁日报社" not in {unit["name"] for unit in units}
    places = [(unit["level"], unit["line"], unit["region_code"]) for unit in units]
    assert len(places) == len(set(places)), "a line of a region is served by one unit"
    for county in ("360502000000", "360521000000"):
        lines = {unit["line"] for unit in units if unit["region_code"] == county}
        assert {"MZ", "RS", "ZJ", "GA", "CL", "ZS"} <= lines


def test_generated_units_cover_every_street_and_community_once() -> None:
    regions = rows(XINYU / "regions.csv")
    fixed = {unit["code"] for unit in rows(XINYU / "units.csv")}
    made: dict[str, dict[str, str]] = {}
    generators = yaml_of("xinyu", "units.yaml")["generators"]
    for region in regions:
        for rule in generators:
            kinds = rule["for"].get("kind")
            if region["level"] != rule["for"]["level"] or (kinds and region["kind"] not in kinds):
                continue
            code = region["code"]
            short = code[:9] if region["level"] == "street" else code
            places = {"code12": code, "code": short, "name": region["name"], "county": code[:6], "street": code[:9]}
            unit = {name: str(rule[name]).format(**places) for name in ("code", "name", "short", "parent")}
            assert unit["code"] not in made
            made[unit["code"]] = unit
    assert len(made) == 34 * 2 + 511
    assert all(unit["parent"] in made or unit["parent"] in fixed for unit in made.values())
    assert made["360502001001-JW"]["name"] == "百花湖社区居民委员会"
    assert made["360502001201-CW"]["name"] == "廖家村民委员会"


# ---- roles, messages, codes, papers


def test_roles_use_known_permissions_and_keep_administrators_from_business() -> None:
    roles = {role["code"]: role for role in yaml_of("national", "roles.yaml")["roles"]}
    assert len(roles) == 13
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", name) for role in roles.values() for name in role["permissions"])
    administrators = {code for code, role in roles.items() if not role["business"]}
    assert administrators == {"system_admin", "security_admin", "audit_admin"}
    assert not any(name.startswith(("cases.", "people.")) for code in administrators for name in roles[code]["permissions"])
    assert not set(roles["county_reviewer"]["permissions"]) & {"cases.decide"}


@pytest.mark.parametrize("file", ["cases", "staff", "accounts"])
def test_messages_use_declared_variables_and_short_sms(file: str) -> None:
    pack = yaml_of("national", "messages", f"{file}.yaml")
    keys = [message["key"] for message in pack["messages"]]
    assert len(keys) == len(set(keys))
    for message in pack["messages"]:
        channels = [name for name in ("inapp", "sms", "mail") if name in message]
        assert channels and set(message) <= {"key", "link", "inapp", "sms", "mail"}
        for channel in channels:
            body = message[channel]["body"]
            assert set(re.findall(r"{{ (\w+) }}", body)) <= set(pack["variables"]), message["key"]
            assert channel == "sms" or message[channel]["subject"]
        if "sms" in message:
            assert len(re.sub(r"{{ \w+ }}", "", message["sms"]["body"])) <= 70, message["key"]


def test_special_procedures_name_their_basis_and_longest_time() -> None:
    reasons = yaml_of("national", "codes", "suspend_reasons.yaml")["reasons"]
    assert all(reason["basis"] and reason["max"] > 0 and reason["unit"] in "WN" for reason in reasons)
    assert {"hearing", "publicity"} <= {reason["code"] for reason in reasons}


def test_evaluation_has_five_levels_of_which_two_are_bad() -> None:
    levels = yaml_of("national", "codes", "evaluation_tags.yaml")["levels"]
    assert [(level["value"], level["bad"]) for level in levels] == [(5, False), (4, False), (3, False), (2, True), (1, True)]
