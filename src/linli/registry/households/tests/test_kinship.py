"""Relations of two people: stated once, seen in both files as far as each reader may, ended, moved along, merged along, written by life events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound
from linli.registry.households import actions
from linli.registry.households.engine import bond_of, older_side, seen_back
from linli.registry.households.models import Relation
from linli.registry.households.queries import relations_of
from linli.registry.households.tests.conftest import JOB, Register, number
from linli.registry.people.actions import create_person
from linli.registry.people.actions.merging import merge_people, split_people

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
ZHAO = {"name": "赵丽华", "id_number": number("19800416", 14)}
WANG = {"name": "王建国", "id_number": number("19500105", 11)}


def stated(register: Register, who: str = "son", **changed: Any) -> Relation:
    given = {"code": "12", "since": DAY, "document": "结婚证 J360502", **ZHAO, **changed}
    return actions.state_relation(register.actor("keeper"), person_id=register.people[who].pk, **given)


def words(register: Register, who: str, of: str) -> list[tuple[str, str | None]]:
    actor = register.actor(who)
    with scoped(actor):
        return [(kin.word, kin.other.name if kin.other else None) for kin in relations_of(actor, register.people[of].pk)]


@pytest.mark.parametrize(
    ("code", "bond", "side", "man", "woman"),
    [
        ("12", "couple", 0, "11", "12"),
        ("51", "descent", 1, "20", "30"),
        ("27", "descent", -1, "51", "52"),
        ("28", "kin", 0, "97", "97"),
        ("41", "line", -1, "60", "60"),
        ("71", "sibling", 0, "70", "70"),
        ("85", "kin", 0, "97", "97"),
        ("98", "kin", 0, "98", "98"),
        ("GU", "guardian", 0, "", ""),
    ],
)
def test_codes_are_turned_round(code: str, bond: str, side: int, man: str, woman: str) -> None:
    assert (bond_of(code), older_side(code)) == (bond, side)
    assert (seen_back(code, "1"), seen_back(code, "2")) == (man, woman)


def test_both_files_show_it_as_far_as_the_reader_may_see(register: Register) -> None:
    row = stated(register)
    assert stated(register).pk == row.pk, "stated again it is the same"
    assert words(register, "street keeper", "son") == [("妻", "赵丽华")]
    assert words(register, "street keeper", "zhao") == [("夫", "王志强")]
    assert words(register, "keeper", "son") == [("配偶", None)], "who lives elsewhere is not named"
    assert words(register, "other keeper", "zhao") == [("配偶", None)]
    page = register.client("keeper").get(f"/desk/people/{register.people['son'].pk}/?tab=relations").content.decode()
    assert "somebody out of your sight" in page and "赵丽华" not in page and "结婚证 J360502" in page
    stranger = register.actor("other keeper")
    with scoped(stranger), pytest.raises(NotFound):
        actions.end_relation(stranger, relation_id=row.pk, person_id=register.people["son"].pk, on=DAY)


@pytest.mark.parametrize(
    ("who", "changed", "code", "field"),
    [
        ("son", {"code": "02"}, "RELATION_CODE", "code"),
        ("son", {"code": "X1"}, None, "code"),
        ("son", {"name": "赵丽"}, "RELATIVE_UNKNOWN", "id_number"),
        ("wang", WANG, "RELATION_SELF", "id_number"),
        ("son", {**WANG, "code": "21"}, "RELATION_AGE", "code"),
        ("wang", {"code": "51"}, "RELATION_AGE", "code"),
        ("son", {"since": timezone.localdate() + timedelta(days=1)}, "RELATION_DATE", "since"),
        ("son", {"source": "nobody"}, "SOURCE_UNKNOWN", "source"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    register: Register, who: str, changed: dict[str, Any], code: str | None, field: str
) -> None:
    with pytest.raises(LinliError) as refused:
        stated(register, who, **changed)
    assert refused.value.field == field
    assert code is None or refused.value.code == code
    with scoped(JOB):
        assert not Relation.objects.exists()


def test_two_people_have_one_bond_of_a_kind(register: Register) -> None:
    keeper = register.actor("keeper")
    row = stated(register, **WANG, code="51")
    same = actions.state_relation(
        keeper, person_id=register.people["wang"].pk, name="王志强", id_number=number("19780312", 13), code="21", since=DAY
    )
    assert same.pk == row.pk, "stated from the other side"
    guardian = stated(register, **WANG, code="GU")
    with pytest.raises(Conflict, match="RELATION_OTHERWISE"):
        actions.state_relation(keeper, person_id=register.people["wang"].pk, name="王志强", id_number=number("19780312", 13), code="GU")
    actions.end_relation(keeper, relation_id=guardian.pk, person_id=register.people["son"].pk, on=DAY, reason="恢复行为能力")
    again = actions.end_relation(keeper, relation_id=guardian.pk, person_id=register.people["son"].pk, on=timezone.localdate())
    assert (again.until, again.end_reason) == (DAY, "恢复行为能力")
    with pytest.raises(Invalid, match="RELATION_DATE"):
        actions.end_relation(keeper, relation_id=row.pk, person_id=register.people["son"].pk, on=DAY - timedelta(days=1))


def test_nobody_has_two_spouses_and_a_divorce_frees(register: Register) -> None:
    keeper = register.actor("keeper")
    actions.marry(keeper, person_id=register.people["son"].pk, on=DAY, **ZHAO)
    assert words(register, "street keeper", "zhao") == [("夫", "王志强")]
    other = create_person(
        keeper, region_id=register.city.regions["home"].pk, name="孙梅", id_number=number("19850101", 16), values={"marital": "10"}
    )
    with pytest.raises(Conflict, match="RELATION_SPOUSE"):
        stated(register, name="孙梅", id_number=number("19850101", 16))
    actions.divorce(keeper, person_id=register.people["son"].pk, on=DAY + timedelta(days=30), **ZHAO)
    with scoped(JOB):
        first = Relation.objects.get()
        assert (first.until, first.end_reason) == (DAY + timedelta(days=30), "divorce")
    assert stated(register, name="孙梅", id_number=number("19850101", 16), since=DAY + timedelta(days=60)).other_id == other.pk


def test_a_birth_writes_the_parents(register: Register) -> None:
    keeper = register.actor("keeper")
    given: dict[str, Any] = {
        "mother_id": register.people["li"].pk,
        "name": "王小宝",
        "sex": "1",
        "on": DAY,
        "relation": "41",
        "missing": "办理中",
    }
    with pytest.raises(Invalid, match="FATHER_UNKNOWN"):
        actions.register_birth(keeper, **given, father_name="王建", father_number=WANG["id_number"])
    child = actions.register_birth(keeper, **given, father_name=WANG["name"], father_number=WANG["id_number"])
    with scoped(keeper):
        found = {(kin.word, kin.other.name) for kin in relations_of(keeper, child.pk) if kin.other}
        assert found == {("母亲", "李秀英"), ("父亲", "王建国")}
        assert [kin.word for kin in relations_of(keeper, register.people["wang"].pk)] == ["子"]


def test_it_goes_along_when_somebody_moves_or_turns_out_to_be_somebody_else(register: Register) -> None:
    keeper, street = register.actor("keeper"), register.actor("street keeper")
    row = stated(register)
    double = create_person(
        keeper, region_id=register.city.regions["home"].pk, name="王志强", id_number="", values={"birth_date": "1978-03-12", "sex": "1"}
    )
    lent = street.but(permissions=street.permissions | {"people.merge"})
    merger = merge_people(lent, stays=double.pk, goes=register.people["son"].pk, reason="核实为同一人")
    with scoped(JOB):
        assert Relation.objects.get().person_id == double.pk
    split_people(lent, merger_id=merger.pk, reason="核实并非同一人")
    with scoped(JOB):
        assert Relation.objects.get().person_id == register.people["son"].pk
    actions.move_person(street, person_id=register.people["son"].pk, premises_id=register.homes["far"].pk, on=DAY + timedelta(days=2))
    with scoped(JOB):
        moved = Relation.objects.get(pk=row.pk)
        assert moved.region_path == moved.other_path == register.city.regions["other"].path
    assert words(register, "other keeper", "zhao") == [("夫", "王志强")]


def test_the_pages_state_and_end_it(register: Register) -> None:
    client, son = register.client("street keeper"), register.people["son"].pk
    assert "State a relation" in client.get(f"/desk/people/{son}/").content.decode()
    sent = {"code": "12", "source": "collected", "since": "2026-03-01", **ZHAO}
    wrong = client.post(f"/desk/people/{son}/relations/new/", {**sent, "name": "别人"})
    assert wrong.status_code == 422 and "knows nobody" in wrong.content.decode()
    assert client.post(f"/desk/people/{son}/relations/new/", sent).status_code == 303
    with scoped(JOB):
        pk = Relation.objects.get().pk
    page = client.get(f"/desk/people/{son}/relations/{pk}/").content.decode()
    assert "赵丽华" in page and "End the relation" in page
    assert client.post(f"/desk/people/{son}/relations/{pk}/", {"on": "2026-03-05", "reason": "x"}).status_code == 303
    assert "End the relation" not in client.get(f"/desk/people/{son}/relations/{pk}/").content.decode()
    assert register.client("head").get(f"/desk/people/{son}/relations/new/").status_code == 403
