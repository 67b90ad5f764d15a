"""People: found under row-level security by index, changed by the ranks of sources, full numbers on a purpose."""

from datetime import date, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone

from linli.foundation.accounts.engine import PEOPLE, VERIFIERS
from linli.foundation.audit.models import AuditEntry
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, RegionRange, system_actor
from linli.lib.errors import Conflict, Invalid, NotFound, Refused
from linli.lib.idcard import check_digit
from linli.lib.uuid7 import uuid7
from linli.registry.households.actions import create_household, join, leave, move_household
from linli.registry.households.queries import are_relatives, household_facts, members_of
from linli.registry.people import policy, queries
from linli.registry.people.actions import apply_value, create_person, decide_claim, mark_dead, register_fact, reveal_id_number
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises
from linli.registry.sources.queries import open_claims

pytestmark = pytest.mark.django_db
JOB = system_actor("test")


@pytest.fixture
def places() -> list[Region]:
    """Two communities of one street and one of another county."""
    call_command("packs", "load", "--pack", "national", stdout=StringIO())
    rows = [
        ("360500000000", "city", "00001"),
        ("360502000000", "county", "0000100001"),
        ("360502001000", "street", "000010000100001"),
        ("360502001001", "community", "00001000010000100001"),
        ("360502001002", "community", "00001000010000100002"),
    ]
    made: list[Region] = []
    for code, level, path in rows:
        region = Region(
            code=code, name="城南" + code[-3:], level=level, path=path, parent=next((r for r in made if r.path == path[:-5]), None)
        )
        region.save()
        made.append(region)
    return made


def number(birth: str = "19450301", serial: int = 642) -> str:
    body = f"360599{birth}{serial:03d}"
    return body + check_digit(body)


def clerk_of(region: Region) -> Actor:
    return Actor(
        ActorKind.STAFF,
        user_id=uuid7(),
        label="Clerk",
        ranges=(RegionRange.below(region.path),),
        permissions=frozenset({"people.view", "people.edit", "people.correct", "people.reveal"}),
    )


def citizen(person_id: UUID) -> Actor:
    return Actor(
        ActorKind.CITIZEN, user_id=uuid7(), label="Resident", party_id=person_id, assurance=2, permissions=frozenset({"people.correct"})
    )


def enter(region: Region, name: str = "曾桂英", id_number: str = "", **values: str) -> Person:
    return create_person(clerk_of(region), region_id=region.id, name=name, id_number=id_number or number(), values=values)


def test_a_person_is_found_by_number_phone_chinese_pinyin_and_initials_inside_the_region_only(places: list[Region]) -> None:
    person = enter(places[3], phone="154 0000 1234")
    near, far = clerk_of(places[3]), clerk_of(places[4])
    for text in ("曾桂英", "曾桂", "zengguiying", "zeng gui", "zgy", "ZG"):
        with scoped(near):
            assert queries.find_by_name(near, text) == [person], text
        with scoped(far):
            assert queries.find_by_name(far, text) == []
    with scoped(near):
        assert queries.find_by_id_number(near, " " + number().lower()) == person
        assert queries.find_by_phone(near, "+86 154-0000-1234") == [person]
        assert queries.find_by_name(near, "曾", path=places[2].path) == [person]
        assert queries.find_by_name(near, "曾", path="00001zzzzz") == []
        assert queries.find_by_name(near, "") == []
    with scoped(far), pytest.raises(NotFound):
        queries.get_person(far, person.id)
    with scoped(far):
        assert queries.find_by_id_number(far, number()) is None


def test_policy_questions_agree(places: list[Region]) -> None:
    person = enter(places[3])
    for actor in (clerk_of(places[3]), clerk_of(places[4]), clerk_of(places[0]), citizen(person.id), citizen(uuid7()), JOB):
        with scoped(actor):
            assert policy.can_view(actor, person) == Person.objects.filter(policy.visible(actor), pk=person.id).exists()


def test_the_same_identity_number_is_entered_once(places: list[Region]) -> None:
    enter(places[3])
    with pytest.raises(Conflict, match="PERSON_KNOWN"):
        enter(places[4], name="曾小英")
    with pytest.raises(Invalid, match="ID_CHECK"):
        enter(places[3], id_number=number()[:17] + ("0" if number()[17] != "0" else "1"))
    with pytest.raises(Refused):
        create_person(clerk_of(places[4]), region_id=places[3].id, name="王小明", id_number=number(serial=11))


def test_a_weaker_source_never_overwrites_a_stronger_one_and_waits_as_a_claim(places: list[Region]) -> None:
    person = enter(places[3])
    today = timezone.localdate()
    clerk = clerk_of(places[3])

    def offer(value: str, source: str, as_of: date) -> bool:
        return apply_value(JOB, person_id=person.id, attribute="live_address", value=value, source=source, as_of=as_of)

    assert offer("A", "stated", today)
    assert offer("B", "shared", today - timedelta(days=30))
    assert not offer("C", "stated", today)
    assert not offer("C2", "shared", today - timedelta(days=60))
    assert offer("D", "licence", today)
    with scoped(clerk):
        assert queries.get_person(clerk, person.id).live_address == "D"
        claims = open_claims(clerk, person.id)
        assert [c.value for c in claims] == ["C", "C2"]
        said = queries.prefill_values(clerk, person.id)["person.live_address"]
    assert (said.value, said.label, said.as_of) == ("D", "电子证照", today)
    decide_claim(clerk, claim_id=claims[0].id, accept=True)
    with scoped(clerk):
        assert queries.get_person(clerk, person.id).live_address == "C"
        assert queries.prefill_values(clerk, person.id)["person.live_address"].label == "社区采集"
    with pytest.raises(Conflict):
        decide_claim(clerk, claim_id=claims[0].id, accept=False)


