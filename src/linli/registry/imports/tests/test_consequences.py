"""What follows from a file besides values: households are founded and joined, deaths reported; and all of it is taken back with the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from linli.foundation.scope.actions import scoped
from linli.registry.households.actions import create_household, join
from linli.registry.households.models import Household, Membership
from linli.registry.imports.actions import consequences, follow_on, load_on, order_load
from linli.registry.imports.models import Batch, Consequence
from linli.registry.imports.queries import followed, layout, outlook
from linli.registry.imports.tests.conftest import AS_OF, JOB, Office
from linli.registry.imports.tests.known import number
from linli.registry.people.actions import create_person
from linli.registry.people.models import DeathReport, Person
from linli.registry.sources.queries import facts_of

pytestmark = pytest.mark.django_db
HEADING = "人员编号,公民身份号码,姓名,户号,与户主关系,社区,死亡日期"
ZHANG, LI, SON = number("1960-03-02", 11), number("1962-12-31", 22), number("1990-05-05", 31)
ROWS = (f"1,{LI},李娜,H1,妻,北湖社区,", f"2,{ZHANG},张伟,H1,户主,北湖社区,", f"3,{SON},张小明,H1,子,北湖社区,")
FILE = Callable[..., Path]


def loaded(office: Office, csv_file: FILE, *rows: str, name: str = "police.csv") -> Batch:
    return office.load(office.bring("police", csv_file(*rows, name=name, heading=HEADING)))


def members() -> dict[str, str]:
    with scoped(JOB):
        return {m.person.name: m.relation for m in Membership.objects.filter(until=None).select_related("person")}


def states(batch: Batch) -> list[tuple[str, str, str]]:
    with scoped(JOB):
        return sorted(Consequence.objects.filter(batch=batch).values_list("kind", "state", "why"))


def test_people_of_one_number_are_one_household_whoever_stands_first(office: Office, csv_file: FILE) -> None:
    batch = loaded(office, csv_file, *ROWS)
    assert batch.state == "loaded" and members() == {"张伟": "02", "李娜": "12", "张小明": "20"}
    assert states(batch) == [("household", "done", "")] * 3
    with scoped(office.actor):
        told = followed(office.actor, batch)
    assert told is not None and (told.placed, told.deaths, told.left) == (3, 0, [])


def test_taking_the_file_back_takes_its_households_back(office: Office, csv_file: FILE) -> None:
    batch = loaded(office, csv_file, *ROWS)
    assert outlook(office.actor, batch).leaving == 3, "what it founded itself holds nobody"
    assert office.undo(batch).kept == []
    with scoped(JOB):
        assert not Person.objects.exists() and not Household.objects.exists()


def test_a_household_on_which_something_was_built_stays(office: Office, csv_file: FILE) -> None:
    batch = loaded(office, csv_file, *ROWS)
    with scoped(JOB):
        household = Household.objects.get()
    guest = create_person(office.actor, region_id=office.regions["北湖社区"].id, name="赵六")
    join(JOB, household_id=household.pk, person_id=guest.pk, relation="98", since=AS_OF)
    undone = office.undo(batch)
    assert members() == {"张伟": "02", "赵六": "98"} and [one["why"] for one in undone.kept] == ["tied"]
    assert ("household", "stays", "") in states(batch)


def test_somebody_new_joins_the_household_the_register_knows(office: Office, csv_file: FILE) -> None:
    head = create_person(office.actor, region_id=office.regions["北湖社区"].id, name="张伟", id_number=ZHANG)
    home = create_household(JOB, head_id=head.pk, since=AS_OF)
    loaded(office, csv_file, *ROWS)
    with scoped(JOB):
        assert Household.objects.get() == home
    assert members() == {"张伟": "02", "李娜": "12", "张小明": "20"}


def test_nobody_is_moved_where_file_and_register_differ(office: Office, csv_file: FILE) -> None:
    wife = create_person(office.actor, region_id=office.regions["北湖社区"].id, name="李娜", id_number=LI)
    head = create_person(office.actor, region_id=office.regions["北湖社区"].id, name="张伟", id_number=ZHANG)
    for person in (wife, head):
        create_household(JOB, head_id=person.pk, since=AS_OF)
    batch = loaded(office, csv_file, *ROWS[:2])
    assert members() == {"李娜": "02", "张伟": "02"} and states(batch) == [("household", "left", "OTHER_HOUSEHOLD")]
    with scoped(office.actor):
        told = followed(office.actor, batch)
    assert told is not None and [pk for pk, _ in told.left] == [head.pk]


def test_without_a_head_nobody_is_placed(office: Office, csv_file: FILE) -> None:
    batch = loaded(office, csv_file, ROWS[0], ROWS[2])
    assert members() == {} and states(batch) == [("household", "left", "HEAD_MISSING")] * 2


def test_a_death_of_one_office_is_a_report_and_goes_with_the_file(office: Office, csv_file: FILE) -> None:
    batch = loaded(office, csv_file, f"2,{ZHANG},张伟,,,北湖社区,2026-10-01")
    with scoped(JOB):
        person, report = Person.objects.get(), DeathReport.objects.get()
        assert (
            person.died_on is None
            and report.source.code == "police"
            and "hold.benefits" in facts_of(JOB, person.pk, AS_OF.replace(month=12))
        )
    office.undo(batch)
    with scoped(JOB):
        assert not DeathReport.objects.filter(withdrawn_at=None).exists()


def test_two_offices_make_a_death_sure_and_it_stays(office: Office, csv_file: FILE) -> None:
    loaded(office, csv_file, f"2,{ZHANG},张伟,,,北湖社区,2026-10-01")
    names = {column.attribute: column.headings[0] for column in layout("family").columns}
    heading = ",".join([layout("family").key, *(names[name] for name in ("id_number", "name", "died_on"))])
    second = office.load(office.bring("family", csv_file(f"F1,{ZHANG},张伟,2026-10-01", name="second.csv", heading=heading)))
    with scoped(JOB):
        assert str(Person.objects.get().died_on) == "2026-10-01"
    office.undo(second)
    assert states(second) == [("death", "stays", "")]


def test_a_pass_that_is_killed_begins_anew_and_does_nothing_twice(office: Office, csv_file: FILE, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = office.bring("police", csv_file(*ROWS, heading=HEADING))
    order_load(office.actor, batch_id=batch.pk)
    load_on(batch.pk)
    assert office.again(batch).state == "following"
    monkeypatch.setattr(consequences, "PORTION", 1)
    filing = consequences.Filing()
    for _ in range(4):
        consequences.follow_portion(office.actor, batch_id=batch.pk, filing=filing)
    follow_on(batch.pk)
    assert office.again(batch).state == "loaded" and len(members()) == 3 and len(states(batch)) == 3
