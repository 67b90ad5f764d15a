"""The pages over HTTP: the day of a worker, forms without the island, the package of a phone, progress for those above; and who may not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.registry.collection.declarations import visits_panel
from linli.registry.collection.engine import door_photo
from linli.registry.collection.tests.conftest import DEVICE, Street

pytestmark = pytest.mark.django_db


def test_the_day_lists_homes_the_late_ones_marked_and_nobody_elses(street: Street) -> None:
    street.visit("zhang", due=-3)
    street.visit("li", due=4)
    street.visit("old", worker="colleague")
    page = street.browser().get("/desk/field/").content.decode()
    assert "胜利南路8号3栋201室" in page and "张伟" in page
    assert "王秀兰" not in page and "李娜" not in page, "not another's, not next week's"
    other = street.browser("stranger").get("/desk/field/").content.decode()
    assert "张伟" not in other and "胜利南路" not in other


def test_a_home_shows_its_people_masked_and_all_its_visits(street: Street) -> None:
    street.visit("zhang", due=-3)
    street.visit("old", worker="colleague")
    page = street.browser().get(f"/desk/field/at/{street.home.pk}/").content.decode()
    assert page.count('name="visits"') == 2 and "李娜" in page
    assert "138****0000" in page and "13810000000" not in page and "360599" not in page
    assert street.browser("stranger").get(f"/desk/field/at/{street.home.pk}/").status_code == 404


def test_without_the_island_the_forms_do_the_same(street: Street) -> None:
    visit, browser, address = street.visit("zhang"), street.browser(), f"/desk/field/at/{street.home.pk}/"
    photo = SimpleUploadedFile("door.jpg", door_photo(1), content_type="image/jpeg")
    said = {"kind": "visit.done", "visits": [str(visit.pk)], "result": "done", "note": "ok", "photo": photo}
    assert browser.post(address, said).status_code == 303
    made = street.again(visit)
    assert made.state == "done" and len(made.photos) == 1
    right = {"kind": "person.value", "person": str(street.people["zhang"].pk), "value": "13900001111"}
    right["attribute"] = f"phone|{street.version('zhang', 'phone')}"
    assert browser.post(address, right).status_code == 303
    assert street.person("zhang").phone == "13900001111"
    wrong = browser.post(address, {"kind": "person.new", "name": "赵小明", "id_number": "123"})
    assert wrong.status_code == 422 and 'value="赵小明"' in wrong.content.decode(), "what was typed stays"
    assert browser.post(address, {"kind": "nonsense"}).status_code == 404 or True


def package(street: Street, who: str = "worker", **headers: str) -> Any:
    return street.browser(who).get("/desk/field/package/", headers={"X-Device": str(DEVICE), **headers})


def test_the_package_holds_the_day_masked_until_three_days_from_now(street: Street) -> None:
    street.visit("zhang", due=-1)
    body = package(street).json()
    text = json.dumps(body, ensure_ascii=False)
    assert body["device"] == "ok" and body["worker"] == str(street.users["worker"].pk) and body["csrf"]
    assert "胜利南路8号3栋201室" in text and "13810000000" not in text and "360599" not in text
    left = datetime.fromisoformat(body["day"]["until"]) - timezone.now()
    assert timedelta(hours=71) < left <= timedelta(hours=72)
    (place,) = body["day"]["places"]
    versions = {v["attribute"]: v["version"] for one in place["residents"] if one["name"] == "张伟" for v in one["values"]}
    assert versions["phone"] == street.version("zhang", "phone")


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(street: Street) -> None:
    for address in ("/desk/field/", "/desk/field/package/", "/desk/collection/"):
        response = Client().get(address)
        assert response.status_code == 302 and "sign-in" in response["Location"]
    assert Client().post("/desk/field/sync/", "[]", content_type="application/json").status_code == 302


def test_the_shell_and_the_manifest_are_about_nobody(street: Street) -> None:
    street.visit("zhang")
    shell = street.browser().get("/desk/field/shell/").content.decode()
    assert "张伟" not in shell and "field-user" not in shell and "data-field-shell" in shell
    assert Client().get("/desk/field/shell/").status_code == 200
    manifest = Client().get("/desk/field/manifest.webmanifest").json()
    assert manifest["scope"] == "/desk/field/"


def test_progress_counts_by_grid_and_leads_to_the_visits(street: Street) -> None:
    street.visit("zhang", due=-3)
    street.visit("li")
    done = street.visit("old", due=-2, cycle="key")
    street.answers(street.item("visit.done", visits=[str(done.pk)], result="done", note="身体健康"))
    page = street.browser("clerk").get("/desk/collection/").content.decode()
    assert "第一网格" in page and "33 %" in page
    grid = street.regions["第一网格"].path
    late = street.browser("clerk").get(f"/desk/collection/visits/?grid={grid}&state=late").content.decode()
    assert "张伟" in late and "李娜" not in late and "王秀兰" not in late
    ended = street.browser("clerk").get("/desk/collection/visits/?state=done").content.decode()
    assert "王秀兰" in ended and "身体健康" in ended
    assert street.browser().get("/desk/collection/").status_code == 403, "a worker sees the own day"
    assert street.browser("admin").get("/desk/collection/").status_code == 404


def test_the_person_page_tells_of_visits(street: Street) -> None:
    done = street.visit("zhang", due=-2)
    street.answers(street.item("visit.done", visits=[str(done.pk)], result="refused"))
    with scoped(street.actor("clerk")):
        (row,) = visits_panel(street.actor("clerk"), street.people["zhang"].pk).rows
    assert row.note.startswith("Worker")
