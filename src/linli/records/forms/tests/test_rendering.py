"""The rendered form: labelled, linked, usable without JavaScript, and silent about what should not be shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from linli.records.forms.engine import REVIEW, bind, load_form, render_form, turn
from linli.records.forms.types import FileInfo, Prefilled

from .page import Page
from .samples import TODAY, family, family_answers, id_number, one
from .test_binding import KNOWN
from .test_types_of_answers import VALID


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def every_type() -> Any:
    fields = []
    for index, (field_type, attributes, _raw, _clean) in enumerate(VALID):
        fields.append({"key": f"q{index}", "type": field_type, "label": f"问题{index}", "help": "说明", "required": True} | attributes)
    fields.append({"key": "paper", "type": "file", "label": "材料"})
    return load_form(
        {
            "sections": [
                {"key": "all", "title": "全部", "fields": fields},
                {"key": "many", "title": "多", "repeat": {"min": 2}, "fields": fields},
            ]
        }
    )


def check(html: str) -> Page:
    page = Page(html)
    assert len(page.ids) == len(set(page.ids)), "ids are unique"
    for found in page.inputs:
        assert page.label_targets.count(found["id"]) == 1, f"{found['id']} has one label"
    assert set(page.references) <= set(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert not any(name in ("style", "onclick") for _, attrs in page.tags for name in attrs)
    assert "script" not in {tag for tag, _ in page.tags}
    return page


@pytest.mark.parametrize("door", ["portal", "desk"])
def test_every_input_has_one_label_and_every_id_is_unique_also_with_errors(door: Any) -> None:
    form = every_type()
    check(render_form(bind(form, None, today=TODAY), door=door))
    page = check(render_form(bind(form, {}, today=TODAY), door=door))
    assert len(page.links) == len(bind(form, {}, today=TODAY).errors)
    assert sum("autofocus" in attrs for _, attrs in page.tags) == 1


def test_an_error_is_beside_its_field_and_in_the_summary() -> None:
    html = render_form(bind(family(), family_answers() | {"phone": "12"}, today=TODAY), door="portal", refresh_url="/r")
    page = check(html)
    phone = next(found for found in page.inputs if found["name"] == "phone")
    assert phone["aria-invalid"] == "true"
    assert phone["aria-describedby"] == "e-phone"
    assert "autofocus" in phone
    assert (phone["type"], phone["autocomplete"]) == ("tel", "tel")
    assert page.links == ["#f-phone"]
    assert html.count("This is not a telephone number.") == 2


def test_a_first_visit_shows_no_errors_and_no_form_is_half_open() -> None:
    page = check(render_form(bind(family(), None, today=TODAY), door="desk"))
    assert page.links == []
    assert not any("agent_name" in found["name"] or "members" in found["name"] for found in page.inputs)


def test_what_decides_about_other_questions_refreshes_the_page_when_scripts_run() -> None:
    page = check(render_form(bind(family(), None, today=TODAY), door="portal", refresh_url="/refresh"))
    assert {found["name"] for found in page.inputs if found.get("hx-post") == "/refresh"} == {"has_family", "has_agent"}
    assert not any("hx-post" in found for found in check(render_form(bind(family(), None, today=TODAY), door="portal")).inputs)


def test_rows_are_added_and_removed_with_submit_buttons() -> None:
    form = family()
    page = check(render_form(bind(form, {"has_family": True}, today=TODAY), door="portal"))
    bound = bind(form, page.post(("_add", "members")), today=TODAY)
    page = check(render_form(bound, door="portal"))
    assert page.links == [], "a new row is not judged yet"
    data = page.post(("_add", "members"))
    data["members-0-name"] = "王大明"
    page = check(render_form(bind(form, data, today=TODAY), door="portal"))
    bound = bind(form, page.post(("_remove", "members-1")), today=TODAY)
    assert bound.values()["members"] == [{"name": "王大明", "kin": None, "works": None}]


def test_a_known_value_shows_its_source_and_age_and_can_be_corrected() -> None:
    form = family()
    html = render_form(bind(form, None, KNOWN, today=TODAY), door="portal")
    page = check(html)
    assert "From 户籍, as of March 1, 2025 · 1 year ago" in html
    assert ("_correct", "phone") in page.buttons
    assert ("_correct", "name") not in page.buttons, "the name may not be disputed here"
    assert "phone" not in [found["name"] for found in page.inputs]
    page = check(render_form(bind(form, page.post(("_correct", "phone")), KNOWN, today=TODAY), door="portal"))
    data = page.post()
    assert data["phone"] == "13800138000"
    data["phone"] = "13900139000"
    assert [claim.new for claim in bind(form, data, KNOWN, today=TODAY).claims()] == ["13900139000"]
    page = check(render_form(bind(form, page.post(("_keep", "phone")), KNOWN, today=TODAY), door="portal"))
    assert "phone" not in [found["name"] for found in page.inputs]


def test_the_desk_masks_known_private_values_even_when_they_are_opened() -> None:
    html = render_form(bind(family(), None, KNOWN, today=TODAY), door="desk")
    assert "138****8000" in html
    assert "13800138000" not in html
    page = check(html)
    opened = render_form(bind(family(), page.post(("_correct", "phone")), KNOWN, today=TODAY), door="desk")
    assert "13800138000" not in opened
    assert "13800138000" in render_form(bind(family(), None, KNOWN, today=TODAY), door="desk", reveal=True)


def test_the_desk_does_not_show_a_private_value_that_would_not_pass() -> None:
    known = {"phone": Prefilled("1380013", "旧系统")}
    assert "1380013" not in render_form(bind(family(), None, known, today=TODAY), door="desk")
    assert "1380013" in render_form(bind(family(), None, known, today=TODAY), door="portal")


def test_the_token_against_forged_posts_is_in_the_page(rf: Any) -> None:
    assert "csrfmiddlewaretoken" in render_form(bind(family(), None, today=TODAY), door="portal", request=rf.get("/"))


def test_the_portal_walks_step_by_step_and_ends_at_a_review() -> None:
    form, draft = family(), None
    bound = bind(form, None, today=TODAY)
    step = turn(bound)
    html = render_form(bound, door="portal", step=step)
    assert (step, "Step 1 of 3" in html) == ("applicant", True)
    data = check(html).post(("_step", "next"))
    bound = bind(form, data, today=TODAY)
    assert turn(bound) == "applicant", "not forward while something is wrong"
    page = check(render_form(bound, door="portal", step="applicant"))
    assert len(page.links) == 4
    data = page.post(("_step", "next"))
    for name, value in {"name": "王小明", "id_number": id_number(), "phone": "13800138000", "has_family": "false"}.items():
        data[name] = value
    bound = bind(form, data, today=TODAY)
    draft = bound.draft()
    assert turn(bound) == "claim"
    page = check(render_form(bound, door="portal", step="claim"))
    assert page.links == [], "a step not visited yet shows no errors"
    data = page.post(("_step", "next"))
    data["agree"] = "true"
    bound = bind(form, data, draft=draft, today=TODAY)
    assert turn(bound) == REVIEW
    html = render_form(bound, door="portal", step=REVIEW)
    assert "Step 3 of 3" in html
    assert "王小明" in html
    page = check(html)
    assert turn(bind(form, page.post(("_step", "go:applicant")), draft=bound.draft(), today=TODAY)) == "applicant"
    final = bind(form, page.post(), draft=bound.draft(), today=TODAY)
    assert final.ok
    assert final.clean()["name"] == "王小明"


def test_enter_goes_forward_because_the_first_button_does() -> None:
    html = render_form(bind(family(), None, KNOWN, today=TODAY), door="portal", step="applicant")
    assert Page(html).buttons[0] == ("_step", "next")


def test_attached_files_are_listed_and_can_be_removed() -> None:
    form = one("file", max_count=2, accept=["image/jpeg"])
    files = {"f1": FileInfo("f1", "证<件>.jpg", 2048, "image/jpeg")}
    bound = bind(form, {"q": ["f1"]}, files=files, today=TODAY)
    html = render_form(bound, door="portal")
    page = check(html)
    assert "证&lt;件&gt;.jpg" in html
    assert 'enctype="multipart/form-data"' in html
    assert page.post().getlist("q") == ["f1"]
    assert bind(form, page.post(("_remove_file", "q:f1")), files=files, today=TODAY).values() == {"q": None}


def test_what_people_type_is_escaped() -> None:
    nasty = '"><script>alert(1)</script>'
    for field_type in ("text", "long_text", "phone", "date", "id_number"):
        check(render_form(bind(one(field_type), {"q": nasty}, today=TODAY), door="desk"))


def test_an_impossible_date_stays_on_the_page_to_be_corrected() -> None:
    page = check(render_form(bind(one("date"), {"q": "2026-02-30"}, today=TODAY), door="portal"))
    assert (page.inputs[0]["type"], page.inputs[0]["value"]) == ("text", "2026-02-30")
    page = check(render_form(bind(one("date"), {"q": "2026/2/3"}, today=TODAY), door="portal"))
    assert (page.inputs[0]["type"], page.inputs[0]["value"]) == ("date", "2026-02-03")


@pytest.mark.parametrize(
    ("as_of", "age"), [(date(2026, 3, 10), "today"), (date(2026, 3, 9), "1 day ago"), (date(2025, 12, 1), "3 months ago")]
)
def test_the_age_of_a_value(as_of: date, age: str) -> None:
    html = render_form(bind(one("text"), None, {"q": Prefilled("x", "登记", as_of)}, today=TODAY), door="portal")
    assert age in html
