"""Who is who: a file with mistakes the model was not trained on, FEBRL beside Splink's own settings, and a million records in one go."""

from __future__ import annotations

import time
from datetime import date

from bench.measure import BenchError, Report
from bench.people import Doorkeeper
from linli.registry.matching import queries
from linli.registry.matching.engine.errors import Rates
from linli.registry.matching.engine.features import features
from linli.registry.matching.engine.model import Model
from linli.registry.matching.engine.sample import Truth, offices, residents
from linli.registry.matching.engine.truth import evaluate
from linli.registry.matching.types import Record

AS_OF = date(2026, 6, 30)
PEOPLE = 20_000
BATCH = 1_000_000
OFFICES = (
    (0.9, Rates(homophone=0.04, look_alike=0.02, no_number=0.08, birth_digit=0.02, no_phone=0.35, moved=0.1)),
    (0.6, Rates(homophone=0.015, reordered=0.01, no_number=0.2, no_birth=0.03, no_phone=0.1, other_phone=0.3)),
    (0.4, Rates(shortened=0.008, no_number=0.03, old_number=0.1, no_address=0.5, no_sex=0.3, birth_transposed=0.02, no_phone=0.5)),
)
FEBRL_SLACK = 0.005


def run(report: Report, keeper: Doorkeeper) -> None:
    """Splink, DuckDB and pandas are loaded where they are used: other parts of the bench measure memory."""
    model = queries.current_model()
    _accuracy(report, model)
    _febrl(report)
    _batch(report, model)


def _written(people: int, seed: int) -> Truth:
    land = queries.land(AS_OF)
    return offices(land, seed, list(residents(land, seed, people)), OFFICES)


def _accuracy(report: Report, model: Model) -> None:
    from linli.registry.matching.engine.linking import link

    truth = _written(PEOPLE, 909)
    found = evaluate(truth, link(model.for_size(len(truth.records)), truth.records).clusters)
    note = f"{found.records:,} records of three offices, other mistakes than in training; links without review only"
    report.figure("match_precision", found.precision, "", 0.99, at_least=True, note=note)
    report.figure("match_recall", found.recall, "", 0.95, at_least=True, note=note)
    report.figure("review_share", found.review_share, "", 0.02, note="decisions a record")


def _febrl(report: Report) -> None:
    from bench import febrl

    for number in (1, 2, 3, 4):
        data = febrl.read(number)
        own, theirs = febrl.ours(data), febrl.splinks(data)
        note = f"precision {own.precision:.4f}, recall {own.recall:.4f}; Splink's defaults {theirs.precision:.4f}, {theirs.recall:.4f}"
        report.figure(f"febrl{number}_f1", own.f1, "", theirs.f1 - FEBRL_SLACK, at_least=True, note=note, baseline=theirs.f1)


def _batch(report: Report, model: Model) -> None:
    """The whole way from records to people, and beside it the same Splink job on tables that are ready."""
    from linli.registry.matching.engine.linking import link

    wanted = min(BATCH, max(20_000, report.people))
    records = _written(round(wanted / 1.9), 4_004).records[:wanted]
    if len(records) < 0.95 * wanted:
        raise BenchError(f"only {len(records):,} records of {wanted:,} were made")
    sized = model.for_size(len(records))
    began = time.perf_counter()
    found = link(sized, records)
    took = time.perf_counter() - began
    bare = _bare(sized, records)
    note = f"{len(records):,} records, {len(found.pairs):,} pairs kept; beside it Splink's predict and cluster alone"
    report.figure("batch_link_s", took, "s", 180, note=note, baseline=bare)


def _bare(model: Model, records: list[Record]) -> float:
    from linli.registry.matching.engine.linking import linker
    from linli.registry.matching.engine.memory import connect, forget_office_phones, load

    with connect() as connection:
        load(connection, "records", map(features, records), model.names)
        forget_office_phones(connection, "records")
        began = time.perf_counter()
        splink = linker(model, connection, ["records"])
        predicted = splink.inference.predict(threshold_match_weight=model.rules.review, warning_mode="never")
        splink.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=model.rules.auto)
        return time.perf_counter() - began
