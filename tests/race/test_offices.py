"""Buttons outside cases: publishing a matter, appointing to a post, codes and mandates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, citizen, resident
from linli.cases.casefile.tests.visitors import DAUGHTER, MOTHER
from linli.cases.catalogue.actions import editing, publishing
from linli.cases.catalogue.models import MatterVersion
from linli.foundation.access.actions import appointments
from linli.foundation.access.models import Appointment
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts import policy
from linli.foundation.accounts.actions import codes, holdings, mandates
from linli.foundation.accounts.engine import CODE_SENDERS
from linli.foundation.accounts.models import Mandate, PostHolding, SignInCode, User
from linli.foundation.accounts.types import SignIn
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS, Actor
from linli.lib.errors import Conflict, Invalid, NotFound
from linli.registry.people.models import Person

TURNS = pytest.mark.parametrize("turns", [True, False], ids=["lock", "no lock"])
"""Locks by name (pg_advisory_xact_lock), which `locked` does not take away."""
PHONE, CODE = "13900000009", 123456
OUTSIDE = ANONYMOUS.but(address="192.0.2.7", request_id="r1")


def test_two_publish_the_same_draft(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    head, other, race = city.actor("head"), city.actor("head2"), Overtaking()
    digest = editing.open_draft(head, code="MZ06").digest
    race.at(monkeypatch, publishing, "gaps_of")
    results = at_once(
        lambda: publishing.publish_draft(head, code="MZ06", digest=digest),
        race.second(lambda: publishing.publish_draft(other, code="MZ06", digest=digest)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock one draft is published twice, under two numbers"
        return
    assert len(succeeded(results)) == 1
    assert any(isinstance(r, NotFound) for r in results)  # there is no draft any more
    with scoped(WATCH):
        assert MatterVersion.objects.filter(matter__code="MZ06", state="published").count() == 1


def _asked(city: City, who: User, role: str) -> Appointment:
    """What the system administrator has asked for: a post like the one somebody has."""
    post = PostHolding.objects.get(user=city.users[role]).post
    asked = Appointment(user=who, post=post, since=timezone.localdate(), asked_by=city.users["system_admin"], reason="She knows the work.")
    asked.save(force_insert=True)
    return asked


def _newcomer() -> User:
    user = User(username="newcomer", name="陈工", kind="staff", password="!")
    user.save()
    return user


def _roles_of(user: User) -> list[str]:
    return sorted(PostHolding.objects.filter(user=user).values_list("post__role_code", flat=True))


def test_two_administrators_grant_the_same_appointment(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    newcomer, race = _newcomer(), Overtaking()
    asked = _asked(city, newcomer, "reviewer")
    race.at(monkeypatch, appointments, "_require_open")
    results = at_once(
        lambda: appointments.decide_appointment(city.actor("security_admin"), appointment_id=asked.id, grant=False, remark="Too new."),
        race.second(lambda: appointments.decide_appointment(city.actor("security_admin2"), appointment_id=asked.id, grant=True)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock it is refused to one and granted to the other"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["ASKED_OVER"]
    assert _roles_of(newcomer) == []


@TURNS
def test_two_administrators_appoint_the_same_person(turns: bool, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """To posts that exclude each other."""
    newcomer, race = _newcomer(), Overtaking()
    first, second = _asked(city, newcomer, "audit_admin"), _asked(city, newcomer, "reviewer")
    if not turns:
        monkeypatch.setattr(appointments, "lock_on", lambda name: None)
    race.at(monkeypatch, appointments, "roles_clash")
    results = at_once(
        lambda: appointments.decide_appointment(city.actor("security_admin"), appointment_id=first.id, grant=True),
        race.second(lambda: appointments.decide_appointment(city.actor("security_admin2"), appointment_id=second.id, grant=True)),
    )
    if not turns:
        assert _roles_of(newcomer) == ["audit_admin", "reviewer"], "without the lock somebody audits the own work"
        return
    assert _roles_of(newcomer) == ["audit_admin"]
    assert [r.code for r in results if isinstance(r, Invalid)] == ["ROLES_APART"]


@TURNS
def test_somebody_is_appointed_while_he_becomes_a_deputy(turns: bool, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """And comes to a fifth post, one by each."""
    newcomer, race, today = _newcomer(), Overtaking(), timezone.localdate()
    for role in ("head", "caller", "supervisor"):
        post = PostHolding.objects.get(user=city.users[role]).post
        PostHolding(user=newcomer, post=post, since=today - timedelta(days=9)).save(force_insert=True)
    asked, away = _asked(city, newcomer, "decider"), city.users["reviewer"].id
    if not turns:
        monkeypatch.setattr(appointments, "lock_on", lambda name: None)
    race.at(monkeypatch, appointments, "roles_clash")
    results = at_once(
        lambda: appointments.decide_appointment(city.actor("security_admin"), appointment_id=asked.id, grant=True),
        race.second(
            lambda: holdings.set_absence(city.actor("system_admin"), user_id=away, deputy_id=newcomer.id, since=today, until=today)
        ),
    )
    if not turns:
        assert len(_roles_of(newcomer)) == 5, "without the lock nobody sees the fifth"
        return
    assert len(_roles_of(newcomer)) == 4
    assert [r.code for r in results if isinstance(r, Invalid)] == ["POSTS_TOO_MANY"]


def test_one_code_opens_one_session(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CODE_SENDERS, "_items", {"test": lambda *told: None})
    monkeypatch.setattr(codes.secrets, "randbelow", lambda most: CODE)
    codes.request_code(OUTSIDE, phone=PHONE)
    race = Overtaking()
    race.at(monkeypatch, codes, "_digest")

    def enter() -> SignIn:
        return codes.sign_in_with_code(OUTSIDE, phone=PHONE, code=str(CODE))

    opened = [r for r in succeeded(at_once(enter, race.second(enter))) if r.problem is None]
    if not locked:
        assert len(opened) == 2, "without the lock whoever reads the message over her shoulder comes in too"
        return
    assert len(opened) == 1
    assert SignInCode.objects.get().tries == 1


@pytest.fixture
def mother(city: City) -> tuple[Actor, Person, Person]:
    """A resident at her telephone, and her daughter."""
    old = resident(city, id_number=MOTHER)
    young = resident(city, name="Li Na", id_number=DAUGHTER, phone="13800000002")
    return actor_of(citizen(old)), old, young


def _grant(actor: Actor, to: Person) -> Mandate:
    until = timezone.localdate() + timedelta(days=30)
    return mandates.grant_mandate(actor, grantee_name=to.name, grantee_id_number=to.id_number, kind="family", until=until)


@TURNS
def test_a_mandate_is_given_twice(turns: bool, mother: tuple[Actor, Person, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    actor, _, daughter = mother
    race = Overtaking()
    if not turns:
        monkeypatch.setattr(mandates, "lock_on", lambda name: None)
    race.at(monkeypatch, mandates, "_check_once")
    results = at_once(lambda: _grant(actor, daughter), race.second(lambda: _grant(actor, daughter)))
    with scoped(WATCH):
        assert Mandate.objects.count() == (1 if turns else 2)
    assert [r.code for r in results if isinstance(r, Conflict)] == (["MANDATE_TWICE"] if turns else [])


def test_both_sides_end_a_mandate(city: City, mother: tuple[Actor, Person, Person], locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, _, daughter = mother
    given, race = _grant(actor, daughter), Overtaking()
    other = actor_of(citizen(daughter, name="Li Na", phone="13800000002"))
    race.at(monkeypatch, policy, "can_revoke")
    results = at_once(
        lambda: mandates.revoke_mandate(actor, mandate_id=given.id),
        race.second(lambda: mandates.revoke_mandate(other, mandate_id=given.id)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock it ends twice, and the second end overwrites when it really ended"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["MANDATE_OVER"]
