"""The house tests themselves find what they are there to find."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.contracts import owner
from tests.house.source import HAN, heights
from tests.house.test_templates import INLINE, SCRIPT
from tests.house.test_writes import writes

from linli.foundation.audit.engine.sealing import Leaf, first_difference
from linli.foundation.audit.types import FaultKind


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("row.save(update_fields=['x'])", True),
        ("Case.objects.create(x=1)", True),
        ("Case.objects.filter(x=1).update(x=2)", True),
        ("row.delete()", True),
        ("rows.bulk_create([])", True),
        ("cursor.execute('DELETE FROM t')", True),
        ("cursor.execute(sql)", True),
        ("cursor.execute('SELECT 1')", False),
        ("values.update(other)", False),
        ("digest.update(b'x')", False),
        ("image.save(buffer, kind='png')", False),
        ("super().save(*args)", False),
    ],
)
def test_writes_are_recognised(code: str, found: bool, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(code, encoding="utf-8")
    assert bool(writes(file)) is found


def test_inline_code_is_recognised() -> None:
    bad = ('<p style="x">', "<style>", '<a onclick="x()">', ' hx-on:click="x"', '<a href="javascript:x">')
    for line in bad:
        assert any(pattern.search(line) for pattern in INLINE.values()), line
    assert not any(pattern.search('<p class="style" data-on="x">') for pattern in INLINE.values())
    assert SCRIPT.findall('<script type="module">') == [' type="module"']


def test_han_characters_and_doors_are_recognised() -> None:
    assert HAN.search("高龄")
    assert not HAN.search("naïve, “quoted” — dash")
    assert owner("linli.cases.casefile.views.desk", {"views"}) == "linli.cases.casefile"
    assert owner("linli.cases.casefile.queries", {"views"}) is None


def test_the_order_of_apps_is_that_of_the_contracts() -> None:
    order = heights()
    assert order["linli.cases.casefile"] > order["linli.cases.workflow"] > order["linli.registry.people"] > order["linli.foundation.scope"]
    assert order["linli.foundation.audit"] == order["linli.foundation.topics"]


def test_the_first_difference_is_named() -> None:
    sealed = [Leaf(7, n, bytes([n]) * 16) for n in range(1, 5)]
    assert first_difference(1, sealed, sealed) is None
    assert first_difference(1, sealed, sealed[:3]).kind == FaultKind.REMOVED  # type: ignore[union-attr]
    assert first_difference(1, sealed[1:], sealed).kind == FaultKind.ADDED  # type: ignore[union-attr]
    swapped = [sealed[0], Leaf(7, 2, sealed[2].mac), Leaf(7, 3, sealed[1].mac), sealed[3]]
    fault = first_difference(1, sealed, swapped)
    assert fault is not None
    assert (fault.kind, fault.seq) == (FaultKind.REORDERED, 2)
