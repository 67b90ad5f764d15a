"""A verdict says which row of which table hit, and never mistakes an unknown fact for a no."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from linli.cases.catalogue.engine import EligibilityError, check_table, evaluate
from linli.cases.catalogue.types import MatterSpec, Parameter, Term

from .sample import AGE_TABLE, table


def facts(age: int | None, amount: Decimal | int = 100) -> dict[str, object]:
    return {"age": age, "params": {"amount": amount}}


def test_the_row_that_hit_is_named_with_what_it_looked_at() -> None:
    verdict = evaluate(AGE_TABLE, facts(81))
    (reason,) = verdict.reasons
    assert verdict.passed and not verdict.undetermined
    assert (reason.key, reason.row, reason.text, reason.table) == ("age", "old", "81 周岁", "年龄")
    assert reason.facts == {"age": 81}
    assert verdict.values == {"amount": 100}


def test_a_failed_condition_is_listed() -> None:
    verdict = evaluate(AGE_TABLE, facts(79))
    assert not verdict.passed and not verdict.undetermined
    assert [reason.row for reason in verdict.failed] == ["young"]


def test_an_unknown_fact_leaves_it_open() -> None:
    verdict = evaluate(AGE_TABLE, facts(None))
    assert not verdict.passed
    assert verdict.undetermined
    assert verdict.failed == ()


def test_a_fact_no_row_expects_is_unknown_rather_than_passed() -> None:
    only_old = table({"_id": "old", "i1": ">= 80", "o1": "true", "o2": "''", "o3": "0"})
    verdict = evaluate(only_old, facts(79))
    assert not verdict.passed and verdict.undetermined
    assert [(reason.key, reason.row) for reason in verdict.reasons] == [("age", "")]


def test_a_cell_that_cannot_be_computed_is_unknown() -> None:
    assert evaluate(table({"_id": "r", "i1": "", "o1": "year(age)", "o2": "''", "o3": "0"}), {"age": "x"}).undetermined


def test_amounts_stay_exact() -> None:
    assert evaluate(AGE_TABLE, facts(81, Decimal("100.10"))).values == {"amount": Decimal("100.1")}


def test_a_notice_does_not_block() -> None:
    noticing = table({"_id": "r", "i1": "", "o1": "false", "o2": "'注意'", "o3": "0"})
    noticing["nodes"][1]["content"]["outputs"].append({"id": "o4", "name": "s", "field": "checks.age.severity"})
    noticing["nodes"][1]["content"]["rules"][0]["o4"] = "'notice'"
    assert evaluate(noticing, facts(1)).passed


@pytest.mark.parametrize(
    ("cell", "value"),
    [("i1", ">= 80 ("), ("o1", "tru e +"), ("o2", "'open")],
)
def test_a_malformed_cell_is_refused_before_use(cell: str, value: str) -> None:
    rule = {"_id": "r7", "i1": "", "o1": "true", "o2": "''", "o3": "0"} | {cell: value}
    with pytest.raises(EligibilityError, match="r7"):
        check_table(table(rule))


def test_a_table_without_end_or_with_a_script_is_refused() -> None:
    with pytest.raises(EligibilityError):
        check_table({**AGE_TABLE, "nodes": AGE_TABLE["nodes"][:-1]})
    script = {"id": "f", "name": "f", "type": "functionNode", "content": {"source": "export const handler = () => 1"}}
    with pytest.raises(EligibilityError, match="scripts are not allowed"):
        check_table({**AGE_TABLE, "nodes": [*AGE_TABLE["nodes"], script]})


def test_facts_that_do_not_fit_raise_without_a_native_stack_trace() -> None:
    year = {
        "id": "t1",
        "name": "year",
        "type": "expressionNode",
        "content": {"expressions": [{"id": "a", "key": "y", "value": "year(age)"}]},
    }
    dated = {**AGE_TABLE, "nodes": [AGE_TABLE["nodes"][0], year, AGE_TABLE["nodes"][2]]}
    with pytest.raises(EligibilityError) as caught:
        evaluate(dated, {"age": None})
    assert "backtrace" not in caught.value.text()


def parameter(key: str, value: str, division: str, start: date, end: date | None = None) -> Parameter:
    return Parameter(key=key, label=key, value=Decimal(value), division=division, valid_from=start, valid_to=end)


def spec_with(*parameters: Parameter) -> MatterSpec:
    return MatterSpec.model_validate(
        {
            "code": "XX01", "name": "x", "short": "x", "line": "XX", "item_type": "20", "handle_kind": "promised",
            "accept_level": ["community"], "decide_level": ["county"], "statutory": {"amount": 5}, "promised": {"amount": 5},
            "fee": {"charged": False}, "parameters": [entry.model_dump() for entry in parameters],
        }
    )  # fmt: skip


def test_parameters_follow_the_day_and_the_nearest_division() -> None:
    spec = spec_with(
        parameter("s", "800", "", date(2020, 1, 1)),
        parameter("s", "1000", "360500000000", date(2020, 1, 1), date(2026, 6, 30)),
        parameter("s", "1060", "360500000000", date(2026, 7, 1)),
        parameter("s", "900", "360521000000", date(2026, 1, 1)),
    )
    assert spec.parameters_on(date(2026, 6, 30), "360502001001") == {"s": Decimal(1000)}
    assert spec.parameters_on(date(2026, 7, 1), "360502001001") == {"s": Decimal(1060)}
    assert spec.parameters_on(date(2026, 7, 1), "360521100200") == {"s": Decimal(900)}
    assert spec.parameters_on(date(2026, 7, 1), "110101001001") == {"s": Decimal(800)}
    assert spec.parameters_on(date(2019, 7, 1), "360502001001") == {}


def test_a_town_code_does_not_match_its_neighbours() -> None:
    spec = spec_with(parameter("s", "1", "360502100000", date(2020, 1, 1)))
    assert spec.parameters_on(date(2026, 1, 1), "360502101001") == {}
    assert spec.parameters_on(date(2026, 1, 1), "360502100201") == {"s": Decimal(1)}


def test_two_values_on_one_day_are_refused() -> None:
    spec = spec_with(parameter("s", "1", "", date(2020, 1, 1)), parameter("s", "2", "", date(2021, 1, 1)))
    with pytest.raises(ValueError, match="two values"):
        spec.parameters_on(date(2026, 1, 1), "360502001001")


def test_terms_of_different_units_compare_in_calendar_days() -> None:
    assert [Term(amount=5).calendar_days_at_most(), Term(amount=60, unit="N").calendar_days_at_most()] == [7, 60]
    assert [Term(amount=1, unit="M").calendar_days_at_most(), Term(amount=24, unit="H").calendar_days_at_most()] == [31, 1]
