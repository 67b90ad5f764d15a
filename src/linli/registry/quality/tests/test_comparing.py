"""The register beside another database: the worked example, a row that was lost, the signature, bounded memory."""

from __future__ import annotations

import json
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from linli.foundation.scope.actions import scoped
from linli.lib.errors import Invalid
from linli.registry.imports.tests.conftest import csv_file
from linli.registry.quality.actions import reconciling
from linli.registry.quality.engine.buckets import SIZE, Side, Tally, compare, key_of
from linli.registry.quality.models import Comparison
from linli.registry.quality.queries.comparing import get_comparison, signed
from linli.registry.quality.tests.conftest import JOB, Register

__all__ = ["csv_file"]
FILE = Callable[..., Path]


def side(numbers: list[str], **said: str) -> Side:
    made = Side()
    for number in numbers:
        made.add(number, (said.get(number, "x"),))
    made.sort()
    return made


def numbers(count: int, start: int = 0) -> list[str]:
    return [f"36050219{n:010d}" for n in range(start, start + count)]


def test_the_worked_example_comes_out_as_printed() -> None:
    tally = Tally(10_320, 10_365, 10_298)
    assert (tally.only_ours, tally.only_theirs) == (22, 67)
    assert f"{tally.agreement:.1f}" == "99.1"
    assert tally.alarm


def test_the_worked_example_counted_out_of_two_databases() -> None:
    common = numbers(10_298)
    found = compare(ours := side(common + numbers(22, 20_000)), theirs := side(common + numbers(67, 30_000)))
    assert (ours.count, theirs.count) == (10_320, 10_365)
    assert (len(found.ours), len(found.theirs), len(found.differ)) == (22, 67, 0)
    tally = Tally(ours.count, theirs.count, ours.count - len(found.ours))
    assert (tally.common, f"{tally.agreement:.1f}") == (10_298, "99.1")


def test_one_lost_row_among_fifty_thousand_is_found_in_one_bucket() -> None:
    all_, lost = numbers(50_000), "36050219" + f"{31_337:010d}"
    tracemalloc.start()
    ours, theirs = side(all_), side([one for one in all_ if one != lost])
    found = compare(ours, theirs)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.ours == {key_of(lost)} and not found.theirs and not found.differ
    assert found.looked == 1, "only the bucket that differs is looked into"
    assert peak < 2 * 50_000 * SIZE + 12_000_000, f"{peak} bytes: 24 a person, and the list of numbers of this test"
    assert not Tally(50_000, 49_999, 49_999).alarm, "one in 50,000 is below 0.1 %"


def test_the_same_person_of_whom_both_say_different_things() -> None:
    all_ = numbers(3_000)
    found = compare(side(all_), side(all_, **{all_[7]: "y"}))
    assert (found.differ, found.ours, found.theirs) == ({key_of(all_[7])}, set(), set())


@pytest.mark.parametrize("seed", range(5))
def test_bisection_finds_what_sets_find(seed: int) -> None:
    rng = random.Random(seed)
    mine, others = rng.sample(range(4_000), 3_000), rng.sample(range(4_000), 3_000)
    names = numbers(4_000)
    found = compare(side([names[n] for n in mine]), side([names[n] for n in others]))
    assert found.ours == {key_of(names[n]) for n in set(mine) - set(others)}
    assert found.theirs == {key_of(names[n]) for n in set(others) - set(mine)}


def test_two_empty_databases_agree() -> None:
    assert Tally(0, 0, 0).agreement == 100 and not Tally(0, 0, 0).alarm


@pytest.fixture
def compared(register: Register, csv_file: FILE) -> Comparison:
    """Three people of ours; their file has two of them (one under another name) and somebody else, and a row without a number."""
    people = [register.person() for _ in range(3)]
    other = register.person("东湖社区")
    with scoped(JOB):
        other.delete()
    rows = [
        f"{people[0].name},{people[0].id_number},男,1980-05-06,北湖路1号,,北湖社区",
        f"王改名,{people[1].id_number},男,1980-05-06,北湖路1号,,北湖社区",
        f"{other.name},{other.id_number},男,1980-05-06,东湖路1号,,东湖社区",
        "无号,,男,1980-05-06,东湖路1号,,东湖社区",
    ]
    batch = register.office.bring("self", csv_file(*rows))
    row = reconciling.order_comparison(register.officer, batch_id=batch.pk, region="360500000000")
    return reconciling.compare_now(reconciling.JOB, comparison_id=row.pk)


@pytest.mark.django_db
def test_a_file_beside_the_register(compared: Comparison) -> None:
    report, lists = compared.report, json.loads(compared.lists or "")
    assert (report["ours"], report["theirs"], report["common"]) == (3, 3, 2)
    assert (report["only_ours"], report["only_theirs"], report["differ"], report["unread"]) == (1, 1, 1, 1)
    assert report["agreement"] == 50.0 and compared.alarm
    assert report["communities"] == {"360502001001": [3, 2], "360502001002": [0, 1]}
    assert [len(lists[kind]) for kind in ("ours", "theirs", "differ")] == [1, 1, 1]
    assert lists["differ"][0][4] == "name" and lists["theirs"][0][0] == "4"
    assert "360502" not in json.dumps(lists["ours"][0][2][4:]), "numbers are masked"


@pytest.mark.django_db
def test_a_report_that_was_changed_is_told_from_the_signed_one(register: Register, compared: Comparison) -> None:
    with scoped(register.officer):
        row = get_comparison(register.officer, compared.pk)
    assert signed(row)
    row.report["only_ours"] = 0
    assert not signed(row)


@pytest.mark.django_db
def test_a_comparison_is_made_once_and_a_failed_one_says_nothing(register: Register, compared: Comparison) -> None:
    again = reconciling.compare_now(reconciling.JOB, comparison_id=compared.pk)
    assert again.signature == compared.signature
    with scoped(JOB):
        Comparison.objects.filter(pk=compared.pk).update(state="running", report={}, signature="", alarm=False)
    reconciling.give_up(compared.pk, Invalid("TABLE_DAMAGED", "x"))
    with scoped(JOB):
        row = Comparison.objects.get(pk=compared.pk)
    assert (row.state, row.error, row.report) == ("failed", "TABLE_DAMAGED", {})


@pytest.mark.django_db
def test_only_a_region_of_ones_own_is_compared(register: Register, compared: Comparison) -> None:
    with pytest.raises(Invalid) as refused:
        reconciling.order_comparison(register.officer, batch_id=compared.batch_id or compared.pk, region="110000000000")
    assert refused.value.code == "REGION_UNKNOWN"
