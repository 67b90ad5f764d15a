"""Training without labels, and linking records whose mistakes the model was not trained on."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linli.registry.matching.engine.errors import Rates
from linli.registry.matching.engine.linking import link
from linli.registry.matching.engine.model import Model
from linli.registry.matching.engine.recipe import trained
from linli.registry.matching.engine.sample import Land, Truth, offices, residents
from linli.registry.matching.engine.truth import HEADER, evaluate

STRANGE = (
    (0.8, Rates(homophone=0.05, look_alike=0.03, no_number=0.2, number_digit=0.02, birth_digit=0.03, no_phone=0.4, moved=0.05)),
    (0.6, Rates(homophone=0.01, other_character=0.004, no_number=0.25, old_number=0.0, no_birth=0.02, no_phone=0.1, other_phone=0.35)),
    (0.5, Rates(reordered=0.02, shortened=0.01, no_number=0.02, no_address=0.6, no_sex=0.3, birth_transposed=0.03, no_phone=0.6)),
)
"""Mistakes that `engine.recipe` does not make in these shares."""


@pytest.fixture(scope="module")
def strange(land: Land) -> Truth:
    return offices(land, 77, list(residents(land, 77, 6_000)), STRANGE)


def test_records_with_other_mistakes_are_linked(model: Model, strange: Truth) -> None:
    found = evaluate(strange, link(model.for_size(len(strange.records)), strange.records).clusters)
    assert found.precision >= 0.99
    assert found.recall >= 0.95
    assert found.review_share <= 0.02


def test_training_without_labels_finds_weights_that_work(land: Land, strange: Truth) -> None:
    own = trained(land, seed=5, people=4_000, u_pairs=1e6)
    found = evaluate(strange, link(own.for_size(len(strange.records)), strange.records).clusters)
    assert found.precision >= 0.985 and found.recall >= 0.93


def test_the_command_scores_a_labelled_file(strange: Truth, tmp_path: Path) -> None:
    file = tmp_path / "truth.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(HEADER)
        for record in strange.records[:3_000]:
            source, birth = record.key.split("-")[0], record.birth_date.strftime("%Y/%m/%d") if record.birth_date else ""
            sex = {"1": "男", "2": "女"}.get(record.sex, "")
            own = (record.name, sex, birth, record.id_number, record.phone, record.address, strange.person[record.key])
            rows.writerow((source, record.key, *own))
    out_text = StringIO()
    call_command("registry", "score", "--truth", str(file), stdout=out_text)
    lines = [json.loads(line) for line in out_text.getvalue().splitlines()]
    assert [line["name"] for line in lines] == ["match_precision", "match_recall", "review_share"]
    assert all(line["ok"] and line["records"] == 3_000 for line in lines)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "truth.csv"
    file.write_text("name,person\n王伟,1\n", encoding="utf-8")
    with pytest.raises(CommandError, match="no column source, external_id"):
        call_command("registry", "score", "--truth", str(file))
