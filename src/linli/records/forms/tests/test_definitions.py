"""A definition is either sound or refused with every mistake and its place."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from linli.records.forms.engine import diff, load_form
from linli.records.forms.types import FormDefinitionError

from .samples import FAMILY, family, one


def problems(data: Any) -> dict[str, str]:
    with pytest.raises(FormDefinitionError) as caught:
        load_form(data)
    return {problem.path: problem.message for problem in caught.value.problems}


def of_field(**attributes: Any) -> dict[str, str]:
    with pytest.raises(FormDefinitionError) as caught:
        one(**attributes)
    return {problem.path: problem.message for problem in caught.value.problems}


def test_mistakes_of_shape_are_all_reported_by_key() -> None:
    data = copy.deepcopy(FAMILY)
    data["sections"][0]["fields"][0]["colour"] = "red"
    data["sections"][3]["fields"][0]["type"] = "day"
    data["pages"] = 3
    assert set(problems(data)) == {"sections.applicant.fields.name.colour", "sections.claim.fields.start.type", "pages"}


def test_references_must_point_to_something_asked_before() -> None:
    data = copy.deepcopy(FAMILY)
    data["sections"][0]["when"] = {"field": "agree", "equals": True}
    data["sections"][3]["fields"][2]["expr"] = "total('members', 'salary')"
    data["rules"][0]["field"] = "finish"
    data["rules"].append({"expr": "weight > 3", "message": "x"})
    assert problems(data) == {
        "sections.applicant.when": "agree is not a field asked before",
        "sections.claim.fields.family_income.expr": "members has no field salary",
        "rules.1.field": "the form has no field finish",
        "rules.3.expr": "weight is not a field asked before",
    }


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"field_type": "text", "options": [{"value": "a", "label": "b"}]}, "options does not belong"),
        ({"field_type": "choice"}, "either options or codes"),
        ({"field_type": "choice", "codes": "nowhere"}, "no code table nowhere"),
        ({"field_type": "choice", "options": [{"value": True, "label": "b"}]}, "valid string"),
        ({"field_type": "choice", "options": [{"value": "a", "label": "b"}] * 2}, "occurs twice"),
        ({"field_type": "statement"}, "needs text"),
        ({"field_type": "computed"}, "needs expr"),
        ({"field_type": "date", "min": 5}, "ISO dates"),
        ({"field_type": "money", "min": "today"}, "ISO dates"),
        ({"field_type": "date", "min": "2026-02-31"}, "no day that exists"),
        ({"field_type": "integer", "min": 5, "max": 4}, "min is larger than max"),
        ({"field_type": "id_document", "documents": ["000"]}, "unknown kinds of document: 000"),
        ({"field_type": "signature", "matches": "nobody"}, "not a name asked before"),
        ({"field_type": "text", "when": {"field": "a", "equals": 1, "gt": 2}}, "exactly one of"),
        ({"field_type": "text", "when": {"all": []}}, "at least one"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(attributes: dict[str, Any], said: str) -> None:
    assert said in " ".join(of_field(**attributes).values())


def test_keys_must_be_unique_and_not_reserved() -> None:
    field = {"key": "a", "type": "text", "label": "x"}
    section = {"title": "s", "fields": [field]}
    assert problems({"sections": [{"key": "s", **section}, {"key": "t", **section}]}) == {"sections.t.fields.a": "the key occurs twice"}
    assert "reserved" in str(problems({"sections": [{"key": "review", **section}]}))
    assert "match pattern" in str(problems({"sections": [{"key": "a-b", **section}]}))
    assert "match pattern" in str(problems({"sections": [{"key": "a__b", **section}]}))


def test_dates_of_yaml_are_kept_as_text() -> None:
    from datetime import date

    form = one("date", min=date(2026, 1, 1))
    assert form.sections[0].fields[0].min == "2026-01-01"


def test_a_difference_names_what_changed() -> None:
    data = copy.deepcopy(FAMILY)
    fields = data["sections"][0]["fields"]
    fields[2]["required"] = False
    fields[0], fields[1] = fields[1], fields[0]
    del data["sections"][3]["fields"][3]
    data["sections"][1]["fields"].append({"key": "agent_phone", "type": "phone", "label": "代办人电话"})
    changes = {(change.path, change.kind) for change in diff(family(), load_form(data))}
    assert changes == {
        ("applicant.phone:required", "changed"),
        ("applicant.id_number", "moved"),
        ("applicant.name", "moved"),
        ("claim.photo", "removed"),
        ("agent.agent_phone", "added"),
    }
    assert diff(family(), family()) == []
