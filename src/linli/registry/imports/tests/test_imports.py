"""A file is checked without writing, loaded, told row by row, and taken back; doubtful rows wait for a person."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict, Invalid, Unavailable
from linli.registry.imports import queries
from linli.registry.imports.actions import (
    check_on,
    checking,
    decide_doubt,
    fail,
    load_on,
    loading,
    order_load,
    order_undo,
    resume,
    turns,
    upload,
)
from linli.registry.imports.engine import preparing
from linli.registry.imports.models import Batch
from linli.registry.imports.queries.downloads import write_verdicts
from linli.registry.imports.tests.conftest import AS_OF, JOB, Office
from linli.registry.imports.tests.known import number
from linli.registry.people.actions import apply_value, create_person
from linli.registry.people.models import Person
from linli.registry.people.queries import origins_about
from linli.registry.sources.models import Entry, Provenance

pytestmark = pytest.mark.django_db
ZHANG, LI = number("1985-03-02", 11), number("1990-12-31", 22)
FILE = Callable[..., Path]


def zhang(office: Office, **values: str) -> Person:
    return create_person(
        office.actor, region_id=office.regions["北湖社区"].id, name="张伟", id_number=ZHANG, values={"live_address": "甲街1号", **values}
    )


def test_a_check_says_what_would_happen_and_writes_nothing(office: Office, csv_file: FILE) -> None:
    person = zhang(office)
    batch = office.bring(
        "self",
        csv_file(
            f"张伟,{ZHANG},男,1985-03-02,丙街3号,15400001234,北湖社区",
            f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区",
            f"王五,{LI[:17]}{'0' if LI[17] != '0' else '1'},女,1990-12-31,乙街2号,,东湖社区",
            "赵六,,男,1970-01-01,丁街4号,,",
        ),
    )
    assert batch.state == "checked"
    assert batch.counts == {"changed": 1, "new": 1, "refused": 2}
    with scoped(office.actor):
        rows = list(queries.verdict_rows(office.actor, batch, "check"))
    assert [(line, str(verdict), [p.code for p in problems]) for line, verdict, _, problems in rows] == [
        (2, "changed", []),
        (3, "new", []),
        (4, "refused", ["ID_CHECK"]),
        (5, "refused", ["REGION_MISSING"]),
    ]
    assert [p.name for p in office.people()] == ["张伟"] and office.person(person.pk).live_address == "甲街1号"
    with scoped(JOB):
        assert not Entry.objects.exists()


def test_a_load_writes_people_and_values_with_where_they_came_from(office: Office, csv_file: FILE) -> None:
    person = zhang(office)
    batch = office.load(
        office.bring(
            "self", csv_file(f"张伟,{ZHANG},男,1985-03-02,丙街3号,15400001234,北湖社区", f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区")
        )
    )
    assert (batch.state, batch.loaded) == ("loaded", {"changed": 1, "new": 1})
    old = office.person(person.pk)
    assert (old.live_address, old.phone) == ("甲街1号", "15400001234"), "what the community has entered today is newer than the file"
    new = next(p for p in office.people() if p.name == "李娜")
    assert (new.region, new.sex, new.birth_date, new.live_address) == (office.regions["东湖社区"], "2", date(1990, 12, 31), "乙街2号")
    with scoped(office.actor):
        said = origins_about(office.actor, [new])[new.pk]
        assert {name: (origin.label, origin.as_of) for name, origin in said.items()}["live_address"] == ("社区采集", AS_OF)
        assert origins_about(office.actor, [old])[old.pk]["phone"].entry_id is not None
        assert not Provenance.objects.filter(subject_id=new.pk).exists(), "the entry that brought her speaks for all her values"


def test_the_same_file_again_says_nothing_new(office: Office, csv_file: FILE) -> None:
    path = csv_file(f"张伟,{ZHANG},男,1985-03-02,丙街3号,15400001234,北湖社区", "李娜,,女,1990-12-31,乙街2号,15400005678,东湖社区")
    first = office.load(office.bring("self", path))
    assert first.loaded == {"new": 2}
    again = office.load(office.bring("self", path))
    assert again.loaded == {"same": 2} and len(office.people()) == 2
    with scoped(JOB):
        assert Entry.objects.count() == 2


def test_two_rows_of_one_person_make_one_person(office: Office, csv_file: FILE) -> None:
    path = csv_file(f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区", f"李娜,{LI},女,1990-12-31,乙街2号,15400005678,东湖社区")
    batch = office.bring("self", path)
    assert batch.counts == {"new": 1, "changed": 1}
    office.load(batch)
    (person,) = office.people()
    assert person.phone == "15400005678"


def test_taking_back_restores_what_stood_and_removes_whom_it_brought(office: Office, csv_file: FILE) -> None:
    person = zhang(office, phone="15400009999")
    apply_value(JOB, person_id=person.pk, attribute="marital", value="10", source="shared", as_of=date(2020, 5, 1))
    civil = csv_file(
        f"C1,{ZHANG},张伟,离婚,2026-10-01",
        name="civil.csv",
        heading="登记编号,身份证号,姓名,婚姻状况,登记日期",
    )
    mapping = queries.layout("civil")
    civil.write_text(_civil_file(mapping.key, mapping.as_of), encoding="utf-8")
    batch = office.load(office.bring("civil", civil))
    assert batch.loaded == {"changed": 1, "new": 1}, batch.loaded
    assert office.person(person.pk).marital == "40" and len(office.people()) == 2
    back = office.undo(batch)
    assert back.state == "undone" and back.kept == []
    (left,) = office.people()
    assert (left.pk, left.marital, left.phone) == (person.pk, "10", "15400009999")
    with scoped(office.actor):
        assert origins_about(office.actor, [left])[left.pk]["marital"].as_of == date(2020, 5, 1)
    reloaded = office.load(office.bring("civil", civil))
    assert reloaded.loaded == {"changed": 1, "new": 1} and office.person(person.pk).marital == "40"


def _civil_file(key: str, as_of: str) -> str:
    heading = f"{key},身份证号码,姓名,婚姻状况,{as_of},所属社区"
    return f"{heading}\nC1,{ZHANG},张伟,离婚,2026-10-01,\nC2,{LI},李娜,未婚,2026-10-01,东湖社区\n"


def test_taking_back_keeps_later_edits_and_people_something_hangs_on(office: Office, csv_file: FILE) -> None:
    batch = office.load(
        office.bring("self", csv_file(f"李娜,{LI},女,1990-12-31,乙街2号,15400005678,东湖社区", f"张伟,{ZHANG},男,,,,东湖社区"))
    )
    na = next(p for p in office.people() if p.name == "李娜")
    apply_value(JOB, person_id=na.pk, attribute="phone", value="15400007777", source="licence", as_of=date(2026, 11, 20))
    other = csv_file(f"李娜,{LI},女,1990-12-31,戊街5号,,东湖社区", name="later.csv")
    office.load(office.bring("self", other))
    with scoped(office.actor):
        outlook = queries.outlook(office.actor, batch)
    assert (outlook.leaving, outlook.staying, outlook.names) == (1, 1, [(na.pk, "李娜")])
    back = office.undo(batch)
    assert back.kept == [{"person": str(na.pk), "why": "said"}]
    (left,) = office.people()
    assert (left.name, left.phone, left.live_address) == ("李娜", "15400007777", "戊街5号")


def test_one_number_and_another_name_waits_for_a_person(office: Office, csv_file: FILE) -> None:
    person = zhang(office)
    batch = office.load(office.bring("self", csv_file(f"欧阳建国,{ZHANG},男,1985-03-02,乙街2号,,东湖社区")))
    assert batch.loaded == {"doubtful": 1} and len(office.people()) == 1
    with scoped(office.actor):
        (doubt,) = queries.open_doubts(office.actor)
    assert [(one["person"], one["why"]) for one in doubt.candidates] == [(str(person.pk), "shared_number")]
    with pytest.raises(Invalid, match="CANDIDATE_UNKNOWN"):
        decide_doubt(office.actor, doubt_id=doubt.pk, person_id=UUID(int=1))
    decide_doubt(office.actor, doubt_id=doubt.pk, person_id=None)
    names = {p.name: p for p in office.people()}
    assert set(names) == {"张伟", "欧阳建国"}
    assert names["欧阳建国"].id_index is None, "nobody gets a number somebody else has without being asked"
    with pytest.raises(Conflict, match="DOUBT_DECIDED"):
        decide_doubt(office.actor, doubt_id=doubt.pk, person_id=person.pk)
    office.undo(batch)
    assert [p.name for p in office.people()] == ["张伟"]


def test_a_doubtful_row_that_is_the_same_person_changes_her_values(office: Office, csv_file: FILE) -> None:
    person = zhang(office)
    batch = office.load(office.bring("self", csv_file(f"欧阳建国,{ZHANG},男,1985-03-02,乙街2号,15400005678,北湖社区")))
    with scoped(office.actor):
        (doubt,) = queries.open_doubts(office.actor)
    assert not office.person(person.pk).phone
    decide_doubt(office.actor, doubt_id=doubt.pk, person_id=person.pk)
    assert office.person(person.pk).phone == "15400005678"
    office.undo(batch)
    assert not office.person(person.pk).phone


def test_a_file_that_loads_nothing_says_so(office: Office, csv_file: FILE) -> None:
    batch = office.bring("self", csv_file("赵六,,男,1970-01-01,丁街4号,,", "钱七,123,男,,,,"))
    assert batch.counts == {"refused": 2}


def test_a_file_that_cannot_be_read_is_refused_beside_the_field(office: Office) -> None:
    for name, content, code in (("a.exe", b"MZ\x90\x00", "FILE_TYPE"), ("a.csv", b"one,two\n1,2\n", "HEADINGS_MISSING")):
        with pytest.raises(Invalid) as refused:
            upload(office.actor, file=BytesIO(content), name=name, layout="self", as_of=AS_OF)
        assert (refused.value.code, refused.value.field) == (code, "file")
    with pytest.raises(Invalid, match="AS_OF_AHEAD"):
        upload(office.actor, file=BytesIO(b"x"), name="a.csv", layout="self", as_of=date(2999, 1, 1))


def test_a_batch_is_loaded_once(office: Office, csv_file: FILE) -> None:
    batch = office.load(office.bring("self", csv_file(f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区")))
    with pytest.raises(Conflict, match="BATCH_STATE"):
        order_load(office.actor, batch_id=batch.pk)


def test_the_file_goes_back_in_its_own_layout_with_reasons(office: Office, csv_file: FILE, tmp_path: Path) -> None:
    batch = office.bring("self", csv_file(f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区", "钱七,123,男,,=1+1,,"))
    out = tmp_path / "out.csv"
    with scoped(office.actor):
        name = write_verdicts(office.actor, batch, out, lambda text: text)
    assert name == f"rows-{batch.made_at:%Y%m%d}.csv"
    heading, first, second = out.read_text(encoding="utf-8-sig").splitlines()
    assert heading.startswith("姓名,身份证号") and heading.endswith("What becomes of the row,Reasons")
    assert first.endswith("New person,") and second.split(",")[0] == "钱七" and "Row refused" in second


def test_a_community_takes_those_whose_rows_name_none(office: Office, csv_file: FILE) -> None:
    batch = office.load(office.bring("self", csv_file(f"李娜,{LI},女,1990-12-31,乙街2号,,"), community="360502001002"))
    assert batch.loaded == {"new": 1} and office.people()[0].region == office.regions["东湖社区"]


def test_work_that_breaks_off_says_so_and_goes_on_where_it_was(office: Office, csv_file: FILE, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"人员甲{'一二三四五六七八九十'[n]},,男,19{60 + n}-01-02,乙街{n}号,,东湖社区" for n in range(10)]
    batch = office.bring("self", csv_file(*rows))
    monkeypatch.setattr(preparing, "PORTION", 4)
    order_load(office.actor, batch_id=batch.pk)
    with monkeypatch.context() as broken:
        _break_off_after(broken, portions=1)
        with pytest.raises(ZeroDivisionError):
            load_on(batch.pk)
    fail(batch.pk, ZeroDivisionError())
    failed = office.again(batch)
    assert (failed.state, failed.error["during"], len(office.people())) == ("failed", "loading", 4)
    with pytest.raises(Conflict, match="BATCH_STATE"):
        order_load(office.actor, batch_id=batch.pk)
    resume(office.actor, batch_id=batch.pk)
    load_on(batch.pk)
    assert office.again(batch).loaded == {"new": 10} and len(office.people()) == 10


def test_a_long_file_is_read_by_a_process_of_its_own_that_is_kept_for_the_next_turn(
    office: Office, csv_file: FILE, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"人员{n},1,男,1960-01-02,乙街{n}号,,东湖社区" for n in range(4600)]  # refused by their numbers: quick
    monkeypatch.setattr(turns, "LONG_BYTES", 0)
    batch = upload(office.actor, file=csv_file(*rows).open("rb"), name="long.csv", layout="self", as_of=AS_OF)
    monkeypatch.setattr(turns, "TURN_S", -1.0)  # a portion a turn
    check_on(batch.pk)
    (reader,) = multiprocessing.active_children()
    check_on(batch.pk)
    assert multiprocessing.active_children() == [reader]
    reader.kill()
    reader.join()
    with pytest.raises(Unavailable, match="READER_DIED"):
        check_on(batch.pk)
    while office.again(batch).state == "checking":
        check_on(batch.pk)
    assert office.again(batch).counts == {"refused": 4600} and not multiprocessing.active_children()


def test_a_check_remembers_in_its_later_turns_whom_it_met_in_earlier_ones(
    office: Office, csv_file: FILE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "PORTION", 1)
    monkeypatch.setattr(turns, "TURN_S", -1.0)
    row = f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区"
    batch = upload(office.actor, file=BytesIO(csv_file(row, row).read_bytes()), name="twice.csv", layout="self", as_of=AS_OF)
    while office.again(batch).state == "checking":
        check_on(batch.pk)
    with scoped(JOB):
        _, (_, verdict, _, problems) = [one for part in queries.parts_of(JOB, batch, "check") for one in part.verdicts]
    assert (verdict, problems[0][2], problems[0][4]) == ("changed", "SAME_PERSON", {"line": 2})


def test_a_check_that_breaks_off_is_never_loaded_unchecked(office: Office, csv_file: FILE) -> None:
    batch = office.bring("self", csv_file(f"李娜,{LI},女,1990-12-31,乙街2号,,东湖社区"))
    with scoped(JOB):
        Batch.objects.filter(pk=batch.pk).update(state="checking")
    fail(batch.pk, ZeroDivisionError())
    for order in (order_load, order_undo):
        with pytest.raises(Conflict, match="BATCH_STATE"):
            order(office.actor, batch_id=batch.pk)
    resume(office.actor, batch_id=batch.pk)
    check_on(batch.pk)
    assert office.again(batch).state == "checked"


def _break_off_after(broken: pytest.MonkeyPatch, *, portions: int) -> None:
    done: list[int] = []
    part_of = checking.part_of  # the portion is written by then, and not kept

    def breaking(*args: Any) -> Any:
        if len(done) == portions:
            raise ZeroDivisionError
        done.append(1)
        return part_of(*args)

    broken.setattr(loading, "part_of", breaking)
