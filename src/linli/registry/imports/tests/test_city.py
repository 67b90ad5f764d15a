"""A synthetic city has files of other offices: brought, loaded and taken back through the desk's own actions, and nobody stays who came by one."""

from __future__ import annotations

import hashlib
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from linli.foundation.actions.engine import CityContext
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.registry.bodies.actions.city import build_bodies
from linli.registry.households.actions.city import build_people
from linli.registry.households.actions.residents import build_residents
from linli.registry.households.actions.staff import build_staff
from linli.registry.imports.actions.city import build_imports
from linli.registry.imports.actions.city_bodies import build_body_files
from linli.registry.imports.models import Batch, Doubt, Part
from linli.registry.imports.queries.city import data_officer, export_imports
from linli.registry.imports.tests.conftest import JOB
from linli.registry.people.models import Person
from linli.registry.people.queries import origins_about
from linli.registry.sources.models import Entry

PEOPLE = 2_000
SUMS: set[str] = set()


def city() -> list[str]:
    """Packs, people, staff, accounts, files; what the builder said."""
    said: list[str] = []
    asked = CityContext(PEOPLE, 0, 7, timezone.localdate(), workers=1)
    call_command("packs", "load", stdout=StringIO())
    build_people(asked)
    build_staff(asked)
    build_residents(asked)
    asked.say = said.append
    build_imports(asked)
    return said


@pytest.mark.parametrize("again", [False, True])
def test_a_city_has_four_files_in_three_states_and_the_same_ones_every_time(fresh_database: str, again: bool) -> None:
    said = city()
    with scoped(JOB):
        lines = sorted(export_imports())
    SUMS.add(hashlib.sha256("\n".join(lines).encode()).hexdigest())
    assert len(SUMS) == 1
    if not again:
        waiting = check_files()
        assert said == [f"4 files of other offices, {waiting} rows to review"]
        check_pages()
        build_imports(CityContext(PEOPLE, 0, 7, timezone.localdate(), workers=1))
        with scoped(JOB):
            assert Batch.objects.count() == 4, "a city that has files gets no others"


def check_files() -> int:
    with scoped(JOB):
        assert Person.objects.count() == PEOPLE, "who was brought by a file has left again"
        files = {batch.mapping: batch for batch in Batch.objects.all()}
        assert {name: batch.state for name, batch in files.items()} == {
            "police": "loaded",
            "civil": "loaded",
            "family": "undone",
            "self": "checked",
        }
        police, civil, family, own = (files[name] for name in ("police", "civil", "family", "self"))
        assert "new" not in police.loaded and "new" not in civil.loaded
        assert police.loaded["refused"] == 2 and police.loaded["doubtful"] == 5 and police.loaded["changed"] >= 8
        assert civil.loaded["changed"] >= 4 and civil.loaded["doubtful"] >= 1
        assert family.loaded["new"] == 12 and family.kept == []
        assert own.counts["new"] == 6 and own.loaded == {}
        assert all(batch.counts == batch.loaded for batch in (police, civil)), "what was announced is what happened"
        assert police.loaded["same"] > police.loaded["changed"], "offices say mostly what is known"
        assert {state: Doubt.objects.filter(state=state).count() for state in ("same", "dropped")} == {
            "same": 2,
            "dropped": family.loaded["doubtful"],
        }
        waiting = Doubt.objects.filter(state="open")
        assert waiting.count() >= 4 and all(doubt.candidates for doubt in waiting)
        assert Entry.objects.filter(batch_id=family.pk).exclude(state="withdrawn").count() == 0
        assert {(part.batch_id, part.kind) for part in Part.objects.all()} >= {(police.pk, "check"), (police.pk, "load")}
        changed = Entry.objects.filter(batch_id=civil.pk, state="linked").values_list("subject_id", flat=True)
        said = origins_about(JOB, list(Person.objects.filter(pk__in=[pk for pk in changed if pk])))
        assert sum(origin["marital"].source == "civil" for origin in said.values() if "marital" in origin) >= 4
        names = set(AuditEntry.objects.filter(action__startswith="imports.").values_list("action", flat=True))
    assert names >= {"imports.file_brought", "imports.portion_loaded", "imports.portion_undone", "imports.doubt_decided"}
    return waiting.count()


def check_pages() -> None:
    """As the data officer sees them."""
    with scoped(JOB):
        officer = data_officer()
        files = list(Batch.objects.all())
    assert officer is not None
    client = Client()
    client.force_login(officer, backend="linli.foundation.accounts.queries.SessionBackend")
    page = client.get("/desk/imports/").content.decode()
    assert all(batch.file_name in page for batch in files)
    for batch in files:
        assert client.get(f"/desk/imports/{batch.pk}/").status_code == 200
    assert client.get("/desk/imports/doubts/").status_code == 303


def test_a_city_has_a_file_about_organisations_with_bad_rows_and_a_doubtful_one(fresh_database: str) -> None:
    asked = CityContext(PEOPLE, 0, 7, timezone.localdate(), workers=1)
    call_command("packs", "load", stdout=StringIO())
    build_people(asked)
    build_staff(asked)
    build_residents(asked)
    build_bodies(asked)
    for _ in range(2):  # a city that has one gets no other
        build_body_files(asked)
    with scoped(JOB):
        batch = Batch.objects.get(subject="bodies")
        assert batch.state == "loaded" and batch.counts == batch.loaded
        assert (batch.loaded["refused"], batch.loaded["doubtful"], batch.loaded["new"]) == (2, 1, 2)
        assert batch.loaded["changed"] >= 2
        assert Doubt.objects.filter(batch=batch, state="open").count() == 1


@pytest.mark.django_db
def test_a_city_without_a_plan_or_without_an_officer_gets_none(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    said: list[str] = []
    asked = CityContext(PEOPLE, 0, 7, date(2026, 11, 1), say=said.append)
    build_imports(asked)
    settings.PACKS = ["national"]  # type: ignore[attr-defined]
    build_imports(asked)
    with scoped(JOB):
        assert not Batch.objects.exists()
    assert said == []
