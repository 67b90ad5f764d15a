"""Whatever form an author writes and whatever is answered: render, read the page, bind, and the answers are the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.records.forms.engine import bind, load_form, plain, render_form
from linli.records.forms.types import Form

from .page import Page
from .samples import TODAY
from .test_types_of_answers import VALID

TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=20).map(str.strip).filter(bool)
SAMPLES = st.sampled_from(VALID)
FREE: dict[str, Any] = {
    "text": TEXTS,
    "long_text": st.lists(TEXTS, min_size=1, max_size=3).map("\n".join),
    "integer": st.integers(-(10**9), 10**9),
    "money": st.decimals(0, 10**9, places=2).map(str),
    "date": st.dates(min_value=date(1900, 1, 1), max_value=TODAY).map(lambda day: day.isoformat()),
}


@st.composite
def questions(draw: st.DrawFn, prefix: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Fields of one section with an answer each, some left open."""
    fields, answers = [], {}
    for index in range(draw(st.integers(1, 4))):
        field_type, attributes, raw, _clean = draw(SAMPLES)
        key = f"{prefix}{index}"
        if field_type in FREE and draw(st.booleans()):
            attributes, raw = {}, draw(FREE[field_type])
        fields.append({"key": key, "type": field_type, "label": f"问{index}", **attributes})
        answers[key] = raw if draw(st.integers(0, 3)) else None
    return fields, answers


@st.composite
def forms(draw: st.DrawFn) -> tuple[Form, dict[str, Any]]:
    """A form of an ordinary, a conditional and a repeating section, with answers."""
    plain_fields, answers = draw(questions("a"))
    gate = {"key": "gate", "type": "yes_no", "label": "开关"}
    more_fields, more = draw(questions("b"))
    row_fields, row = draw(questions("c"))
    rows = [row] * draw(st.integers(0, 2))
    data = {
        "sections": [
            {"key": "first", "title": "一", "fields": [gate, *plain_fields]},
            {"key": "second", "title": "二", "when": {"field": "gate", "equals": True}, "fields": more_fields},
            {"key": "rows", "title": "三", "repeat": {"max": 3}, "fields": row_fields},
        ]
    }
    return load_form(data), {"gate": draw(st.sampled_from([True, False, None])), **answers, **more, "rows": rows}


@given(forms(), st.sampled_from(["portal", "desk"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_render_parse_clean_gives_the_same_answers(sample: tuple[Form, dict[str, Any]], door: Any) -> None:
    form, answers = sample
    with translation.override("en"):
        bound = bind(form, answers, today=TODAY)
        clean = bound.clean()
        page = Page(render_form(bound, door=door))
        assert len(page.ids) == len(set(page.ids))
        assert bind(form, page.post(), today=TODAY).clean() == clean
        assert bind(form, clean, today=TODAY).clean() == clean
        assert bind(form, None, draft=bound.draft(), today=TODAY).clean() == clean
        assert all(line.value for line in plain(form, clean))
