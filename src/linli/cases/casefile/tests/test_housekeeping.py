"""What nobody needs goes at night, what somebody needs stays, and a second night finds nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from linli.cases.casefile.actions.drafts import remove_old_drafts
from linli.cases.casefile.models import Draft
from linli.cases.casefile.tests.factories import City, citizen, small_city
from linli.cases.catalogue.queries import current_definition
from linli.channels.api.actions.replies import claim_reply, remove_old_replies
from linli.channels.api.models import ApiClient, ApiReply
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.actions.tidying import tidy
from linli.foundation.accounts.models import Attempt, Mandate, SignInCode, User
from linli.foundation.files.actions import remove_untaken, store
from linli.foundation.files.engine import path_of
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
NOW = timezone.now()
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def city() -> City:
    return small_city()


def upload(actor: Actor) -> UUID:
    return store(actor, upload=BytesIO(PDF), name="a.pdf").pk


def age(days: int) -> None:
    with scoped(SYSTEM):
        StoredFile.objects.update(created_at=NOW - timedelta(days=days))
        Draft.objects.update(updated_at=NOW - timedelta(days=days))


def test_uploads_no_case_took_go_but_not_those_a_draft_or_mandate_rests_on(city: City) -> None:
    user: User = citizen(None, assurance=0)
    actor = actor_of(user)
    lost, drafted, proof = upload(actor), upload(actor), upload(actor)
    today = timezone.localdate()
    with scoped(SYSTEM):
        data = json.dumps({"answers": {"photo": [str(drafted)]}})
        Draft(user_id=user.pk, matter_code="MZ06", version_id=current_definition("MZ06").version_id, data=data).save(force_insert=True)
        Mandate(
            grantor_id=uuid4(),
            grantor_name="a",
            grantee_id=uuid4(),
            grantee_name="b",
            region_path="00001",
            kind="guardian",
            since=today,
            until=today,
            evidence_file=proof,
        ).save(force_insert=True)
    age(29)
    assert remove_untaken(SYSTEM, now=NOW) == 0
    age(31)
    assert remove_untaken(SYSTEM, now=NOW) == 1 and remove_untaken(SYSTEM, now=NOW) == 0
    assert not path_of(lost).exists() and path_of(drafted).exists() and path_of(proof).exists()
    assert remove_old_drafts(SYSTEM, now=NOW) == 1
    assert remove_untaken(SYSTEM, now=NOW) == 1
    with scoped(SYSTEM):
        assert set(StoredFile.objects.values_list("pk", flat=True)) == {proof}


def test_old_codes_tries_and_sessions_go() -> None:
    old, new = NOW - timedelta(days=3), NOW - timedelta(hours=2)
    for at in (old, new):
        SignInCode.objects.create(phone_index=b"x" * 16, purpose="sign_in", digest=b"y" * 32, sent_at=at, expires_at=at)
        Attempt.objects.create(kind="password", key="k", at=at)
        Session.objects.create(session_key=uuid4().hex, session_data="x", expire_date=at)
    Session.objects.create(session_key=uuid4().hex, session_data="x", expire_date=NOW + timedelta(hours=1))
    assert issubclass(import_module(settings.SESSION_ENGINE).SessionStore, db.SessionStore)
    assert tidy(SYSTEM, now=NOW) == {"codes": 1, "attempts": 1, "challenges": 0}
    assert tidy(SYSTEM, now=NOW) == {"codes": 0, "attempts": 0, "challenges": 0}
    assert Session.objects.count() == 1 and SignInCode.objects.get().sent_at == new


def test_old_replies_to_programs_go() -> None:
    with scoped(SYSTEM):
        client = ApiClient(name="bureau", client_id="c", user=citizen(None, assurance=0), secret="!")
        client.save(force_insert=True)
    for key, days in (("old", 31), ("new", 1)):
        assert claim_reply(client.pk, key, b"d" * 32) is None
        with scoped(SYSTEM):
            ApiReply.objects.filter(key=key).update(at=NOW - timedelta(days=days))
    assert remove_old_replies(SYSTEM, now=NOW) == 1
    with scoped(SYSTEM):
        assert ApiReply.objects.get().key == "new"


def test_every_job_of_the_night_is_on_the_timetable() -> None:
    planned = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert {
        "casefile.follow_days", "casefile.remove_old_drafts", "files.remove_untaken", "accounts.tidy", "accounts.begin_absences", "api.remove_old_replies",
        "topics.remove_old_jobs",
    } <= planned  # fmt: skip
