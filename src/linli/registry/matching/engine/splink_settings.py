"""The same model for Splink: its comparisons are ours as SQL, its chances those of the model file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from linli.registry.matching.engine.blocking import RULES
from linli.registry.matching.engine.comparisons import COMPARISONS, NAME, OTHER, Comparison
from linli.registry.matching.engine.model import Model
from linli.registry.matching.engine.rarity import FLOOR

LinkType = Literal["link_only", "dedupe_only"]
KEY = "key"


Written = Callable[[str], str]


def settings(model: Model | None, link_type: LinkType, *, dialect: str = "duckdb", written: Written = str) -> dict[str, Any]:
    """Splink's settings; without a model they are to be trained. ``written``: conditions as another database than DuckDB wants them."""
    return {
        "link_type": link_type,
        "unique_id_column_name": KEY,
        "probability_two_random_records_match": model.prior if model else 1e-4,
        "comparisons": [_comparison(one, model, written) for one in COMPARISONS],
        "blocking_rules_to_generate_predictions": [{"blocking_rule": written(rule), "sql_dialect": dialect} for rule in RULES],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison, model: Model | None, written: Written) -> dict[str, Any]:
    column = comparison.column
    levels: list[dict[str, Any]] = [
        {"sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL", "label_for_charts": "missing", "is_null_level": True}
    ]
    for name, condition in comparison.levels:
        levels.append({"sql_condition": written(condition.sql), "label_for_charts": name})
        if share := comparison.rarity.get(name):
            levels[-1] |= {"tf_adjustment_column": NAME.column, "tf_adjustment_weight": share, "tf_minimum_u_value": FLOOR}
    levels.append({"sql_condition": "ELSE", "label_for_charts": OTHER})
    if model is not None:
        for level in levels[1:]:
            m, u = model.levels[comparison.name][level["label_for_charts"]]
            level |= {"m_probability": m, "u_probability": u}
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def level_sql(comparison: Comparison) -> str:
    """The name of the level as an SQL expression over columns in _l and _r."""
    column = comparison.column
    cases = " ".join(f"WHEN {condition.sql} THEN '{name}'" for name, condition in comparison.levels)
    return f"CASE WHEN {column}_l IS NULL OR {column}_r IS NULL THEN '' {cases} ELSE '{OTHER}' END"
