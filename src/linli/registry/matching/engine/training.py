"""The weights: rare agreements from pairs taken blindly, mistakes by expectation maximisation, both in Splink and DuckDB's memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import duckdb
from splink import Linker

from linli.registry.matching.engine.comparisons import COMPARISONS, NAME
from linli.registry.matching.engine.features import Features
from linli.registry.matching.engine.linking import linker
from linli.registry.matching.engine.memory import connect, forget_office_phones, load
from linli.registry.matching.engine.model import Chances, Model
from linli.registry.matching.engine.rarity import NameRarity, count_names
from linli.registry.matching.types import Rules

LEAST = 1e-7
"""What was never seen in training is taken to happen this often; for m and u alike, so that it says nothing."""
UNSEEN_M = 1e-4
"""Pairs of one person that show what none in training showed: at most so many."""
EM_RULES = ("l.id_number = r.id_number", "l.name = r.name and l.birth = r.birth")
"""Each leaves the comparisons it blocks on to the other. Telephone or home would not do: twins share them with the date of birth."""
MATCHES = EM_RULES
SEED = 20230630


def train(
    records: Iterable[Features],
    *,
    rules: Rules,
    made: Mapping[str, Any],
    u_pairs: float = 4e6,
    recall: float = 0.85,
    memory: str = "3GB",
    threads: int = 2,
) -> Model:
    """Learn from the features of a sample without labels. ``recall``: the share of true pairs that agree on ID number or name and birth."""
    known = list(records)
    names = count_names(one.name for one in known if one.name)
    with connect(memory=memory, threads=threads) as connection:
        load(connection, "records", known, names)
        forget_office_phones(connection, "records")
        learner = linker(None, connection, ["records"])
        learner.training.estimate_probability_two_random_records_match(list(MATCHES), recall=recall)
        learner.training.estimate_u_using_random_sampling(max_pairs=u_pairs, seed=SEED if threads == 1 else None)
        for rule in filter(partial(_finds_pairs, connection), EM_RULES):
            learner.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
        return _model(learner, known, names=names, rules=rules, made={**made, "records": len(known)})


def _finds_pairs(connection: duckdb.DuckDBPyConnection, rule: str) -> bool:
    """Files without telephones, say, have nothing to train on by telephone."""
    return connection.sql(f"FROM records l JOIN records r ON {rule} AND l.key < r.key SELECT 1 LIMIT 1").fetchall() != []


def _model(learner: Linker, known: Iterable[Features], *, names: NameRarity, rules: Rules, made: Mapping[str, Any]) -> Model:
    learned = learner.misc.save_model_to_json()
    prior = float(learned["probability_two_random_records_match"])
    levels = {}
    for comparison, found in zip(COMPARISONS, learned["comparisons"], strict=True):
        seen = {level["label_for_charts"]: level for level in found["comparison_levels"]}
        m = {name: _number(seen[name].get("m_probability")) for name in comparison.names}
        u = {name: _number(seen[name].get("u_probability")) for name in comparison.names}
        if comparison is NAME:
            u["equal"] = prior * m["equal"] + names.chance_of_namesakes(one.name for one in known if one.name)
        levels[comparison.name] = chances(prior, m, u)
    return Model(_rounded(prior), levels, names, rules, made)


def chances(prior: float, m: Mapping[str, float], taken_blindly: Mapping[str, float]) -> dict[str, Chances]:
    """m and u of each level, best level first, each adding up to 1.

    Among pairs taken blindly from a small sample some are of one person; their share is taken out of u. A level that pairs of one
    person never showed weighs no more than the next worse one.
    """
    u = {name: max((share - prior * m[name]) / (1 - prior), LEAST) for name, share in taken_blindly.items()}
    shown: dict[str, float] = {}
    worse = 0.0
    for name in reversed(list(m)):
        shown[name] = m[name] if m[name] > LEAST else max(LEAST, min(u[name] * worse, UNSEEN_M))
        worse = shown[name] / u[name]
    all_m, all_u = sum(shown.values()), sum(u.values())
    return {name: (_rounded(shown[name] / all_m), _rounded(u[name] / all_u)) for name in m}


def _number(value: object) -> float:
    """Splink says in words that a level was never observed."""
    return float(value) if isinstance(value, int | float) else 0.0


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
