"""The pages of account administrators and of the counter, over HTTP: entering, lists, absence, handing over, mandates."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from linli.cases.casefile.tests.factories import City, _staff, citizen, resident, small_city
from linli.cases.casefile.tests.test_days_of_applicants import accepted
from linli.cases.casefile.tests.test_life_events import claim, held_by
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import Absence, Mandate, User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.idcard import check_digit
from linli.lib.remembered import forget_all

pytestmark = pytest.mark.django_db
MOTHER, DAUGHTER = (body + check_digit(body) for body in ("36059919450307002", "36059919700307002"))
BACKEND = "linli.foundation.accounts.queries.SessionBackend"


@pytest.fixture
def city() -> City:
    built = small_city()
    Role(code="system_admin", name="system_admin", permissions=["admin.accounts"], level=1, business=False).save()
    clerk = Role.objects.get(code="clerk")
    clerk.permissions = [*clerk.permissions, "mandates.register", "accounts.raise"]
    clerk.save()
    built.users["admin"] = _staff("admin", built.units["city"], "system_admin")
    forget_all()
    return built


def signed_in(city: City, who: str) -> Client:
    browser = Client()
    browser.force_login(city.users[who], backend=BACKEND)
    return browser


def sheet(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    book, buffer = Workbook(), BytesIO()
    page = book.active
    assert page is not None
    for row in (("username", "name", "phone", "unit_code", "post", "role"), *rows):
        page.append(list(row))
    book.save(buffer)
    return SimpleUploadedFile("staff.xlsx", buffer.getvalue())


def test_a_list_is_checked_first_and_taken_over_on_a_second_word(city: City) -> None:
    admin = signed_in(city, "admin")
    wrong = admin.post("/desk/admin/accounts/list/", {"file": sheet(("x", "孙敏", "13700000002", "home", "a", "clerk"))})
    assert wrong.status_code == 422 and 'name="checked"' not in wrong.content.decode()
    good = admin.post("/desk/admin/accounts/list/", {"file": sheet(("sun.m", "孙敏", "13700000002", "home", "a", "clerk"))})
    assert good.status_code == 200 and not User.objects.filter(username="sun.m").exists()
    checked = re.search(r'name="checked" value="([^"]+)"', good.content.decode())
    assert checked is not None
    spoilt = admin.post("/desk/admin/accounts/list/", {"checked": checked[1][:-2] + "xx"})
    assert spoilt.status_code == 422 and not User.objects.filter(username="sun.m").exists()
    assert admin.post("/desk/admin/accounts/list/", {"checked": checked[1]}).status_code == 200
    assert User.objects.get(username="sun.m").must_change_password


def test_one_person_is_entered_with_a_first_password(city: City) -> None:
    admin = signed_in(city, "admin")
    values = {"username": "liu.y", "name": "刘洋", "phone": "13700000001", "unit_code": "nowhere", "post": "a", "role": "clerk"}
    refused = admin.post("/desk/admin/accounts/new/", values)
    assert refused.status_code == 422 and not User.objects.filter(username="liu.y").exists()
    page = admin.post("/desk/admin/accounts/new/", {**values, "unit_code": "home"}).content.decode()
    shown = re.search(r'class="case-number">([^<]+)<', page)
    assert shown is not None and User.objects.get(username="liu.y").check_password(shown[1])


def test_absence_moves_what_is_claimed_and_a_lock_is_lifted(city: City) -> None:
    _, case = accepted(city)
    claim(city, case, "reviewer")
    admin, away = signed_in(city, "admin"), city.users["reviewer"]
    today = timezone.localdate()
    values = {"deputy": "reviewer2", "since": today.isoformat(), "until": (today + timedelta(days=3)).isoformat()}
    assert admin.post(f"/desk/admin/accounts/{away.pk}/absence/", {**values, "deputy": "nobody"}).status_code == 422
    assert admin.post(f"/desk/admin/accounts/{away.pk}/absence/", values).status_code == 303
    assert Absence.objects.get(user=away).deputy_id == city.users["reviewer2"].pk
    assert held_by(case) == ("unit street", city.users["reviewer2"].pk)
    assert admin.post(f"/desk/admin/accounts/{city.users['reviewer2'].pk}/hand-over/", {"reason": "too much"}).status_code == 303
    assert held_by(case) == ("unit street", None)
    User.objects.filter(pk=away.pk).update(locked_until=timezone.now() + timedelta(minutes=9))
    assert admin.post(f"/desk/admin/accounts/{away.pk}/unlock/").status_code == 303
    assert User.objects.get(pk=away.pk).locked_until is None
    assert signed_in(city, "clerk").get("/desk/admin/accounts/new/").status_code in (403, 404)


def test_a_clerk_confirms_an_account_and_registers_a_mandate(city: City) -> None:
    mother = resident(city, name="王秀兰", id_number=MOTHER)
    daughter = resident(city, name="王小明", id_number=DAUGHTER, phone="13800000002")
    account, clerk = citizen(None, assurance=0, phone="13800000002"), signed_in(city, "clerk")
    card = {"name": "王小明", "id_number": DAUGHTER, "phone": "13800000002"}
    assert clerk.post("/desk/account/confirm/", {**card, "name": "王大明"}).status_code == 422
    assert clerk.post("/desk/account/confirm/", card).status_code == 303
    account.refresh_from_db()
    assert (account.assurance, account.person_id) == (2, daughter.pk)
    values = {
        "grantor_name": "王秀兰", "grantor_id_number": mother.id_number, "grantee_name": "王小明", "grantee_id_number": daughter.id_number, "kind": "family",
        "until": (timezone.localdate() + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    assert clerk.post("/desk/mandates/new/", values).status_code == 303
    assert clerk.post("/desk/mandates/new/", values).status_code == 422, "twice"
    with scoped(system_actor("test")):
        assert Mandate.objects.get(grantor_id=mother.pk).grantee_id == daughter.pk
    assert signed_in(city, "reviewer").get("/desk/mandates/new/").status_code == 403
