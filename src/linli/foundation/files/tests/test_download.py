"""What browsers get: headers, the trail, links that open for one person and not for ever."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.foundation.access.views.middleware import OPENED_CASE
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.audit.models import AuditEntry
from linli.foundation.files import actions, queries
from linli.foundation.files.models import StoredFile
from linli.foundation.files.tests.conftest import DOCX, PDF, PNG, citizen
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

BACKEND = "linli.foundation.accounts.queries.SessionBackend"
pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.foundation.files.tests.site"), pytest.mark.usefixtures("bare_doors")]


def person(client: Client) -> User:
    user = User(name="王小明", kind=UserKind.CITIZEN)
    user.set_unusable_password()
    user.save(force_insert=True)
    client.force_login(user, backend=BACKEND)
    return user


def stored(owner: UUID | None, content: bytes = PDF, name: str = "证明 1.pdf", level: int = 3, case_id: UUID | None = None) -> StoredFile:
    actor = citizen().but(user_id=owner or uuid4())
    return actions.store(actor, upload=SimpleUploadedFile(name, content), name=name, level=level, case_id=case_id)


def test_a_download_has_the_right_type_and_nothing_a_browser_could_run(client: Client) -> None:
    user = person(client)
    answer = client.get(f"/files/{stored(user.pk).pk}/")
    assert b"".join(answer) == PDF and answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''%E8%AF%81")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "no-store" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    picture = client.get(f"/desk/files/{stored(user.pk, PNG, 'a.png').pk}/")
    assert picture.headers["Content-Security-Policy"].endswith("sandbox")
    word = client.get(f"/files/{stored(user.pk, DOCX, 'a.docx').pk}/")
    assert word.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/files/{stored(user.pk).pk}/?save=1").headers["Content-Disposition"].startswith("attachment")


def test_another_person_s_file_is_not_there(client: Client) -> None:
    file = stored(None)
    assert client.get(f"/files/{file.pk}/").status_code == 404
    person(client)
    for path in (f"/files/{file.pk}/", f"/desk/files/{file.pk}/", f"/files/{uuid4()}/", f"/files/{file.pk}/link/"):
        assert client.get(path).status_code == 404


def trail(file: StoredFile) -> int:
    with scoped(system_actor("test")):
        return AuditEntry.objects.filter(action="files.opened", subject_id=str(file.pk)).count()


def test_opening_something_sensitive_is_on_the_trail(client: Client) -> None:
    user = person(client)
    plain, sensitive = stored(user.pk), stored(user.pk, level=4)
    for file in (plain, sensitive):
        assert client.get(f"/files/{file.pk}/").status_code == 200
    assert (trail(plain), trail(sensitive)) == (0, 1)


def test_a_signed_link_opens_for_its_account_until_it_is_over(client: Client) -> None:
    user, file = person(client), stored(None)
    link = queries.sign_link(file.pk, seconds=60, user_id=user.pk)
    assert client.get(f"/files/{file.pk}/link/", link).status_code == 200
    over = queries.sign_link(file.pk, seconds=-1, user_id=user.pk)
    forged = [
        over,
        {**link, "until": str(int(time.time()) + 9999)},
        {**link, "until": "9" * 30},
        {**link, "until": "²"},
        {**link, "sig": ""},
        {**link, "sig": "é"},
        {**link, "for": f"user:{uuid4()}"},
        {**link, "for": ""},
    ]
    assert {client.get(f"/files/{file.pk}/link/", wrong).status_code for wrong in forged} == {404}
    assert client.get(f"/files/{stored(None).pk}/link/", link).status_code == 404, "a link is for one file"
    other = Client()
    person(other)
    assert other.get(f"/files/{file.pk}/link/", link).status_code == 404, "a link is for one person"
    assert Client().get(f"/files/{file.pk}/link/", link).status_code == 404


def test_a_link_of_a_case_opens_for_whoever_has_opened_that_case(client: Client) -> None:
    case, file = uuid4(), stored(None)
    link = queries.sign_link(file.pk, seconds=60, case_id=case)
    assert client.get(f"/files/{file.pk}/link/", link).status_code == 404
    session = client.session
    session[OPENED_CASE] = str(case)
    session.save()
    assert client.get(f"/files/{file.pk}/link/", link).status_code == 200
    with pytest.raises(ValueError, match="account or to a case"):
        queries.sign_link(file.pk, seconds=60)
