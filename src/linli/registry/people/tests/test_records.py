"""Deaths by two sources, groups of people who need care, and what a file is opened for."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.models import EventRow
from linli.foundation.types import Actor, ActorKind
from linli.lib.errors import Conflict, Invalid, Refused
from linli.lib.uuid7 import uuid7
from linli.registry.households.models import Membership
from linli.registry.households.tests.conftest import JOB, Register, register  # noqa: F401 - fixture
from linli.registry.people import policy, queries
from linli.registry.people.actions import add_identity, end_group, enter_group, register_fact, report_death, withdraw_death_report
from linli.registry.people.models import KeyGroup, Reminder
from linli.registry.people.tasks import follow_death
from linli.registry.sources.models import Fact

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)


def held(register: Register, name: str) -> bool:  # noqa: F811
    with scoped(JOB):
        return "hold.benefits" in {f.attribute for f in Fact.objects.filter(subject_id=register.people[name].pk, effective_to=None)}


def test_one_source_suspends_and_two_make_a_death_sure(register: Register) -> None:  # noqa: F811
    keeper, wang = register.actor("keeper"), register.people["wang"].pk
    register_fact(
        JOB, subject_id=wang, attribute="benefit.old_age_allowance", value={"amount": 100}, source_case=None, effective=date(2026, 1, 1)
    )
    first = report_death(keeper, person_id=wang, on=DAY)
    assert report_death(keeper, person_id=wang, on=DAY).pk == first.pk
    assert register.person("wang").died_on is None and held(register, "wang")
    with scoped(JOB):
        assert [e.topic for e in EventRow.objects.filter(topic__startswith="people.death")] == ["people.death_reported"]
    with pytest.raises(Conflict, match="DEATH_DIFFERS"):
        report_death(keeper, person_id=wang, on=date(2026, 10, 2))
    report_death(keeper, person_id=wang, on=DAY, source="civil", document="D-1")
    assert register.person("wang").died_on == DAY
    with scoped(JOB):
        assert EventRow.objects.filter(topic="people.person_died").count() == 1
    with pytest.raises(Conflict, match="PERSON_DEAD"):
        withdraw_death_report(keeper, report_id=first.pk, reason="a mistake")


def test_a_report_that_was_wrong_is_withdrawn(register: Register) -> None:  # noqa: F811
    keeper, wang = register.actor("keeper"), register.people["wang"].pk
    report = report_death(keeper, person_id=wang, on=DAY)
    with pytest.raises(Invalid, match="REASON_MISSING"):
        withdraw_death_report(keeper, report_id=report.pk, reason=" ")
    withdraw_death_report(keeper, report_id=report.pk, reason="seen at home")
    with scoped(JOB):
        assert not Fact.objects.filter(subject_id=wang, attribute="hold.benefits", effective_to=None).exists()
    report_death(keeper, person_id=wang, on=DAY, source="family")
    assert register.person("wang").died_on is None, "the report that was withdrawn does not count"


def test_a_dead_head_leaves_a_household_whose_head_is_to_be_named(register: Register) -> None:  # noqa: F811
    from linli.registry.households.actions import end_for_death, name_head

    keeper, wang = register.actor("keeper"), register.people["wang"].pk
    report_death(keeper, person_id=wang, on=DAY)
    report_death(keeper, person_id=wang, on=DAY, source="police")
    end_for_death(JOB, person_id=wang)
    with scoped(JOB):
        assert not Membership.objects.filter(person_id=wang, until=None).exists()
        assert Reminder.objects.get(kind="head_missing", done_on=None).person_id == register.people["li"].pk
    name_head(keeper, household_id=register.households["wang"].pk, person_id=register.people["son"].pk)
    with scoped(JOB):
        assert not Reminder.objects.filter(kind="head_missing", done_on=None).exists()
    assert follow_death is not None


def seen(actor: Actor) -> set[str]:
    with scoped(actor):
        by_policy = set(KeyGroup.objects.values_list("kind__code", flat=True))
        by_filter = set(KeyGroup.objects.filter(policy.groups.visible(actor)).values_list("kind__code", flat=True))
    assert by_policy == by_filter
    return by_policy


def test_groups_are_seen_up_to_the_own_level_and_those_of_the_highest_by_the_responsible_only(register: Register) -> None:  # noqa: F811
    keeper, street, li = register.actor("keeper"), register.actor("street keeper"), register.people["li"].pk
    enter_group(keeper, person_id=li, kind="living_alone", since=DAY)
    with pytest.raises(Refused):
        enter_group(keeper, person_id=li, kind="serious_illness", since=DAY)
    enter_group(street, person_id=li, kind="serious_illness", since=DAY)
    secret = enter_group(street, person_id=li, kind="hiv", since=DAY)
    assert seen(keeper) == {"living_alone"}
    assert seen(street) == {"living_alone", "serious_illness", "hiv"}
    assert seen(register.actor("head")) == {"living_alone", "serious_illness"}
    assert seen(register.actor("other keeper")) == set()
    assert seen(JOB) == {"living_alone", "serious_illness"}, "not even a job"
    assert seen(Actor(ActorKind.CITIZEN, user_id=uuid7(), party_id=li)) == set()
    assert "HIV" not in (page := register.client("keeper").get(f"/desk/people/{li}/?tab=records").content.decode()) and "艾滋病" not in page
    assert "艾滋病" in register.client("street keeper").get(f"/desk/people/{li}/?tab=records").content.decode()
    assert "艾滋病" not in register.client("street keeper").get(f"/desk/people/{li}/?tab=timeline").content.decode()
    with scoped(JOB):
        entry = AuditEntry.objects.filter(action="people.group_entered").order_by("-seq").first()
    assert entry is not None and str(secret.kind_id) not in str(entry.changes)
    end_group(street, group_id=secret.pk, on=timezone.localdate())


def test_further_documents(register: Register) -> None:  # noqa: F811
    keeper, li, son = register.actor("keeper"), register.people["li"].pk, register.people["son"].pk
    row = add_identity(keeper, person_id=li, id_type="414", number="ea1234567", valid_to=date(2030, 1, 1))
    assert add_identity(keeper, person_id=li, id_type="414", number="EA1234567").pk == row.pk
    for person, kind, number, code in (
        (son, "414", "EA1234567", "DOCUMENT_KNOWN"),
        (li, "111", "x", "ID_TYPE"),
        (li, "516", "12", "ID_FORMAT"),
    ):
        with pytest.raises((Conflict, Invalid), match=code):
            add_identity(keeper, person_id=person, id_type=kind, number=number)
    page = register.client("keeper").get(f"/desk/people/{li}/?tab=records").content.decode()
    assert "普通护照" in page and "EA1234567" not in page
    with scoped(keeper):
        assert [p.pk for p in queries.find_people(keeper, "EA1234567")] == [li]


def test_who_does_not_work_with_residents_every_day_says_what_for(register: Register) -> None:  # noqa: F811
    li, son = register.people["li"].pk, register.people["son"].pk
    client, page = register.client("head"), f"/desk/people/{li}/"
    for address in (page, f"{page}?tab=timeline", f"{page}values/phone/"):
        answer = client.get(address)
        assert answer.status_code == 302 and answer["Location"] == f"{page}purpose/", address
    assert client.post(f"{page}purpose/", {"purpose": ""}).status_code == 422
    answer = client.post(f"{page}purpose/", {"purpose": "Check a complaint"})
    assert answer.status_code == 303 and answer["Location"] == f"{page}values/phone/"
    assert client.get(page).status_code == 200
    assert client.get(f"/desk/people/{son}/").status_code == 302, "for this person only"
    assert register.client("keeper").get(page).status_code == 200, "the clerk's daily work"
    me = Actor(ActorKind.CITIZEN, user_id=uuid7(), label="x", party_id=li)
    with scoped(me):
        looks = queries.looks_at(me, li)
    assert [(look.what, look.purpose) for look in looks] == [("people.person_opened", "Check a complaint")]
    session = client.session
    session["people_opened"] = {str(li): 0.0}
    session.save()
    assert client.get(page).status_code == 302, "half an hour later"


def test_pages_of_records(register: Register) -> None:  # noqa: F811
    client, li = register.client("street keeper"), register.people["li"].pk
    for part in ("documents/new/", "groups/new/", "death/"):
        assert client.get(f"/desk/people/{li}/{part}").status_code == 200, part
    assert client.post(f"/desk/people/{li}/death/", {"on": "2026-10-01", "source": "collected"}).status_code == 303
    assert "One office reports the death" in client.get(f"/desk/people/{li}/").content.decode()
    assert "李秀英" in client.get("/desk/people/waiting/").content.decode()
    with scoped(JOB):
        report = queries.death_reports(JOB, li)[0]
    assert client.post(f"/desk/people/{li}/death/{report.pk}/withdraw/", {"reason": "seen at home"}).status_code == 303
    assert client.post(f"/desk/people/{li}/groups/new/", {"kind": "over_eighty", "since": "2026-10-01"}).status_code == 303
    with scoped(JOB):
        group = KeyGroup.objects.get(person_id=li)
    assert client.post(f"/desk/people/{li}/groups/{group.pk}/end/", {"on": "2026-10-02"}).status_code == 303
    assert client.post(f"/desk/people/{li}/documents/new/", {"id_type": "414", "number": "EA1234567"}).status_code == 303
