"""Life events and what follows from each of them; refused with a reason beside the field; entered twice they happen once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from linli.foundation.accounts.models import Mandate
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.models import EventRow
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound
from linli.registry.households import actions
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.households.tests.conftest import JOB, Register, number
from linli.registry.people.actions import add_identity, apply_value, register_fact
from linli.registry.people.models import Identity, LifeEvent, Person, Reminder
from linli.registry.sources.models import Fact, Provenance

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def members(register: Register, household: Household) -> dict[str, str]:
    """Name -> relation of the present members."""
    with scoped(JOB):
        rows = Membership.objects.filter(household_id=household.pk, until=None).select_related("person")
        return {m.person.name: m.relation for m in rows}


def homes(person: Person) -> list[tuple[str, str | None]]:
    with scoped(JOB):
        rows = Occupancy.objects.filter(person_id=person.pk).select_related("premises").order_by("since", "id")
        return [(row.premises.room, row.until.isoformat() if row.until else None) for row in rows]


def told(kind: str) -> int:
    with scoped(JOB):
        return sum(1 for event in EventRow.objects.filter(topic="people.life_event") if event.payload.get("kind") == kind)


def birth(register: Register, actor: Actor | None = None, **changed: Any) -> Person:
    given = {"name": "王小宝", "sex": "1", "on": DAY, "relation": "41", "missing": "手续办理中", **changed}
    return actions.register_birth(actor or register.actor("keeper"), mother_id=register.people["li"].pk, **given)


def test_a_child_enters_its_mothers_household_and_the_number_is_asked_for_later(register: Register) -> None:
    child = birth(register)
    assert birth(register).pk == child.pk, "entered twice, born once"
    assert members(register, register.households["wang"])["王小宝"] == "41"
    assert homes(child) == [("1203", None)]
    assert (child.birth_date, child.sex, child.marital) == (DAY, "1", "10")
    assert child.hukou_region_id == register.people["li"].hukou_region_id
    with scoped(JOB):
        reminder = Reminder.objects.get(person=child)
        assert LifeEvent.objects.get(person=child).other_id == register.people["li"].pk
    assert (reminder.due_on - timezone.localdate()).days == 30 and reminder.reason == "手续办理中"
    assert told("birth") == 1
    apply_value(JOB, person_id=child.pk, attribute="id_number", value=number("20260301", 15), source="police", as_of=DAY)
    with scoped(JOB):
        assert Reminder.objects.get(person=child).done_on == timezone.localdate()
    assert birth(register, name="王小贝", sex="2", relation="42").pk != child.pk, "a twin"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"missing": ""}, "NUMBER_MISSING", "missing"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "EVENT_DATE", "on"),
        ({"relation": "00"}, "CODE_UNKNOWN", "relation"),
        ({"id_number": number("20260302", 15)}, "NUMBER_DIFFERS", "id_number"),
    ],
)
def test_a_birth_is_refused_beside_its_field(register: Register, changed: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        birth(register, **changed)
    assert (refused.value.code, refused.value.field) == (code, field)
    with scoped(JOB):
        assert Person.objects.count() == 4


def test_somebody_moves_within_the_city_and_everything_about_her_goes_along(register: Register) -> None:
    street, son = register.actor("street keeper"), register.people["son"]
    far = register.homes["far"]
    add_identity(register.actor("keeper"), person_id=son.pk, id_type="414", number="EA1234567")
    register_fact(JOB, subject_id=son.pk, attribute="card.library", value={"n": 1}, source_case=None, effective=DAY)
    apply_value(JOB, person_id=son.pk, attribute="education", value="21", source="shared", as_of=DAY)
    with scoped(JOB):
        Mandate(
            grantor_id=son.pk, grantor_name=son.name, grantee_id=register.people["li"].pk, grantee_name="x",
            region_path=son.region_path, kind="family", since=DAY, until=timezone.localdate() + timedelta(days=9),
        ).save(force_insert=True)  # fmt: skip
    actions.move_person(street, person_id=son.pk, premises_id=far.pk, on=DAY)
    again = actions.move_person(street, person_id=son.pk, premises_id=far.pk, on=DAY)
    assert (again.premises_id, again.region_path, again.live_address, again.lives_here_since) == (far.pk, far.region_path, far.address, DAY)
    assert homes(son) == [("1203", "2026-03-01"), ("302", None)]
    assert "王志强" not in members(register, register.households["wang"])
    with scoped(JOB):
        about: list[tuple[Any, str]] = [
            (Identity, "person_id"),
            (LifeEvent, "person_id"),
            (Fact, "subject_id"),
            (Provenance, "subject_id"),
            (Mandate, "grantor_id"),
        ]
        for model, key in about:
            rows = list(model.objects.filter(**{key: son.pk}))
            assert rows and {row.region_path for row in rows} == {far.region_path}, model
        assert AuditEntry.objects.filter(action="households.person_moved", outcome="done").count() == 1
    assert told("move") == 1
    keeper, there = register.actor("keeper"), register.actor("other keeper")
    assert register.client("keeper").get(f"/desk/people/{son.pk}/").status_code == 404
    assert register.client("other keeper").get(f"/desk/people/{son.pk}/?tab=timeline").status_code == 200
    with scoped(there):
        assert Person.objects.filter(pk=son.pk).exists()
    with scoped(keeper):
        assert not Person.objects.filter(pk=son.pk).exists()


def test_a_head_moves_only_when_somebody_follows(register: Register) -> None:
    keeper, wang, son = register.actor("keeper"), register.people["wang"], register.people["son"]
    move: dict[str, Any] = {"person_id": wang.pk, "premises_id": register.homes["near"].pk, "on": DAY}
    with pytest.raises(Invalid, match="HEAD_NEEDED") as refused:
        actions.move_person(keeper, **move)
    assert refused.value.field == "new_head_id"
    actions.move_person(keeper, **move, new_head_id=son.pk)
    assert members(register, register.households["wang"]) == {"王志强": "02", "李秀英": "52"}, "the mother of the new head"


def test_the_new_community_takes_in_who_shows_card_and_name(register: Register) -> None:
    keeper, zhao, near = register.actor("keeper"), register.people["zhao"], register.homes["near"]
    with scoped(JOB):
        her_number = Person.objects.get(pk=zhao.pk).id_number
    with pytest.raises(Invalid, match="NAME_DIFFERS"):
        actions.move_in(keeper, premises_id=near.pk, name="赵丽", id_number=her_number, on=DAY)
    moved = actions.move_in(keeper, premises_id=near.pk, name="赵丽华", id_number=her_number, on=DAY)
    assert moved.pk == zhao.pk, "one person stays one person"
    assert register.person("zhao").region_path == near.region_path
    with scoped(JOB):
        assert Household.objects.get(pk=register.households["zhao"].pk).until == DAY, "nobody belongs to it any more"
    new = actions.move_in(keeper, premises_id=near.pk, name="陈明", id_number=number("19900101", 31), on=DAY, came_from="长沙市")
    assert (new.residence_status, new.premises_id, new.hukou_address) == ("3", near.pk, "长沙市")
    assert actions.move_in(keeper, premises_id=near.pk, name="陈明", id_number=number("19900101", 31), on=DAY).pk == new.pk
    with pytest.raises(NotFound):
        actions.move_in(keeper, premises_id=register.homes["far"].pk, name="陈明", id_number=number("19900101", 31), on=DAY)


def test_who_leaves_the_city_stays_in_its_register(register: Register) -> None:
    keeper, son = register.actor("keeper"), register.people["son"]
    actions.move_out(keeper, person_id=son.pk, on=DAY, to="上海市")
    actions.move_out(keeper, person_id=son.pk, on=DAY, to="上海市")
    person = register.person("son")
    assert (person.residence_status, person.live_address, person.premises_id) == ("2", "上海市", None)
    assert person.region_path == son.region_path
    assert homes(son) == [("1203", "2026-03-01")] and "王志强" not in members(register, register.households["wang"])
    with pytest.raises(Conflict, match="LEFT_ALREADY"):
        actions.move_out(keeper, person_id=son.pk, on=DAY, to="北京市")


def spouse(register: Register) -> dict[str, str]:
    with scoped(JOB):
        return {"name": "赵丽华", "id_number": str(Person.objects.get(pk=register.people["zhao"].pk).id_number)}


def test_two_marry_and_one_joins_the_other(register: Register) -> None:
    keeper, son = register.actor("keeper"), register.people["son"]
    for _ in range(2):
        actions.marry(keeper, person_id=son.pk, **spouse(register), on=DAY, joins="here", relation="38")
    assert (register.person("son").marital, register.person("zhao").marital) == ("21", "21")
    assert members(register, register.households["wang"])["赵丽华"] == "38"
    assert register.person("zhao").premises_id == register.homes["old"].pk
    with scoped(JOB):
        assert Membership.objects.filter(person_id=register.people["zhao"].pk, until=None).count() == 1
    assert told("marriage") == 2
    with pytest.raises(Conflict, match="MARRIED_ALREADY"):
        actions.marry(keeper, person_id=son.pk, **spouse(register), on=DAY + timedelta(days=1))
    actions.divorce(keeper, person_id=son.pk, **spouse(register), on=DAY + timedelta(days=30))
    assert (register.person("son").marital, register.person("zhao").marital) == ("40", "40")
    with pytest.raises(Conflict, match="NOT_MARRIED"):
        actions.divorce(keeper, person_id=son.pk, **spouse(register), on=DAY + timedelta(days=31))
    actions.marry(keeper, person_id=son.pk, **spouse(register), on=DAY + timedelta(days=60))
    assert register.person("son").marital == "22", "married again"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "赵丽"}, "SPOUSE_UNKNOWN"),
        ({"on": date(1999, 1, 1)}, "MARRIAGE_AGE"),
        ({"joins": "here", "relation": "02"}, "HEAD_TAKEN"),
        ({"joins": "here", "relation": ""}, "CODE_UNKNOWN"),
    ],
)
def test_a_marriage_is_refused_with_a_reason(register: Register, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(LinliError) as refused:
        actions.marry(register.actor("keeper"), person_id=register.people["son"].pk, **{**spouse(register), "on": DAY, **changed})
    assert refused.value.code == code
    assert register.person("son").marital == "10"


def test_a_household_splits_with_a_head_of_its_own(register: Register) -> None:
    keeper, old = register.actor("keeper"), register.households["wang"]
    child = birth(register, relation="41")
    wang, li, son = (register.people[key].pk for key in ("wang", "li", "son"))

    def split(leave: list[UUID], head: UUID, new_head: UUID | None = None) -> Household:
        return actions.split_household(keeper, household_id=old.pk, member_ids=leave, head_id=head, on=DAY, new_head_id=new_head)

    for leave, head, code in (
        ([], son, "NOBODY_LEAVES"),
        ([son], li, "HEAD_OUTSIDE"),
        ([wang, li, son, child.pk], son, "NOBODY_STAYS"),
        ([wang], wang, "HEAD_NEEDED"),
    ):
        with pytest.raises(Invalid, match=code):
            split(leave, head)
    made = split([son, child.pk], son)
    assert split([son, child.pk], son).pk == made.pk, "entered twice, split once"
    assert members(register, made) == {"王志强": "02", "王小宝": "97"}, "a grandchild of the old head may be a nephew: to be looked at"
    assert members(register, old) == {"王建国": "02", "李秀英": "12"}
    assert made.premises_id == register.homes["old"].pk
    actions.join_households(keeper, household_id=made.pk, into_id=old.pk, relations={son: "21", child.pk: "41"}, on=DAY + timedelta(days=9))
    assert members(register, old) == {"王建国": "02", "李秀英": "12", "王志强": "21", "王小宝": "41"}
    with scoped(JOB):
        assert Household.objects.get(pk=made.pk).until == DAY + timedelta(days=9)
        assert Membership.objects.filter(until=None).count() == 5


def test_a_head_is_named_and_the_others_follow(register: Register) -> None:
    keeper, old = register.actor("keeper"), register.households["wang"]
    for _ in range(2):
        actions.name_head(keeper, household_id=old.pk, person_id=register.people["son"].pk)
    assert members(register, old) == {"王志强": "02", "王建国": "51", "李秀英": "52"}


def test_a_whole_household_moves(register: Register) -> None:
    street, old, far = register.actor("street keeper"), register.households["wang"], register.homes["far"]
    actions.move_household(street, household_id=old.pk, premises_id=far.pk, on=DAY)
    for key in ("wang", "li", "son"):
        assert (register.person(key).premises_id, register.person(key).region_path) == (far.pk, far.region_path)
    assert told("move") == 3


def test_forms_at_the_desk(register: Register) -> None:
    client = register.client("keeper")
    person, household = register.people["li"].pk, register.households["wang"].pk
    for event in ("move", "move-out", "birth", "marriage", "divorce"):
        assert client.get(f"/desk/people/{person}/life/{event}/").status_code == 200, event
    for event in ("split", "join", "head", "move"):
        assert client.get(f"/desk/households/{household}/{event}/").status_code == 200, event
    assert client.get(f"/desk/people/{person}/life/nothing/").status_code == 404
    answer = client.post(f"/desk/people/{person}/life/birth/", {"name": "王小宝", "sex": "1", "on": "2026-03-01", "relation": "41"})
    assert answer.status_code == 422 and "Say why there is no identity number yet." in answer.content.decode()
    answer = client.post(
        f"/desk/people/{person}/life/birth/", {"name": "王小宝", "sex": "1", "on": "2026-03-01", "relation": "41", "missing": "not issued"}
    )
    assert answer.status_code == 303
    assert members(register, register.households["wang"])["王小宝"] == "41"
    answer = client.post(f"/desk/people/{register.people['son'].pk}/life/move/", {"home": "幸福苑3幢2单元1204", "on": "2026-03-02"})
    assert answer.status_code == 303, answer.content.decode()
    assert register.person("son").premises_id == register.homes["near"].pk
    near = register.homes["near"].pk
    given = {"name": "陈明", "id_number": number("19900101", 31), "on": "2026-03-01", "came_from": "Changsha"}
    assert client.post(f"/desk/premises/{near}/move-in/", given).status_code == 303
    assert "陈明" in client.get(f"/desk/premises/{near}/").content.decode()
    split = {"member_ids": [str(person)], "head_id": str(person), "on": "2026-03-03"}
    assert client.post(f"/desk/households/{household}/split/", split).status_code == 303
