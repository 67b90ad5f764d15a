"""A death, a leaver, a duplicate benefit, a bad rating: what other registers say changes what a case shows."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Material, Task, TimelineEntry
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.casefile.tests.factories import City, citizen, resident, small_city
from linli.cases.casefile.tests.test_days_of_applicants import accepted, fresh, last_event, promise
from linli.cases.evaluation.actions import rate_case
from linli.cases.evaluation.engine import tags
from linli.cases.evaluation.models import Evaluation
from linli.cases.supervision.models import Card, Rung
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.actions import leave, move_tasks
from linli.foundation.accounts.models import Mandate, User
from linli.foundation.messages.engine import CONTACTS
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import Conflict
from linli.registry.households.models import Household, Membership
from linli.registry.people.actions import decide_claim, mark_dead, register_fact
from linli.registry.people.models import Person
from linli.registry.sources.models import Claim, Fact

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test", permissions=["people.edit", "people.write_back"])
ADMIN = Actor(ActorKind.STAFF, permissions=frozenset({"admin.accounts"}))


@pytest.fixture
def city() -> City:
    return small_city()


def die(person_id: UUID) -> None:
    mark_dead(SYSTEM, person_id=person_id, on=timezone.localdate())
    last_event("people.person_died")


def held_by(case: Case) -> tuple[str, UUID | None]:
    with scoped(SYSTEM):
        task = Task.objects.get(case=case, state="open")
    return task.unit_name, task.assignee_id


def claim(city: City, case: Case, who: str) -> None:
    with scoped(SYSTEM):
        task = Task.objects.get(case=case, state="open")
    actions.claim_task(city.actor(who), task_id=task.pk)


def test_a_death_notes_the_case_and_only_an_officer_ends_it(city: City) -> None:
    _, case = accepted(city)
    assert case.party_id is not None
    decider = city.actor("decider")
    with pytest.raises(Conflict, match="NOT_DEAD"):
        actions.terminate_case(decider, case_id=case.id, ground="death", reason="the applicant has died")
    die(case.party_id)
    assert fresh(case).state == "accepted"
    with scoped(SYSTEM):
        note = TimelineEntry.objects.get(case=case, kind="died")
        assert not note.public and note.params["day"] == timezone.localdate().isoformat()
    actions.terminate_case(decider, case_id=case.id, ground="death", reason="the applicant has died")
    assert (fresh(case).state, fresh(case).outcome) == ("terminated", "death")
    with scoped(SYSTEM):
        assert not Task.objects.filter(case=case, state="open").exists()


def test_a_death_ends_membership_and_mandates_and_leaves_benefits_to_the_community(city: City) -> None:
    person = resident(city)
    today = timezone.localdate()
    with scoped(SYSTEM):
        home = Household(number="36050200100100001", region=city.regions["home"], region_path=city.regions["home"].path)
        home.save(force_insert=True)
        Membership(household=home, person=person, relation="02", region_path=home.region_path).save(force_insert=True)
        Mandate(
            grantor_id=person.id,
            grantor_name="a",
            grantee_id=city.users["clerk"].id,
            grantee_name="b",
            region_path=person.region_path,
            kind="family",
            since=today,
            until=today + timedelta(days=9),
        ).save(force_insert=True)
    fact = register_fact(
        SYSTEM,
        subject_id=person.id,
        attribute="benefit.old_age_allowance",
        value={"amount": 100},
        source_case=None,
        effective=date(2026, 1, 1),
    )
    die(person.id)
    with scoped(SYSTEM):
        assert Membership.objects.get(person=person).until == today
        assert Mandate.objects.get(grantor_id=person.id).revoked_at is not None
        assert Fact.objects.get(pk=fact.pk).effective_to is None, "one source gives a clue, it stops nothing"
        clue = Claim.objects.get(subject_id=person.id, attribute="benefit.old_age_allowance", state="open")
    decide_claim(SYSTEM, claim_id=clue.pk, accept=True)
    with scoped(SYSTEM):
        ended = Fact.objects.get(pk=fact.pk).effective_to
        assert ended is not None and (ended + timedelta(days=1)).day == 1 and ended >= today
        assert Claim.objects.get(pk=clue.pk).state == "applied"


def test_the_register_tells_messages_where_a_person_is_reached(city: City) -> None:
    person = resident(city)
    found = CONTACTS.get("people")(person.id)
    assert found is not None and found.phone == "13800000001"
    die(person.id)
    assert CONTACTS.get("people")(person.id) is None


def test_claimed_tasks_of_a_leaver_go_to_the_successor_of_the_office_or_back(city: City) -> None:
    _, case = accepted(city)
    reviewer, colleague = city.users["reviewer"], city.users["reviewer2"]
    claim(city, case, "reviewer")
    assert move_tasks(ADMIN, from_user=reviewer.id, to_user=colleague.id, reason="on leave") == 1
    assert held_by(case) == ("unit street", colleague.id)
    assert leave(ADMIN, user_id=colleague.id, successor_id=city.users["clerk"].id) == 1, "a clerk of another office is no successor there"
    assert held_by(case) == ("unit street", None)
    assert not User.objects.get(pk=colleague.id).is_active
    with scoped(SYSTEM):
        assert TimelineEntry.objects.filter(case=case, kind="handed_over", public=False).count() == 2


def decide(city: City, case: Case) -> None:
    for who in ("reviewer", "decider"):
        with scoped(SYSTEM):
            task = Task.objects.get(case=case, state="open")
        actions.complete_task(city.actor(who), task_id=task.pk, outcome="agree", opinion="checked and right")


@pytest.mark.parametrize(("dead", "paid", "red"), [(True, False, 1), (False, True, 1), (False, False, 0)])
def test_r14_reads_the_register_at_the_decision(city: City, dead: bool, paid: bool, red: int) -> None:
    _, case = accepted(city)
    assert case.party_id is not None
    if paid:
        register_fact(
            SYSTEM, subject_id=case.party_id, attribute="benefit.old_age_allowance", value={}, source_case=None, effective=date(2026, 1, 1)
        )
    if dead:
        with scoped(SYSTEM):
            Person.objects.filter(pk=case.party_id).update(died_on=timezone.localdate())
    decide(city, case)
    with scoped(SYSTEM):
        assert Card.objects.filter(subject_id=case.id, rule="R14", colour="red").count() == red


def test_r12_hears_of_a_bad_rating(city: City) -> None:
    _, case = accepted(city)
    decide(city, case)
    with scoped(SYSTEM):
        person = Person.objects.get(pk=case.party_id or case.pk)
    owner = actor_of(User.objects.get(person_id=person.pk))
    rate_case(owner, case_id=case.id, score=1, tag_codes=_tags(case))
    with scoped(SYSTEM):
        rating = Evaluation.objects.get(case_id=case.id)
        assert Rung.objects.filter(clock__subject_id=rating.id, rule="R12", claimed_at=None).exists()


def _tags(case: Case) -> list[str]:
    return [tag.code for tag in tags(definition_for(case).spec.evaluation_tags)][:1]


def test_a_stranger_account_finds_no_case_by_its_number(city: City) -> None:
    owner, case = accepted(city)
    browser = Client()
    browser.force_login(User.objects.get(pk=owner.account), backend="linli.foundation.accounts.queries.SessionBackend")
    for end, page in (("", ""), ("correct/", "correct/"), ("paper/", "paper/")):
        answer = browser.get(f"/my/cases/number/{case.number}/{end}")
        assert answer.status_code == 302 and answer["Location"] == f"/my/cases/{case.id}/{page}"
    stranger = Client()
    stranger.force_login(citizen(None, assurance=0, phone="13900000008"), backend="linli.foundation.accounts.queries.SessionBackend")
    assert stranger.get(f"/my/cases/number/{case.number}/").status_code == 404


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="linli.foundation.accounts.queries.SessionBackend")
    return browser


def test_the_case_page_leads_to_extension_and_termination_for_who_decides(city: City) -> None:
    _, case = accepted(city)
    decider, clerk = signed_in(city.users["decider"]), signed_in(city.users["clerk"])
    page = f"/desk/cases/{case.id}/"
    assert f"{page}extend/" in decider.get(page).content.decode() and f"{page}extend/" not in clerk.get(page).content.decode()
    assert clerk.get(f"{page}extend/").status_code == 403
    assert decider.post(f"{page}extend/", {"days": "99", "reason": "the proof is late"}).status_code == 422
    assert decider.post(f"{page}extend/", {"days": "5", "reason": "the proof is late"}).status_code == 303
    assert f"{page}extend/" not in decider.get(page).content.decode()
    assert decider.post(f"{page}terminate/", {"ground": "death", "reason": "has died in May"}).status_code == 409
    assert decider.post(f"{page}terminate/", {"ground": "subject_gone", "reason": "moved to another city"}).status_code == 303
    assert fresh(case).outcome == "subject_gone"


def test_promised_papers_are_handed_in_at_home_or_at_the_counter(city: City) -> None:
    owner, case = accepted(city)
    promise(case, timezone.localdate() + timedelta(days=5))
    home, clerk = signed_in(User.objects.get(pk=owner.account)), signed_in(city.users["clerk"])
    assert f"/my/cases/{case.id}/paper/" in home.get(f"/my/cases/{case.id}/").content.decode()
    picture = SimpleUploadedFile("p.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    assert home.post(f"/my/cases/{case.id}/paper/", {"key": "proof"}).status_code == 422
    assert home.post(f"/my/cases/{case.id}/paper/", {"key": "proof", "file": picture}).status_code == 302
    with scoped(SYSTEM):
        row = Material.objects.get(case=case, key="proof")
        assert row.state == "given" and row.file is not None and row.file.case_id == case.id
    promise(case, timezone.localdate() + timedelta(days=5))
    assert f"/desk/cases/{case.id}/paper/" in clerk.get(f"/desk/cases/{case.id}/").content.decode()
    assert clerk.post(f"/desk/cases/{case.id}/paper/", {"key": "proof"}).status_code == 303
