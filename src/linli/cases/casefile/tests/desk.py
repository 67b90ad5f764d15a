"""Staff at the desk for tests: a small city, clients signed in through the real middleware, cases in the states tests need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.tests.factories import OLD_AGE_ANSWERS, City, citizen, resident, small_city
from linli.cases.catalogue.queries import current_definition
from linli.foundation.access.queries import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.remembered import forget_all
from linli.registry.people.models import Person

BACKEND = "linli.foundation.accounts.queries.SessionBackend"
FULL_ANSWERS: dict[str, Any] = {
    **OLD_AGE_ANSWERS,
    "hukou_address": "Beihu 1",
    "live_address": "Beihu 1",
    "bank_name": "Bank",
    "account_owner": "Wang Xiulan",
    "truth": True,
    "signature": "Wang Xiulan",
}


@pytest.fixture
def city(tmp_path: Path, settings: Any) -> Iterator[City]:
    """The city, English sentences, and a front end that needs no Node."""
    chunks = {name: {"file": f"assets/{name}.js", "isEntry": True} for name in ("src/desk.ts", "src/portal.ts", "src/print.ts")}
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({**chunks, "sprite.svg": {"file": "assets/sprite.svg"}}), encoding="utf-8")
    settings.FRONTEND_MANIFEST = manifest
    settings.LANGUAGE_CODE = "en"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with translation.override("en"):
        yield small_city()


def client_of(city: City, name: str) -> Client:
    """A browser in which this member of staff is signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(city.users[name], backend=BACKEND)
    return client


def grant(city: City, role: str, *permissions: str) -> None:
    """Add permissions to a role of the test city."""
    from linli.foundation.access.models import Role

    row = Role.objects.get(code=role)
    row.permissions = [*row.permissions, *permissions]
    row.save()
    forget_all()


def handed_in(city: City, *, person: Person | None = None, answers: dict[str, Any] | None = None, code: str = "MZ06") -> tuple[Actor, Case]:
    """A case from the portal, not accepted yet."""
    who = person or resident(city)
    actor = actor_of(citizen(who, phone=f"139{uuid4().int % 10**8:08d}"))
    done = actions.submit_case(
        actor,
        version_id=current_definition(code).version_id,
        answers=answers or FULL_ANSWERS,
        submission_key=uuid4().hex,
        applicant=actions.Applicant(
            name=who.name, region_id=who.region_id, party_id=who.id, id_number="360599194503070023", phone="13800000001"
        ),
    )
    return actor, done.case


def open_task(case: Case) -> Task:
    with scoped(system_actor("test")):
        return Task.objects.get(case=case, state="open")


def fresh(case: Case) -> Case:
    with scoped(system_actor("test")):
        return Case.objects.get(pk=case.pk)
