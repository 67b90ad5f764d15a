"""Two rows become one person and two again: what hangs on them follows and comes back, values are chosen anew, nothing is decided silently."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.models import EventRow as Event
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused
from linli.registry.households.models import Household, Membership
from linli.registry.imports.tests.conftest import Office, csv_file, office  # noqa: F401 - fixtures
from linli.registry.imports.tests.known import number
from linli.registry.people import queries
from linli.registry.people.actions import apply_value, create_person, mark_dead, merge_people, overrule, register_fact, split_people
from linli.registry.people.engine.merging import MERGES, SPLITS
from linli.registry.people.models import Merger, Person
from linli.registry.sources.models import Entry, Provenance

pytestmark = pytest.mark.django_db
JOB = system_actor("test.merging", permissions=["audit.view", "people.write_back"])
FIRST, SECOND = number("1985-03-02", 11), number("1985-03-02", 13)
TOLD = "the two live at one address and have one telephone"


def enter(office: Office, name: str = "张伟", **more: str) -> Person:  # noqa: F811
    region = office.regions["北湖社区"]
    id_number = more.pop("id_number", "")
    return create_person(office.actor, region_id=region.id, name=name, id_number=id_number, values=more)


def every(key: UUID) -> Person:
    with scoped(JOB):
        return Person.every.get(pk=key)


def everything(*keys: UUID) -> list[object]:
    """What the register says of some people, and whose word it is."""
    with scoped(JOB):
        rows = list(Person.every.filter(pk__in=keys).order_by("pk").values())
        said = list(Entry.objects.filter(subject_id__in=keys, state="linked").order_by("pk").values_list("pk", "subject_id", "brought"))
        by_hand = Provenance.objects.filter(subject_id__in=keys).order_by("subject_id", "attribute")
        return [rows, said, list(by_hand.values_list("subject_id", "attribute", "source__code", "as_of", "locked_until"))]


def merged(office: Office, stays: Person, goes: Person, **choices: str) -> Merger:  # noqa: F811
    return merge_people(office.actor, stays=stays.pk, goes=goes.pk, reason=TOLD, choices=choices)


def test_who_goes_is_found_nowhere_and_leads_to_the_one_who_stays(office: Office) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST), enter(office, phone="15400001111")
    merged(office, stays, goes)
    with scoped(office.actor):
        assert [p.pk for p in queries.find_by_name(office.actor, "张伟")] == [stays.pk]
        assert [p.pk for p in queries.find_by_phone(office.actor, "15400001111")] == [stays.pk]
        assert queries.get_person(office.actor, goes.pk).pk == stays.pk
        assert queries.prefill_values(office.actor, goes.pk)["person.phone"].value == "15400001111"
    row = every(goes.pk)
    assert row.merged_into_id == stays.pk and row.phone_index is None and row.pinyin == ""
    with scoped(JOB):
        assert queries.number_within("0", "9") == 1
        entry = AuditEntry.objects.get(action="people.people_merged")
        assert entry.notes["reason"] == TOLD and entry.notes["changed"] == ["phone"]
        assert Event.objects.filter(topic="people.people_merged").count() == 1


def test_values_are_chosen_anew_and_go_back_exactly(office: Office, csv_file: object) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST, marital="10"), enter(office, "张玮", phone="15400001111")
    office.load(office.bring("self", csv_file(f"张伟,{FIRST},男,,15400002222,,北湖社区")))  # type: ignore[operator]
    apply_value(JOB, person_id=goes.pk, attribute="marital", value="20", source="shared", as_of=date(2026, 1, 1))
    register_fact(JOB, subject_id=goes.pk, attribute="orphan", value=True, source_case=None, effective=date(2026, 1, 1))
    before = everything(stays.pk, goes.pk)
    merger = merged(office, stays, goes)
    one = every(stays.pk)
    assert (one.name, one.marital) == ("张伟", "20"), "shared data outranks what the community entered"
    with scoped(office.actor):
        heard = {h.offer.value for h in queries.heard_of(office.actor, one, "name")}
        assert heard == {"张伟", "张玮"}, "what she was called is still heard"
        assert queries.facts(office.actor, stays.pk)["is_orphan"]
    split_people(office.actor, merger_id=merger.pk, reason="the birth certificates differ")
    with scoped(office.actor):
        assert queries.facts(office.actor, goes.pk)["is_orphan"] and not queries.facts(office.actor, stays.pk)["is_orphan"]
    after = everything(stays.pk, goes.pk)
    assert after[0] == before[0]
    assert set(before[1]) <= set(after[1]), "what was said by whom is said again"  # type: ignore[call-overload]
    with scoped(office.actor):
        assert [queries.get_person(office.actor, p.pk).pk for p in (stays, goes)] == [stays.pk, goes.pk]


def test_two_numbers_are_asked_about_and_the_wrong_one_comes_back(office: Office) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST), enter(office, id_number=SECOND)
    before = everything(stays.pk, goes.pk)
    with pytest.raises(Invalid, match="CHOICE_MISSING") as refused:
        merged(office, stays, goes)
    assert refused.value.field == "id_number"
    merger = merged(office, stays, goes, id_number="goes")
    one = every(stays.pk)
    assert one.id_number == SECOND
    with scoped(office.actor):
        assert queries.find_by_id_number(office.actor, FIRST) is None
        heard = queries.heard_of(office.actor, one, "id_number")
    assert timezone.localdate() + timedelta(days=365) in {h.offer.locked_until for h in heard if h.offer.value == SECOND}
    split_people(office.actor, merger_id=merger.pk, reason="they are twins")
    assert everything(stays.pk, goes.pk) == before


def test_what_somebody_decided_stands_in_the_person_they_become(office: Office) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST), enter(office, "张玮")
    overrule(office.actor, person_id=goes.pk, attribute="name", value="张卫", reason="shown the certificate")
    before = everything(stays.pk, goes.pk)
    merger = merged(office, stays, goes)
    assert every(stays.pk).name == "张卫"
    split_people(office.actor, merger_id=merger.pk, reason="another man after all")
    assert everything(stays.pk, goes.pk)[0] == before[0]


def test_a_household_is_chosen_and_both_are_back_after_the_split(office: Office) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST), enter(office)
    region = office.regions["北湖社区"]
    with scoped(JOB):
        for n, person in enumerate((stays, goes)):
            home = Household(number=f"H{n}", region=region, region_path=region.path)
            home.save(force_insert=True)
            Membership(household=home, person=person, relation="02", region_path=region.path).save(force_insert=True)
    with pytest.raises(Invalid, match="CHOICE_MISSING"):
        merged(office, stays, goes)
    merger = merged(office, stays, goes, household="goes")
    with scoped(JOB):
        rows = Membership.objects.filter(person=stays).order_by("household__number")
        assert list(rows.values_list("household__number", "until")) == [("H0", timezone.localdate()), ("H1", None)]
    split_people(office.actor, merger_id=merger.pk, reason="another man after all")
    with scoped(JOB):
        rows = Membership.objects.filter(until=None).order_by("household__number")
        assert list(rows.values_list("person_id", flat=True)) == [stays.pk, goes.pk]


def test_what_speaks_against_it_is_said_first(office: Office) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST), enter(office)
    for n, person in enumerate((stays, goes)):
        User(username=f"resident{n}", name="张伟", kind="citizen", person_id=person.pk).save()
    with pytest.raises(Conflict, match="TWO_ACCOUNTS"):
        merged(office, stays, goes)
    User.objects.filter(person_id=stays.pk).update(is_active=False)
    mark_dead(office.actor, person_id=goes.pk, on=date(2026, 1, 2))
    with pytest.raises(Conflict, match="DEATH_DIFFERS"):
        merged(office, stays, goes)
    with pytest.raises(Invalid, match="MERGE_SELF"):
        merged(office, stays, stays)
    with pytest.raises(Invalid, match="REASON_MISSING"):
        merge_people(office.actor, stays=stays.pk, goes=goes.pk, reason=" ")
    with scoped(JOB):
        assert not Merger.objects.exists()


def test_only_who_sees_both_makes_one_of_them(office: Office) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST), enter(office)
    path = office.regions["北湖社区"].path
    elsewhere = system_actor("clerk", below=path + "9").but(permissions=frozenset({"people.merge"}))
    with pytest.raises(NotFound, match="PERSON_UNKNOWN"):
        merge_people(elsewhere, stays=stays.pk, goes=goes.pk, reason=TOLD)
    with pytest.raises(Refused, match="NO_PERMISSION"):
        merge_people(office.actor.but(permissions=frozenset({"people.edit"})), stays=stays.pk, goes=goes.pk, reason=TOLD)


def test_a_chain_leads_to_its_end_and_is_split_from_there(office: Office) -> None:  # noqa: F811
    one, two, three = (enter(office, name) for name in ("张伟", "张玮", "张卫"))
    first = merged(office, two, three)
    second = merged(office, one, two)
    with scoped(office.actor):
        assert queries.get_person(office.actor, three.pk, lock=True).pk == one.pk
    with pytest.raises(Conflict, match="MERGED_ALREADY"):
        merged(office, one, three)
    with pytest.raises(Conflict, match="MERGED_ON"):
        split_people(office.actor, merger_id=first.pk, reason="another man after all")
    split_people(office.actor, merger_id=second.pk, reason="another man after all")
    split_people(office.actor, merger_id=first.pk, reason="another man after all")
    with pytest.raises(Conflict, match="MERGER_SPLIT"):
        split_people(office.actor, merger_id=first.pk, reason="another man after all")
    with scoped(office.actor):
        assert [queries.get_person(office.actor, p.pk).name for p in (one, two, three)] == ["张伟", "张玮", "张卫"]


def test_what_was_written_since_stays_unless_somebody_says_whose_it_is(office: Office) -> None:  # noqa: F811
    stays, goes = enter(office, id_number=FIRST), enter(office)
    merger = merged(office, stays, goes)
    facts = [
        register_fact(JOB, subject_id=goes.pk, attribute=name, value=True, source_case=None, effective=date(2026, 1, 1))
        for name in ("orphan", "veteran")
    ]
    with scoped(JOB):
        since = queries.written_since(merger)
    assert since["sources.Fact.subject_id"] == [str(f.pk) for f in facts]
    with pytest.raises(LinliError, match="ROW_UNKNOWN"):
        split_people(office.actor, merger_id=merger.pk, reason="two men", hers=["sources.Fact.subject_id:x"])
    split_people(office.actor, merger_id=merger.pk, reason="two men", hers=[f"sources.Fact.subject_id:{facts[1].pk}"])
    with scoped(JOB):
        assert {f.pk: f.subject_id for f in type(facts[0]).objects.all()} == {facts[0].pk: stays.pk, facts[1].pk: goes.pk}


def test_an_offices_own_key_tells_whose_a_later_row_is(office: Office, csv_file: object) -> None:  # noqa: F811
    stays = enter(office, id_number=FIRST)
    office.load(office.bring("self", csv_file(f"李秀兰,{SECOND},男,,15400002222,,北湖社区")))  # type: ignore[operator]
    with scoped(JOB):
        goes = Person.objects.get(name="李秀兰")
    merger = merged(office, stays, goes, id_number="stays")
    assert every(stays.pk).merged_into_id is None
    office.load(office.bring("self", csv_file(f"李秀兰,{SECOND},男,,15400003333,,北湖社区")))  # type: ignore[operator]
    split_people(office.actor, merger_id=merger.pk, reason="she is somebody else")
    again = every(goes.pk)
    assert (again.name, again.id_number) == ("李秀兰", SECOND)


def test_others_are_told_inside_the_transaction(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    told: list[tuple[str, UUID, UUID]] = []
    for name, registry in (("merged", MERGES), ("split", SPLITS)):

        def tell(one: UUID, other: UUID, path: str, name: str = name) -> None:
            told.append((name, one, other))

        monkeypatch.setitem(registry._items, "test", tell)
    stays, goes = enter(office, id_number=FIRST), enter(office)
    merger = merged(office, stays, goes)
    split_people(office.actor, merger_id=merger.pk, reason="two men")
    assert told == [("merged", stays.pk, goes.pk), ("split", stays.pk, goes.pk)]
