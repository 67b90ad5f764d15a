"""Packs: loading twice changes nothing, a check leaves nothing behind, errors name file and line, an export loads again."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linli.foundation.access.models import Role
from linli.foundation.calendar.models import CalendarYear, DayException
from linli.foundation.regions.models import Region
from linli.foundation.units.models import Post, Unit

pytestmark = pytest.mark.django_db

PARTS = {"regions", "units", "roles", "calendar"}


def run(*words: str) -> list[dict[str, object]]:
    out = StringIO()
    call_command("packs", *words, "--json", stdout=out)
    return [line for line in map(json.loads, out.getvalue().splitlines()) if line["part"] in PARTS]


def snapshot() -> list[object]:
    return [
        list(Region.objects.order_by("code").values_list("code", "name", "path", "parent_id")),
        list(Unit.objects.order_by("code").values_list("code", "line", "region_path", "parent_id")),
        list(CalendarYear.objects.order_by("year").values_list("year", "version")),
        Role.objects.count(),
        Post.objects.count(),
    ]


def test_loading_twice_changes_nothing() -> None:
    first = run("load")
    assert {line["part"] for line in first} == PARTS
    assert sum(int(str(line["added"])) for line in first) > 2000
    before = snapshot()
    second = run("load")
    assert [(line["added"], line["changed"]) for line in second] == [(0, 0)] * len(second)
    assert snapshot() == before
    assert Region.objects.get(level="city").path == "00001"
    assert set(Region.objects.filter(level="community").values_list("path", flat=True)) and all(
        len(path) == 20 for path in Region.objects.filter(level="community").values_list("path", flat=True)
    )


def test_a_check_leaves_nothing_behind() -> None:
    assert run("check")
    assert not Region.objects.exists()
    assert not DayException.objects.exists()


def write_pack(tmp_path: Path, settings: object, **files: str) -> None:
    for name, text in files.items():
        path = tmp_path / "small" / name.replace("__", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings.PACKS_DIR, settings.PACKS = tmp_path, ["small"]  # type: ignore[attr-defined]


HEAD = "code,name,level,kind,parent_code,urban,valid_from\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("360502000000,A,county,x,999999000000,,\n", "regions.csv line 3: parent '999999000000' is unknown"),
        ("36050,A,county,x,360500000000,,\n", "regions.csv line 3: A division code"),
        ("360502000000,A,planet,x,360500000000,,\n", "regions.csv line 3: unknown level 'planet'"),
        ("360502000000,A,county\n", "regions.csv line 3: another number of columns"),
        ("360502000000,A,county,x,360500000000,,yesterday\n", "regions.csv line 3: valid_from is not a date"),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, settings: object, line: str, problem: str) -> None:
    write_pack(tmp_path, settings, regions__csv=HEAD + "360500000000,City,city,x,,,\n" + line)
    with pytest.raises(CommandError) as caught:
        run("load")
    assert problem in str(caught.value)
    assert not Region.objects.exists()


def test_a_business_role_may_not_administer(tmp_path: Path, settings: object) -> None:
    write_pack(tmp_path, settings, roles__yaml="roles:\n- {code: a, name: A, permissions: [admin.roles, cases.view]}\n")
    with pytest.raises(CommandError, match="business role a"):
        run("load")


def test_an_export_can_be_loaded_again(tmp_path: Path, settings: object) -> None:
    run("load")
    call_command("packs", "export", str(tmp_path / "small"), stdout=StringIO())
    settings.PACKS_DIR, settings.PACKS = tmp_path, ["small"]  # type: ignore[attr-defined]
    again = [line for line in run("load") if line["part"] != "units"]
    assert [(line["part"], line["added"], line["changed"]) for line in again] == [(part, 0, 0) for part in ("regions", "roles", "calendar")]
    assert [line["added"] for line in run("load")] == [0] * 4
