"""The list of systems on the desk, and the key that signs."""

from __future__ import annotations

import re
import stat
import threading
from pathlib import Path

import pytest
from django.test import Client

from linli.foundation.access.views import middleware
from linli.foundation.accounts.tests.conftest import actor_for, make_staff
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.signon import actions
from linli.foundation.signon.engine import load_key
from linli.foundation.signon.models import System
from linli.foundation.signon.tests.conftest import OPERATOR, at_home
from linli.foundation.types import RegionRange, system_actor
from linli.lib.crypto import KeyRing
from linli.lib.errors import Invalid, NotFound, Refused

FORM = {
    "name": "协同办公系统",
    "audience": "staff",
    "redirect_uris": "https://oa.example/back\nhttps://oa.example/two",
    "scopes": ["profile"],
}


@pytest.fixture
def administrator(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    user = make_staff("admin")
    actor = actor_for(user, "admin.accounts")
    monkeypatch.setattr(middleware, "actor_of", lambda found, **request: actor)
    return at_home(user)


def test_the_administrator_adds_a_system_and_sees_its_secret_once(administrator: Client) -> None:
    page = administrator.post("/desk/admin/systems/new/", FORM).content.decode()
    secret = re.search(r"client_secret <code>([^<]{43})</code>", page)
    assert secret is not None
    with scoped(system_actor("test")):
        system = System.objects.get()
        entry = AuditEntry.objects.get(action="signon.system_added")
    assert system.redirect_uris == ["https://oa.example/back", "https://oa.example/two"] and system.scopes == ["openid", "profile"]
    assert secret[1] not in administrator.get("/desk/admin/systems/").content.decode()
    assert secret[1].encode() not in bytes(system.secret) and secret[1] not in str(entry.changes)
    renewed = administrator.post(f"/desk/admin/systems/{system.pk}/secret/").content.decode()
    assert "client_secret <code>" in renewed and secret[1] not in renewed
    assert administrator.post(f"/desk/admin/systems/{system.pk}/disable/").status_code == 303
    assert administrator.post(f"/desk/admin/systems/{system.pk}/disable/").status_code == 403
    assert "client_secret" not in administrator.get("/desk/admin/systems/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://oa.example/",
        "https://oa.example/#x",
        "https://*.example/",
        "ftp://oa.example",
        "oa.example",
        "https://u:p@oa.example/",
        "https://",
    ],
)
def test_an_address_that_could_be_anybodys_is_refused_beside_its_field(administrator: Client, address: str) -> None:
    page = administrator.post("/desk/admin/systems/new/", {**FORM, "redirect_uris": address})
    assert page.status_code == 422 and b'aria-invalid="true"' in page.content
    with scoped(system_actor("test")):
        assert not System.objects.exists()


@pytest.mark.django_db
def test_only_the_administrator_of_accounts_has_the_list() -> None:
    made = actions.create_system(OPERATOR, name="系统", audience="staff", redirect_uris=["http://localhost:9000/back"], scopes=[])
    clerk = actor_for(make_staff("clerk"), "cases.view").but(ranges=(RegionRange.below("0000100001"),))
    with pytest.raises(Refused, match="NO_PERMISSION"):
        actions.disable_system(clerk, system_id=made.system.pk)
    with scoped(clerk):
        assert not System.objects.exists()
    with pytest.raises(NotFound, match="SYSTEM_UNKNOWN"):
        actions.disable_system(OPERATOR, system_id=clerk.account)
    with pytest.raises(Invalid, match="SYSTEM_SCOPE"):
        actions.create_system(OPERATOR, name="系统", audience="citizen", redirect_uris=["https://a.example/"], scopes=["unit"])
    with pytest.raises(Invalid, match="SYSTEM_SCOPE"):
        actions.create_system(OPERATOR, name="系统", audience="staff", redirect_uris=["https://a.example/"], scopes=["id_number"])


def test_the_signing_key_is_made_once_closed_to_others_and_encrypted(tmp_path: Path) -> None:
    ring, kids = KeyRing.generate(), list[str]()
    threads = [threading.Thread(target=lambda: kids.append(load_key(tmp_path / "signon", ring).kid)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (file,) = (tmp_path / "signon").iterdir()
    assert len(kids) == 3 and len(set(kids)) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and b"PRIVATE" not in file.read_bytes()
