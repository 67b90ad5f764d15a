"""Properties of the score, whatever is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from linli.registry.matching.engine.comparisons import COMPARISONS
from linli.registry.matching.engine.model import Model, probability, score
from linli.registry.matching.types import Record

NAMES = [
    "王建国",
    "王健国",
    "建国王",
    "王国",
    "王建民",
    "李红梅",
    "张伟",
    "张玮",
    "单国强",
    "阿卜杜拉·艾山",
    "阿卜杜拉",
    "John Smith",
    "Jon Smith",
    "敖钤",
    "",
]
NUMBERS = ["360599198503071239", "360599850307123", "360599198503071249", "360599198503071247", ""]
ADDRESSES = [
    "建设东路12号阳光小区3幢2单元1203室",
    "阳光小区3栋2-1203",
    "阳光小区3幢1203",
    "幸福花园1幢101室",
    "水北镇刘家村",
    "5 High Street",
    "",
]

records = st.builds(
    Record,
    key=st.just("k"),
    name=st.sampled_from(NAMES),
    sex=st.sampled_from(["", "0", "1", "2"]),
    birth_date=st.none() | st.dates(date(1984, 1, 1), date(1986, 12, 31)) | st.just(date(1985, 3, 7)),
    id_number=st.sampled_from(NUMBERS),
    phone=st.sampled_from(["", "15400000001", "15400000002"]),
    address=st.sampled_from(ADDRESSES),
)
AGREEING = {
    "name": "王建国",
    "sex": "1",
    "birth_date": date(1985, 3, 7),
    "id_number": "360599198503071239",
    "phone": "15400000001",
    "address": "建设东路12号阳光小区3幢2单元1203室",
}
EMPTY = {"birth_date": None}
quick = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(a=records, b=records)
def test_the_score_has_no_direction(model: Model, a: Record, b: Record) -> None:
    assert score(model, a, b).weight == pytest.approx(score(model, b, a).weight, abs=1e-9)


@quick
@given(a=records, b=records, field=st.sampled_from(sorted(AGREEING)))
def test_agreeing_evidence_never_lowers_the_score(model: Model, a: Record, b: Record, field: str) -> None:
    empty = EMPTY.get(field, "")
    before = score(model, replace(a, **{field: empty}), replace(b, **{field: empty}))  # type: ignore[arg-type]
    if field == "id_number":  # it would fill in a date of birth or a sex that contradicts the other's own
        assume(a.birth_date in (None, AGREEING["birth_date"]) and b.birth_date in (None, AGREEING["birth_date"]))
        assume(a.sex != "2" and b.sex != "2")
    after = score(model, replace(a, **{field: AGREEING[field]}), replace(b, **{field: AGREEING[field]}))  # type: ignore[arg-type]
    assert after.weight >= before.weight


@quick
@given(a=records, b=records)
def test_the_parts_add_up(model: Model, a: Record, b: Record) -> None:
    found = score(model, a, b)
    assert found.weight == pytest.approx(model.start + sum(part.weight for part in found.parts))
    assert found.probability == pytest.approx(probability(found.weight)) and 0 <= found.probability <= 1


def test_a_rare_name_says_more_than_a_common_one(model: Model) -> None:
    common, rare = Record("a", "王伟"), Record("b", "敖钤璐")
    assert score(model, rare, rare).weight > score(model, common, common).weight + 3


def test_the_model_survives_its_file(model: Model) -> None:
    again = Model.from_json(model.to_json())
    a, b = Record("a", **AGREEING), Record("b", "王健国", "1", date(1985, 7, 3))  # type: ignore[arg-type]
    assert score(again, a, b).weight == pytest.approx(score(model, a, b).weight, abs=1e-3)


def test_a_model_for_other_comparisons_is_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="train it anew"):
        Model.from_json(model.to_json().replace('"homophone"', '"sounds_alike"'))


def test_every_first_level_speaks_for_a_match_and_every_last_against(model: Model) -> None:
    for comparison in COMPARISONS:
        weights = model.weights[comparison.name]
        assert weights["same_home" if comparison.name == "address" else "equal"] > 0 > weights["different"]