def test_a_resident_corrects_himself_and_nobody_else(places: list[Region]) -> None:
    person, other = enter(places[3]), enter(places[3], name="王小明", id_number=number(serial=11))
    me, today = citizen(person.id), timezone.localdate()
    assert apply_value(me, person_id=person.id, attribute="phone", value="15400005555", source="stated", as_of=today)
    assert not apply_value(me, person_id=person.id, attribute="name", value="曾贵英", source="stated", as_of=today)
    with pytest.raises(Refused):
        apply_value(me, person_id=person.id, attribute="phone", value="15400005556", source="licence", as_of=today)
    with pytest.raises(NotFound):
        apply_value(me, person_id=other.id, attribute="phone", value="15400005555", source="stated", as_of=today)


def test_facts_for_decisions_and_effects_of_cases(places: list[Region]) -> None:
    person = enter(places[3], disability="42", employment="retired")
    case = uuid7()
    on = date(2026, 11, 23)
    for _ in range(2):
        register_fact(
            JOB,
            subject_id=person.id,
            attribute="benefit.old_age_allowance",
            value={"amount": 100},
            source_case=case,
            effective=date(2026, 11, 1),
        )
    with scoped(JOB):
        found = queries.facts(JOB, person.id, on=on)
        before = queries.facts(JOB, person.id, on=date(2026, 10, 31))
    assert (found["age"], found["sex"], found["is_alive"], found["hukou_in_city"]) == (81, "2", True, False)
    assert (found["disability_type"], found["disability_level"], found["employment"]) == ("4", 2, "retired")
    assert found["receives_old_age_allowance"] and not before["receives_old_age_allowance"]
    mark_dead(clerk_of(places[3]), person_id=person.id, on=timezone.localdate())
    with scoped(JOB):
        assert queries.facts(JOB, person.id)["is_alive"] is False
    assert VERIFIERS.get("people")("曾桂英", number()) is None


def test_a_full_number_needs_a_purpose_and_the_person_sees_who_looked(places: list[Region]) -> None:
    person = enter(places[3])
    clerk = clerk_of(places[3])
    assert reveal_id_number(clerk, person_id=person.id, purpose="Print the allowance form") == number()
    with pytest.raises(Invalid, match="PURPOSE"):
        reveal_id_number(clerk, person_id=person.id, purpose=" ")
    with pytest.raises(Refused):
        reveal_id_number(clerk.but(permissions=frozenset({"people.view"})), person_id=person.id, purpose="curious")
    me = citizen(person.id)
    with scoped(me):
        looks = queries.looks_at(me, person.id)
    assert [(look.who, look.purpose, look.what) for look in looks] == [("Clerk", "Print the allowance form", "people.id_number_revealed")]
    with scoped(JOB):
        assert number() not in str(list(AuditEntry.objects.values_list("changes", "notes")))


def test_accounts_match_a_name_and_number_to_one_living_person(places: list[Region]) -> None:
    person = enter(places[3])
    match = VERIFIERS.get("people")
    assert match("曾桂英", number()) == person.id
    assert match("曾桂兰", number()) is None
    assert match("曾桂英", "") is None
    known = PEOPLE.get("people")(person.id)
    assert known is not None
    assert known.name == "曾桂英"


def home_in(region: Region, code: str) -> Premises:
    with scoped(JOB):
        home = Premises(addr_code=code, region=region, region_path=region.path, address="城南路1号")
        home.save()
    return home


def test_a_household_is_founded_joined_left_and_moved(places: list[Region]) -> None:
    mother, son = enter(places[3]), enter(places[3], name="王小明", id_number=number("19700101", 11))
    clerk, today = clerk_of(places[3]), timezone.localdate()
    old, new = home_in(places[3], "1" * 25), home_in(places[3], "2" * 25)
    household = create_household(clerk, head_id=mother.id, premises_id=old.id, since=today)
    assert household.number == "360502001001H000001"
    join(clerk, household_id=household.id, person_id=son.id, relation="22", since=today)
    with pytest.raises(Conflict):
        join(clerk, household_id=household.id, person_id=son.id, relation="22", since=today)
    assert are_relatives(mother.id, son.id)
    me = citizen(son.id)
    with scoped(me):
        assert [m.person.name for m in members_of(me, person_id=son.id)] == ["曾桂英", "王小明"]
        assert household_facts(me, son.id)["household.size"] == 2
    stranger = citizen(uuid7())
    with scoped(stranger), pytest.raises(NotFound):
        members_of(stranger, household_id=household.id)
    move_household(clerk, household_id=household.id, premises_id=new.id, on=today)
    with scoped(clerk):
        assert queries.get_person(clerk, son.id).premises_id == new.id
    with pytest.raises(Invalid, match="HEAD_NEEDED"):
        leave(clerk, person_id=mother.id, on=today)
    leave(clerk, person_id=mother.id, on=today, new_head_id=son.id)
    with scoped(clerk):
        assert [(m.person.name, m.relation) for m in members_of(clerk, household_id=household.id)] == [("王小明", "02")]
