"""The import pages over HTTP: bring, see, load, review, take back; and who may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.foundation.scope.actions import scoped
from linli.registry.imports import queries
from linli.registry.imports.actions import check_on, load_on, undo_on
from linli.registry.imports.models import Batch
from linli.registry.imports.tests.conftest import JOB, Office
from linli.registry.imports.tests.known import number

pytestmark = pytest.mark.django_db
LI, ZHANG = number("1990-12-31", 22), number("1985-03-02", 11)
FILE = Callable[..., Path]
HEADING = "姓名,身份证号,性别,出生日期,现住址,联系电话,社区"


@pytest.fixture
def browser(office: Office, settings: pytest.FixtureRequest) -> Client:
    client = Client()
    client.force_login(office.officer, backend="linli.foundation.accounts.queries.SessionBackend")
    return client


def bring(browser: Client, *rows: str, name: str = "名册.csv", **values: str) -> Batch:
    upload = SimpleUploadedFile(name, "\n".join((HEADING, *rows)).encode())
    response = browser.post("/desk/imports/new/", {"layout": "self", "file": upload, "as_of": "2026-11-01", "community": "", **values})
    assert response.status_code == 303, response.content.decode()[:2000]
    with scoped(JOB):
        batch = Batch.objects.latest("made_at")
    check_on(batch.pk)
    return batch


def test_a_file_walks_from_the_form_to_the_register_and_back(browser: Client, office: Office) -> None:
    assert "还没有" in browser.get("/desk/imports/").content.decode() or browser.get("/desk/imports/").status_code == 200
    batch = bring(browser, f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区", "钱七,123,男,,,,")
    page = browser.get(f"/desk/imports/{batch.pk}/").content.decode()
    assert "名册.csv" in page and f"/desk/imports/{batch.pk}/load/" in page
    assert "钱七" not in page, "rows are told by their lines"
    assert browser.get(f"/desk/imports/{batch.pk}/?verdict=refused").status_code == 200
    assert browser.post(f"/desk/imports/{batch.pk}/load/").status_code == 303
    load_on(batch.pk)
    (person,) = office.people()
    assert str(person.pk) in browser.get(f"/desk/imports/{batch.pk}/?verdict=new").content.decode()
    sheet = browser.get(f"/desk/imports/{batch.pk}/verdicts/")
    assert "attachment" in sheet["Content-Disposition"] and "李娜" in sheet.getvalue().decode("utf-8-sig")
    outlook = browser.get(f"/desk/imports/{batch.pk}/undo/").content.decode()
    assert "csrfmiddlewaretoken" in outlook
    assert browser.post(f"/desk/imports/{batch.pk}/undo/").status_code == 303
    undo_on(batch.pk)
    assert office.people() == []


def test_while_it_runs_the_page_is_told_only_what_has_moved(browser: Client, office: Office) -> None:
    batch = bring(browser, f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区")
    browser.post(f"/desk/imports/{batch.pk}/load/")
    assert browser.get(f"/desk/imports/{batch.pk}/?part=state&done=0").status_code == 204
    load_on(batch.pk)
    moved = browser.get(f"/desk/imports/{batch.pk}/?part=state&done=0")
    assert moved.status_code == 200 and b"<html" not in moved.content


def test_a_wrong_file_is_told_beside_the_field_and_nothing_typed_is_lost(browser: Client) -> None:
    wrong = SimpleUploadedFile("a.csv", b"one,two\n1,2\n")
    response = browser.post("/desk/imports/new/", {"layout": "self", "file": wrong, "as_of": "2026-11-01", "community": ""})
    page = response.content.decode()
    assert response.status_code == 422 and "姓名" in page and 'value="2026-11-01"' in page


def test_a_file_that_loads_nothing_is_told_in_red_and_cannot_be_loaded(browser: Client) -> None:
    batch = bring(browser, "钱七,123,男,,,,")
    page = browser.get(f"/desk/imports/{batch.pk}/").content.decode()
    assert "ui-tone-danger" in page and "disabled" in page


def test_a_doubtful_row_is_decided_and_leads_to_the_next(browser: Client, office: Office) -> None:
    batch = bring(browser, f"张伟,{ZHANG},男,1985-03-02,甲街1号,,北湖社区")
    browser.post(f"/desk/imports/{batch.pk}/load/")
    load_on(batch.pk)
    later = bring(
        browser, f"欧阳建国,{ZHANG},男,1985-03-02,乙街2号,15400005678,北湖社区", f"司马相如,{ZHANG},男,1960-03-02,,,北湖社区", name="b.csv"
    )
    browser.post(f"/desk/imports/{later.pk}/load/")
    load_on(later.pk)
    assert office.again(later).loaded == {"doubtful": 2}
    first = browser.get("/desk/imports/doubts/")
    assert first.status_code == 303
    page = browser.get(first["Location"]).content.decode()
    assert "欧阳建国" in page and "张伟" in page and ZHANG not in page, "numbers are masked"
    (person,) = office.people()
    nobody = browser.post(first["Location"], {"person": "nonsense", "community": ""})
    assert nobody.status_code == 422
    done = browser.post(first["Location"], {"person": str(person.pk), "community": ""})
    assert done.status_code == 303 and done["Location"] != first["Location"]
    assert office.person(person.pk).phone == "15400005678"
    browser.post(done["Location"], {"person": "new", "community": ""})
    assert len(office.people()) == 2
    assert browser.get("/desk/imports/doubts/").status_code == 200
    with scoped(office.actor):
        assert not queries.open_doubts(office.actor).exists()


def test_a_dropped_file_writes_nothing(browser: Client, office: Office) -> None:
    batch = bring(browser, f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区")
    browser.post(f"/desk/imports/{batch.pk}/drop/")
    browser.post(f"/desk/imports/{batch.pk}/load/")
    load_on(batch.pk)
    assert office.again(batch).state == "dropped" and office.people() == []
