"""What happens to an account or mandate reaches the person it concerns - a changed phone the old telephone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from linli.foundation.accounts import actions
from linli.foundation.accounts.actions import mandates
from linli.foundation.accounts.models import User
from linli.foundation.accounts.queries import phone_index
from linli.foundation.accounts.types import KnownPerson, Notice
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.declarations import carry
from linli.foundation.messages.models import Message
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, system_actor

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
OLD, NEW = "13800000001", "13800000002"


@pytest.fixture
def words() -> None:
    with scoped(SYSTEM):
        load_templates(SYSTEM, folder=Path(settings.PACKS_DIR) / "national" / "messages")


def account(phone: str, person: UUID | None = None, **more: object) -> User:
    user = User(
        name="x", kind="citizen", phone=phone, phone_index=phone_index(phone), person_id=person, assurance=1 if person else 0, **more
    )
    user.set_unusable_password()
    user.save()
    return user


def sent(key: str) -> set[tuple[str, str]]:
    with scoped(SYSTEM):
        return {(m.channel, m.address) for m in Message.objects.filter(key=key)}


@pytest.mark.usefixtures("words")
def test_a_changed_phone_is_told_to_the_old_telephone(monkeypatch: pytest.MonkeyPatch) -> None:
    user = account(OLD, uuid4())
    monkeypatch.setattr("linli.foundation.accounts.actions.identity.use_code", lambda *args: None)
    me = Actor(ActorKind.CITIZEN, user_id=user.pk, party_id=user.person_id, assurance=1)
    assert actions.change_phone(me, phone=NEW, code="000000") is None
    assert sent("accounts.phone_changed") == {("inapp", ""), ("sms", OLD)}


@pytest.mark.usefixtures("words")
def test_a_locked_staff_account_gets_one_text() -> None:
    user = User(name="s", username="sam", kind="staff", phone=OLD, password="!")
    user.save()
    for _ in range(settings.ACCOUNT_LOCK_AFTER + 3):
        actions.sign_in_with_password(ANONYMOUS.but(address="192.0.2.7"), username="sam", password="wrong")
    assert sent("accounts.locked") == {("sms", OLD)}
    with scoped(SYSTEM):
        assert Message.objects.filter(key="accounts.locked").count() == 1


@pytest.mark.usefixtures("words")
def test_both_sides_hear_of_a_mandate(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = account(OLD, uuid4()), account(NEW, uuid4())
    assert one.person_id and other.person_id
    known = {pk: KnownPerson(pk, "王小明", "00001") for pk in (one.person_id, other.person_id)}
    monkeypatch.setattr(mandates, "_named", lambda *args, **kwargs: known[other.person_id])
    monkeypatch.setattr(mandates, "_known", lambda pk: known[pk])
    me = Actor(ActorKind.CITIZEN, user_id=one.pk, party_id=one.person_id, assurance=1, permissions=frozenset({"mandates.own"}))
    until = timezone.localdate() + timedelta(days=30)
    given = actions.grant_mandate(me, grantee_name="x", grantee_id_number="x", kind="family", until=until)
    assert sent("mandates.granted") == {("inapp", ""), ("sms", OLD), ("sms", NEW)}
    actions.revoke_mandate(me, mandate_id=given.pk)
    assert sent("mandates.revoked") == {("inapp", "")}
    with scoped(SYSTEM):
        assert not Message.objects.filter(body__contains="王小明").exists(), "names are masked"


def test_a_city_without_words_for_it_goes_on() -> None:
    carry(SYSTEM, Notice("mandates.granted", to_user=account(OLD).pk))
    assert sent("mandates.granted") == set()
