"""Our scoring and Splink's are one model: levels and weights agree on 1,000 pairs."""

from __future__ import annotations

import itertools
from dataclasses import replace

import duckdb
import pytest

from linli.registry.matching.engine.comparisons import COMPARISONS
from linli.registry.matching.engine.errors import Rates
from linli.registry.matching.engine.features import features
from linli.registry.matching.engine.linking import link, predictions, with_levels
from linli.registry.matching.engine.memory import connect, load
from linli.registry.matching.engine.model import Model, score
from linli.registry.matching.engine.sample import Land, Truth, offices, residents
from linli.registry.matching.types import Band, Record

PAIRS = 1_000
DIRTY = Rates(
    homophone=0.2, look_alike=0.15, other_character=0.1, reordered=0.1, shortened=0.1, birth_digit=0.1, birth_transposed=0.1, old_number=0.2
)
LATIN = [
    Record("l1", "John Smith", "1", None, "", "", "12 High Street Springfield 2600"),
    Record("l2", "Jon Smith", "1", None, "7384920", "", "12 high street springfield 2600"),
    Record("l3", "Smith John Paul", "1", None, "7384921", "", "7 Low Road Shelbyville 9999"),
    Record("l4", "阿卜杜拉·艾山", "1", None, "", "", "幸福花园"),
    Record("l5", "阿卜杜拉", "", None, "", "", ""),
]


@pytest.fixture(scope="module")
def dirty(land: Land) -> Truth:
    people = list(residents(land, 11, 1_500))
    return offices(land, 11, people, [(0.9, DIRTY), (0.9, replace(DIRTY, no_number=0.4, moved=0.5))])


def test_splink_and_we_agree_on_a_thousand_pairs(model: Model, dirty: Truth) -> None:
    known = {record.key: record for record in [*dirty.records, *LATIN]}
    with connect() as connection:
        load(connection, "records", map(features, known.values()), model.names)
        table = predictions(model, connection, ["records"], -1000)
        rows = connection.execute(f"SELECT key_l, key_r, match_weight, match_probability FROM {table} ORDER BY key_l, key_r").fetchall()
    assert len(rows) >= PAIRS
    step = len(rows) // PAIRS
    for left, right, weight, chance in rows[::step]:
        found = score(model, known[left], known[right])
        assert found.weight == pytest.approx(weight, abs=1e-6), (known[left], known[right], found)
        assert found.probability == pytest.approx(chance, abs=1e-6)


def test_every_level_is_the_same_in_sql_and_python(model: Model, dirty: Truth) -> None:
    """On pairs no blocking chose, so that all the rare levels and the missing values come up."""
    some = [*dirty.records[:45], *LATIN]
    with connect() as connection:
        load(connection, "records", map(features, some), model.names)
        every = "SELECT l.key AS key_l, r.key AS key_r, 0.0 AS match_weight FROM records l JOIN records r ON l.key < r.key"
        rows = connection.execute(with_levels(every, ["records"])).fetchall()
    known = {record.key: features(record) for record in some}
    assert len(rows) == len(list(itertools.combinations(some, 2))) >= PAIRS
    for left, right, _, *levels in rows:
        assert levels == [comparison.level(known[left], known[right]) for comparison in COMPARISONS], (left, right)


def test_two_files_are_linked_to_each_other_only(model: Model, wang: Record) -> None:
    register = [wang, replace(wang, key="again")]
    found = link(model, register, [replace(wang, key="new", phone="", address="")])
    assert {(pair.left, pair.right, pair.band) for pair in found.pairs} == {("again", "new", Band.AUTO), ("new", "wang", Band.AUTO)}
    assert found.clusters.person("wang") == found.clusters.person("new")


def test_a_shared_number_is_reported_however_little_the_rest_weighs(model: Model, wang: Record) -> None:
    other = Record("b", "李红梅", "2", None, wang.id_number, "15400000009", "幸福花园1幢1单元101室")
    found = link(model, [wang, other])
    assert [(pair.band, pair.left, pair.right) for pair in found.pairs] == [(Band.REVIEW, "b", "wang")]
    assert not found.clusters.of and len(found.clusters.review) == 1


def test_nothing_is_written_to_disk() -> None:
    with connect(memory="60MB", threads=1) as connection:
        assert connection.execute("SELECT current_setting('temp_directory')").fetchone() == ("",)
        with pytest.raises(duckdb.OutOfMemoryException, match="temp_directory"):
            connection.execute(
                "CREATE TABLE t AS SELECT range AS n, repeat(range::VARCHAR, 20) AS s FROM range(3000000) ORDER BY hash(range)"
            )


def test_an_empty_file_links_nobody(model: Model) -> None:
    assert link(model, []).pairs == ()
