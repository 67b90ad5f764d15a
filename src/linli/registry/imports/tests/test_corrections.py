"""Whose word did not win gets a note (domain/community.md 15.5): opened after the load, sent as a file, closed by what is said next."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.imports.actions.corrections import note_on
from linli.registry.imports.models import Batch
from linli.registry.imports.tests.conftest import Office
from linli.registry.imports.tests.known import number
from linli.registry.people.actions import create_person, note_corrections, overrule
from linli.registry.people.models import Person
from linli.registry.sources.models import Correction

pytestmark = pytest.mark.django_db
JOB = system_actor("imports.corrections")
ZHANG = number("1985-03-02", 11)
Write = Callable[..., Path]


def notes() -> list[tuple[str, str, str, str, str]]:
    with scoped(JOB):
        rows = Correction.objects.select_related("source", "our_source").order_by("pk")
        return [(row.source.code, row.attribute, row.theirs, row.ours, row.state) for row in rows]


def loaded(office: Office, path: Path) -> Batch:
    batch = office.load(office.bring("self", path))
    note_on(batch.pk, "")
    return batch


@pytest.fixture
def person(office: Office) -> Person:
    """The police has called him so; the community's own list has another character."""
    return create_person(office.actor, region_id=office.regions["北湖社区"].id, name="张伟", id_number=ZHANG, source="shared")


def test_the_side_that_lost_gets_a_note_and_agreeing_closes_it(office: Office, person: Person, csv_file: Write) -> None:
    batch = loaded(office, csv_file(f"张玮,{ZHANG},男,,,,北湖社区"))
    assert notes() == [("collected", "name", "张玮", "张伟", "open")]
    note_on(batch.pk, "")
    assert len(notes()) == 1, "a job that runs again opens nothing twice"
    loaded(office, csv_file(f"张伟,{ZHANG},男,,,,北湖社区"))
    assert notes() == [("collected", "name", "张玮", "张伟", "accepted")]


def test_a_note_is_rejected_where_the_register_comes_round(office: Office, person: Person, csv_file: Write) -> None:
    loaded(office, csv_file(f"张玮,{ZHANG},男,,,,北湖社区"))
    overrule(office.actor, person_id=person.pk, attribute="name", value="张玮", reason="shown the household book")
    note_corrections(JOB, person_ids=[person.pk])
    assert [row[-1] for row in notes()] == ["rejected"]


def test_where_somebody_lives_is_no_mistake(office: Office, person: Person, csv_file: Write) -> None:
    loaded(office, csv_file(f"张伟,{ZHANG},男,,新余市渝水区城南街道北湖社区北湖路1号,15400002222,北湖社区"))
    assert notes() == []


def test_the_office_gets_a_file(office: Office, person: Person, csv_file: Write, client: Client) -> None:
    loaded(office, csv_file(f"张玮,{ZHANG},男,,,,北湖社区"))
    client.force_login(office.officer)
    assert "社区采集" in client.get(reverse("imports_desk_corrections")).content.decode()
    page = client.get(reverse("imports_desk_notes", args=["collected"])).content.decode()
    assert "张玮" in page and ZHANG not in page
    answer = client.post(reverse("imports_desk_note_file", args=["collected"]))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.rows]
    assert cells[1][0] == "张伟" and cells[1][4] == "张玮" and ZHANG not in str(cells)
    assert [row[-1] for row in notes()] == ["sent"]
    assert client.get(reverse("imports_desk_notes", args=["nobody"])).status_code == 404
