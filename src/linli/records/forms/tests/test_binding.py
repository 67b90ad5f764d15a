"""Binding answers: conditions, repeats, known values and claims, rules, drafts - the same for pages and API requests."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from linli.records.forms.engine import FormErrors, bind, load_form, plain, upload_fields
from linli.records.forms.types import FileInfo, Prefilled

from .samples import FAMILY, TODAY, answer, family, family_answers, id_number, one

KNOWN = {
    "name": Prefilled("王小明", "户籍", date(2025, 3, 1)),
    "phone": Prefilled("13800138000", "社区登记", date(2026, 3, 1)),
    "members-0-name": Prefilled("王大明", "户籍"),
    "members-0-kin": Prefilled("51", "户籍"),
}


def codes(bound: Any) -> list[tuple[str, str]]:
    return [(error.path, error.code) for error in bound.errors]


def test_a_whole_document_is_cleaned_to_json_safe_values() -> None:
    clean = bind(family(), family_answers(), today=TODAY).clean()
    assert clean["members"] == [
        {"name": "王大明", "kin": "51", "works": True, "income": "1200.50"},
        {"name": "李小红", "kin": "52", "works": False},
    ]
    assert clean["family_income"] == "1200.50"
    assert clean["photo"] is None
    assert "agent_name" not in clean
    assert bind(family(), clean, today=TODAY).clean() == clean


def test_what_is_not_shown_is_neither_required_nor_kept() -> None:
    data = family_answers() | {"has_family": False, "has_agent": False, "agent_name": "不该保留"}
    clean = bind(family(), data, today=TODAY).clean()
    assert "members" not in clean
    assert "agent_name" not in clean
    assert codes(bind(family(), data | {"has_agent": True, "agent_name": ""}, today=TODAY)) == [("agent_name", "REQUIRED")]


def test_rows_of_a_page_are_read_by_number_and_errors_carry_their_path() -> None:
    page = QueryDict("has_family=true&members-0-name=王大明&members-0-kin=51&members-2-name=李小红&members-2-kin=zz&members-2-works=true")
    bound = bind(family(), page, today=TODAY)
    assert ("members-2-kin", "NOT_AN_OPTION") in codes(bound)
    assert ("members-2-income", "REQUIRED") in codes(bound)
    assert [row["name"] for row in bound.values()["members"]] == ["王大明", "李小红"]


def test_too_many_rows_are_refused_and_not_read_to_the_end() -> None:
    data = family_answers() | {"members": [{"name": "王大明", "kin": "51"}] * 5000}
    bound = bind(family(), data, today=TODAY)
    assert codes(bound) == [("members", "TOO_MANY_ROWS")]
    assert len(bound.values()["members"]) == 4


def test_an_api_request_with_unknown_or_misshapen_parts_is_told_so() -> None:
    data = family_answers() | {"colour": "red", "members": [{"name": "王大明", "kin": "51", "age": 3}]}
    assert codes(bind(family(), data, today=TODAY)) == [("members-0-age", "UNKNOWN_FIELD"), ("colour", "UNKNOWN_FIELD")]
    assert codes(bind(family(), family_answers() | {"members": "many"}, today=TODAY)) == [("members", "NOT_A_LIST")]
    for odd in (3, 1.5, True, {"a": 1}, ["x"]):
        assert bind(family(), family_answers() | {"name": odd, "phone": odd, "start": odd}, today=TODAY).errors


@pytest.mark.parametrize(
    "junk", [5, True, 1.5, [], ["x"], [[1]], {"x": 1}, {"type": 3, "number": []}, {"name": 1, "agreed": 2}, "x" * 30000]
)
def test_no_junk_crashes_any_field_type(junk: Any) -> None:
    from .test_types_of_answers import VALID

    for field_type, attributes, _raw, _clean in VALID:
        bound = answer(one(field_type, **attributes), junk)
        assert bound.values().keys() == {"q"}


def test_known_values_are_not_asked_for_and_count_as_answered() -> None:
    bound = bind(family(), QueryDict("has_family=false&agree=true&id_number=" + id_number()), KNOWN, today=TODAY)
    assert codes(bound) == []
    assert [item.path for item in bound.known()] == ["name", "phone"]
    assert "phone" not in [item.path for item in bound.missing()]
    assert bound.clean()["phone"] == "13800138000"
    assert bound.claims() == []


def test_a_correction_becomes_a_claim_with_its_source() -> None:
    bound = bind(
        family(), QueryDict("has_family=false&agree=true&phone=13900139000&_correcting=phone&id_number=" + id_number()), KNOWN, today=TODAY
    )
    (claim,) = bound.claims()
    assert (claim.path, claim.source, claim.old, claim.new) == ("phone", "person.phone", "13800138000", "13900139000")
    assert (claim.source_label, claim.as_of) == ("社区登记", date(2026, 3, 1))
    assert bound.clean()["phone"] == "13900139000"


def test_opening_a_value_and_leaving_it_as_it_was_is_no_claim() -> None:
    bound = bind(family(), QueryDict("phone=138-0013-8000&_correcting=phone"), KNOWN, today=TODAY)
    assert bound.claims() == []
    opened = bind(family(), QueryDict("_correct=phone"), KNOWN, today=TODAY)
    field = opened.field("phone")
    assert field is not None
    assert (field.state, field.raw) == ("correcting", "13800138000")
    kept = bind(family(), QueryDict("_correcting=phone&phone=139&_keep=phone"), KNOWN, today=TODAY)
    assert [item.path for item in kept.known()] == ["name", "phone"]


def test_a_locked_value_cannot_be_changed_from_outside() -> None:
    bound = bind(family(), family_answers() | {"name": "李四"}, KNOWN, today=TODAY)
    assert codes(bound) == [("name", "LOCKED")]
    assert bound.values()["name"] == "王小明"
    assert bind(family(), family_answers(), KNOWN, today=TODAY).errors == ()


def test_a_known_value_the_form_would_refuse_is_asked_again_starting_from_it() -> None:
    bound = bind(family(), None, {"phone": Prefilled("12", "旧系统")}, today=TODAY)
    field = bound.field("phone")
    assert field is not None
    assert (field.state, field.raw) == ("asked", "12")


def test_known_rows_are_shown_and_a_removed_one_is_a_claim() -> None:
    first = bind(family(), None, KNOWN | {"has_family": Prefilled(True, "户籍")}, today=TODAY)
    assert [item.path for item in first.known()][-2:] == ["members-0-name", "members-0-kin"]
    page = QueryDict("_section=members&_rows=members-0&_remove=members-0")
    removed = bind(family(), page, KNOWN | {"has_family": Prefilled(True, "户籍")}, today=TODAY)
    (claim,) = removed.claims()
    assert (claim.path, claim.old, claim.new) == ("members-0", {"name": "王大明", "kin": "51"}, None)
    again = bind(family(), QueryDict("_section=members&_add=members"), KNOWN | {"has_family": Prefilled(True, "户籍")}, today=TODAY)
    assert again.field("members-1-name") is not None
    assert again.field("members-0-name") is None


def test_rules_are_judged_when_their_values_are_there() -> None:
    late = bind(family(), family_answers() | {"end": "2025-12-31"}, today=TODAY)
    assert [(e.path, e.code, e.message) for e in late.errors] == [("end", "RULE", "结束不得早于开始")]
    assert bind(family(), family_answers() | {"end": None}, today=TODAY).errors == ()
    members = [{"name": "王大明", "kin": "51", "works": True, "income": "200000"}]
    assert codes(bind(family(), family_answers() | {"members": members}, today=TODAY)) == [("members-0-income", "RULE")]


def test_clean_refuses_to_return_wrong_answers() -> None:
    with pytest.raises(FormErrors) as caught:
        bind(family(), {}, today=TODAY).clean()
    assert caught.value.errors[0].path == "name"
    assert caught.value.as_problem()["code"] == "FORM_ERRORS"


def test_a_draft_keeps_what_was_typed_right_or_wrong_and_goes_on() -> None:
    first = bind(family(), QueryDict("_section=applicant&_at=applicant&name=王5&has_family=true"), today=TODAY)
    second = bind(family(), QueryDict("_section=members&_at=members&_add=members"), draft=first.draft(), today=TODAY)
    name = second.field("name")
    assert name is not None
    assert name.raw == "王5"
    third = bind(family(), None, draft=second.draft(), today=TODAY)
    assert third.field("members-0-name") is not None
    assert third.draft() == second.draft()


def test_a_draft_of_an_older_form_is_no_mistake_of_the_applicant() -> None:
    assert bind(family(), None, draft={"gone": "x", "name": "王小明"}, today=TODAY).form_errors == ()


def test_uploads_are_matched_to_file_fields_only() -> None:
    found = upload_fields(family(), ["photo__upload", "name__upload", "members-0-photo__upload", "photo", "../x__upload"])
    assert {name: path for name, (path, _) in found.items()} == {"photo__upload": "photo"}


def test_a_stored_answer_set_is_masked_by_level_unless_revealed() -> None:
    clean = bind(family(), family_answers(), today=TODAY).clean()
    masked = {line.path: line.value for line in plain(family(), clean)}
    assert masked["name"] == "王*明"
    assert masked["id_number"] == f"{id_number()[:6]}********{id_number()[-4:]}"
    assert masked["members-1-name"] == "李*红"
    assert masked["family_income"] == "¥1,200.50"
    shown = {line.path: line.value for line in plain(family(), clean, reveal=True)}
    assert shown["phone"] == "13800138000"
    assert "end" in shown
    files = {"f": FileInfo("f", "证.pdf", 3, "application/pdf")}
    assert plain(one("file"), {"q": ["f"]}, files=files)[0].value == "证.pdf"


def test_reading_an_old_answer_does_not_judge_it_by_todays_bounds() -> None:
    (line,) = plain(one("date", max="2020-01-01"), {"q": "2026-01-03"}, reveal=True)
    assert "2026" in line.value
    (line,) = plain(one("choice", options=[{"value": "new", "label": "新"}]), {"q": "old"})
    assert line.value == "old"


def test_unticking_everything_in_a_correction_is_a_claim_that_nothing_holds() -> None:
    form = one("multi_choice", options=[{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}], source="person.needs")
    known = {"q": Prefilled(["a"], "社区登记")}
    bound = bind(form, QueryDict("_section=only&_correcting=q"), known, today=TODAY)
    assert [(claim.old, claim.new) for claim in bound.claims()] == [(["a"], None)]
    assert bound.clean() == {"q": None}


def test_a_rule_whose_values_do_not_fit_it_is_broken_rather_than_passed_over() -> None:
    data = copy.deepcopy(FAMILY)
    data["rules"] = [{"expr": "end > phone", "message": "不成立"}]
    bound = bind(load_form(data), family_answers(), today=TODAY)
    assert [(error.path, error.message) for error in bound.errors] == [("", "不成立")]


def test_a_rule_may_ask_whether_a_field_that_is_not_shown_is_filled() -> None:
    data = copy.deepcopy(FAMILY)
    data["rules"] = [{"expr": "filled(agent_name) or has_agent == False", "message": "须有代办人", "field": "agent_name"}]
    assert bind(load_form(data), family_answers(), today=TODAY).errors == ()


MARITAL = [{"value": code, "label": label} for code, label in (("10", "未婚"), ("20", "已婚"), ("30", "丧偶"), ("40", "离婚"))]


@pytest.mark.parametrize(
    ("kept", "known", "state"), [("21", "20", "known"), ("20", "20", "known"), ("90", None, "asked"), ("zz", None, "asked")]
)
def test_a_register_that_keeps_a_finer_code_answers_a_coarser_question(kept: str, known: str | None, state: str) -> None:
    """GB/T 2261.2: 21 first marriage lies in 20 married; 90 (not stated) lies in nothing the form offers, so it asks."""
    form = one("choice", options=MARITAL, source="person.marital_status", required=True)
    field = bind(form, None, {"q": Prefilled(kept, "户籍")}, today=TODAY).sections[0].rows[0].fields[0]
    assert (field.state, field.known_value) == (state, known)
    if known:
        assert bind(form, QueryDict("_section=only"), {"q": Prefilled(kept, "户籍")}, today=TODAY).clean() == {"q": known}


def test_an_answer_kept_finer_than_the_form_asks_is_read_and_printed_in_words() -> None:
    form = one("choice", options=MARITAL)
    assert [line.value for line in plain(form, {"q": "23"})] == ["已婚"]
    assert [line.value for line in plain(form, {"q": "zz"})] == ["zz"]


def test_options_that_are_no_codes_of_a_standard_stay_as_they_are() -> None:
    form = one("choice", options=[{"value": "20", "label": "二十"}, {"value": "other", "label": "其他"}], source="person.x")
    field = bind(form, None, {"q": Prefilled("21", "登记")}, today=TODAY).sections[0].rows[0].fields[0]
    assert (field.state, field.value) == ("asked", None)
