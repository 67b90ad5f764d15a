"""A dirty file of the market office is judged, loaded, reviewed, loaded again without a change, and taken back to the same register."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest

from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict, Invalid
from linli.registry.bodies.actions import add_role, correct_body, enter_body, rename_body
from linli.registry.bodies.engine.city_bodies import credit_code
from linli.registry.bodies.models import Body, BodyName, BodyRole, BodyStatus, Gram
from linli.registry.bodies.queries import heard_of, origins_of_body, text_of, usual_origin
from linli.registry.bodies.queries.bodies import SHOWN
from linli.registry.imports import queries
from linli.registry.imports.actions import decide_doubt
from linli.registry.imports.actions.corrections import note_on
from linli.registry.imports.models import Batch, Doubt
from linli.registry.imports.queries.corrections import as_notes
from linli.registry.imports.queries.downloads import write_verdicts
from linli.registry.imports.tests.conftest import JOB, Office
from linli.registry.imports.tests.known import number
from linli.registry.people.actions import create_person
from linli.registry.people.models import Person
from linli.registry.sources.models import Correction, Entry

pytestmark = pytest.mark.django_db
HEADING = (
    *("统一社会信用代码", "注册号", "企业名称", "企业类型", "登记状态", "法定代表人", "法定代表人证件号码", "住所", "所属社区", "成立日期"),
    *("营业期限止", "注册资本（万元）", "行业门类", "经营范围", "登记机关", "联系电话", "核准日期"),
)
LIMITED = "有限责任公司(自然人投资或控股)"
OWNER = number("1975-03-04", 101)


def code(serial: int, begins: str = "91") -> str:
    return credit_code(begins, "MA", serial)


def row(uscc: str, name: str, **said: str) -> list[str]:
    """As the office writes it, with something in every cell."""
    usual = {
        "统一社会信用代码": uscc,
        "注册号": "",
        "企业名称": name,
        "企业类型": LIMITED,
        "登记状态": "存续(在营、开业、在册)",
        "法定代表人": "王建国",
        "法定代表人证件号码": "",
        "住所": "新余市渝水区北湖路8号",
        "所属社区": "北湖社区",
        "成立日期": "2015年6月1日",
        "营业期限止": "长期",
        "注册资本（万元）": "500万元人民币",
        "行业门类": "批发和零售业",
        "经营范围": "日用百货零售",
        "登记机关": "渝水区市场监督管理局",
        "联系电话": "13800001234",
        "核准日期": "2026.10.20",
    }
    return [{**usual, **said}[heading] for heading in HEADING]


@pytest.fixture
def market(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(*rows: list[str], name: str = "法人库导出.csv", heading: tuple[str, ...] = HEADING) -> Path:
        out = StringIO()
        csv.writer(out).writerows([["市场主体登记信息"], list(heading), *rows])
        path = tmp_path / name
        path.write_bytes(out.getvalue().encode("gb18030"))
        return path

    return write


def bodies() -> dict[str, Body]:
    with scoped(JOB):
        return {body.name: body for body in Body.objects.all()}


def checksum() -> str:
    """Of what is logically there."""
    return hashlib.sha256("\n".join(told_of_all()).encode()).hexdigest()


def told_of_all() -> list[str]:
    """Values, whose word they are, history; without keys."""
    lines = []
    with scoped(JOB):
        for body in Body.objects.order_by("name"):
            said, usual = origins_of_body(JOB, body), usual_origin(body)
            values = [(n, text_of(body, n), said.get(n, usual)) for n in SHOWN]
            told = [(n, value, origin.source, str(origin.as_of)) for n, value, origin in values if value]
            names = sorted(map(str, BodyName.objects.filter(body=body).values_list("name", "since", "until")))
            statuses = sorted(map(str, BodyStatus.objects.filter(body=body).values_list("status", "on")))
            roles = sorted(map(str, BodyRole.objects.filter(body=body).values_list("name", "person_id", "role", "since", "until")))
            grams = sorted(Gram.objects.filter(body=body).values_list("gram", flat=True))
            lines.append(json.dumps([told, body.status_since, body.region_path, names, statuses, roles, grams], default=str))
    return lines


def known(office: Office) -> None:
    """A company, a shop without a credit code, and a resident who heads a company."""
    actor = office.actor
    with scoped(actor):
        place = office.regions["北湖社区"].pk
        create_person(actor, region_id=place, name="王建国", id_number=OWNER)
        first = enter_body(
            actor, region_id=place, name="新余市老店贸易有限公司", kind="enterprise", values={"uscc": code(1), "capital": "1000000"}
        )
        add_role(actor, body_id=first.pk, role="legal", name="李老板", since=date(2016, 1, 1))
        enter_body(actor, region_id=place, name="渝水区旺家便利店", kind="individual", values={"no_uscc_reason": "老执照"})
        enter_body(
            actor,
            region_id=place,
            name="渝水区注册号旧店",
            kind="individual",
            values={"no_uscc_reason": "老执照", "registration_no": "360502600012345"},
        )


DIRTY = (
    row(f" {code(1).lower()} ", "新余市老店商贸有限公司", 法定代表人证件号码=OWNER),  # renamed, other head, other capital
    row(code(2), "新余市新来科技有限公司", 企业类型="", 法定代表人="陈外地", 法定代表人证件号码=number("1980-01-01", 7)),
    row(code(3)[:17] + ("A" if code(3)[17] != "A" else "B"), "新余市错码有限公司"),
    row("", "渝水区旺家便利店", 企业类型="个体", 注册号=""),  # name and community only: somebody has to look
    row("", "渝水区注册号老店", 企业类型="个体工商户", 注册号="360502600012345"),  # the registration number tells it
    row(code(4), ""),
    row(code(5), "新余市哪里有限公司", 所属社区="不存在社区"),
    row(code(6, "92"), "渝水区类型写错店", 企业类型=LIMITED, **{"注册资本（万元）": "很多"}, 营业期限止="9999-12-31"),
    row(code(2), "新余市新来科技有限公司", 法定代表人="陈外地", 联系电话="13900009999"),  # the same once more
)


def test_a_dirty_file_is_judged_row_by_row_before_anything_is_written(office: Office, market, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    known(office)
    before = checksum()
    batch = office.bring("market", market(*DIRTY))
    assert batch.state == "checked" and batch.subject == "bodies"
    assert checksum() == before
    with scoped(office.actor):
        rows = {
            line: (str(verdict), [p.code for p in problems])
            for line, verdict, _, problems in queries.verdict_rows(office.actor, batch, "check")
        }
        name = write_verdicts(office.actor, batch, tmp_path / "out.csv", str)
    assert rows == {
        3: ("changed", []),
        4: ("new", []),
        5: ("refused", ["USCC_CHECK"]),
        6: ("doubtful", []),
        7: ("changed", []),
        8: ("refused", ["REQUIRED"]),
        9: ("refused", ["REGION_UNKNOWN", "REGION_MISSING"]),
        10: ("new", ["AMOUNT", "USCC_MISMATCH"]),
        11: ("changed", ["SAME_BODY"]),
    }
    told = (tmp_path / "out.csv").read_bytes().decode("gb18030")
    assert name.endswith(".csv") and "New organisation" in told and "typing error" in told


def test_loaded_values_say_whose_word_they_are_and_who_heads_it_is_linked(office: Office, market) -> None:  # type: ignore[no-untyped-def]
    known(office)
    batch = office.load(office.bring("market", market(*DIRTY)))
    assert batch.state == "loaded" and batch.loaded == batch.counts
    found = bodies()
    old = found["新余市老店商贸有限公司"]
    with scoped(JOB):
        said = origins_of_body(JOB, old)
        assert {said[n].source for n in ("name", "capital", "address", "representative")} == {"market"}
        assert said["name"].as_of == date(2026, 10, 20)
        assert (old.capital, old.representative, old.industry, old.established_on) == (Decimal(5_000_000), "王建国", "F", date(2015, 6, 1))
        head = BodyRole.objects.get(body=old, role="legal", until=None)
        assert head.person == Person.objects.get(name="王建国")
        assert BodyRole.objects.get(body=old, role="legal", name="李老板").until == date(2026, 10, 20)
        assert list(BodyName.objects.filter(body=old).order_by("until").values_list("name", "until")) == [
            ("新余市老店贸易有限公司", date(2026, 10, 20)),
            ("新余市老店商贸有限公司", None),
        ]
        fresh = found["新余市新来科技有限公司"]
        assert (fresh.kind, fresh.licence_until, fresh.representative) == ("enterprise", None, "陈外地")
        assert BodyRole.objects.get(body=fresh).person is None, "somebody the register does not know stays a name"
        entries = Entry.objects.filter(subject_id=fresh.pk)
        assert all("representative_id" not in str(entry.content) for entry in entries), "of a stranger no number is kept"
        assert found["渝水区类型写错店"].kind == "individual"
        assert found["渝水区注册号老店"].registration_no == "360502600012345"
        assert AuditEntry.objects.filter(action="imports.portion_loaded").exists()


def test_the_same_file_again_changes_nothing_and_taking_it_back_leaves_the_register_as_it_was(office: Office, market) -> None:  # type: ignore[no-untyped-def]
    known(office)
    before = checksum()
    path = market(*DIRTY)
    batch = office.load(office.bring("market", path))
    decide_all(office)
    loaded = checksum()
    again = office.load(office.bring("market", path))
    assert {name for name, n in again.loaded.items() if n} <= {"same", "refused", "changed"}, again.loaded
    assert checksum() == loaded
    assert office.undo(again).state == "undone"
    with scoped(office.actor):
        outlook = queries.outlook(office.actor, batch)
    assert (outlook.leaving, outlook.staying, outlook.doubts) == (2, 0, 0)
    assert office.undo(batch).state == "undone"
    assert checksum() == before
    assert office.again(batch).kept == []


def decide_all(office: Office) -> None:
    with scoped(office.actor):
        doubts = list(queries.open_doubts(office.actor))
    for doubt in doubts:
        decide_doubt(office.actor, doubt_id=doubt.pk, person_id=UUID(doubt.candidates[0]["person"]))


def test_a_name_alone_is_left_to_a_person_who_may_say_that_it_is_another(office: Office, market) -> None:  # type: ignore[no-untyped-def]
    known(office)
    office.load(office.bring("market", market(row("", "渝水区 旺家便利店", 企业类型="个体", 住所="北湖路9号"))))
    with scoped(office.actor):
        doubt = queries.open_doubts(office.actor).get()
    assert doubt.candidates[0]["why"] == "same_name"
    with pytest.raises(Invalid) as error:
        decide_doubt(office.actor, doubt_id=doubt.pk, person_id=UUID(int=1))
    assert error.value.code == "CANDIDATE_UNKNOWN"
    decide_doubt(office.actor, doubt_id=doubt.pk, person_id=None)
    with scoped(JOB):
        both = list(Body.objects.filter(name__contains="旺家便利店").order_by("id"))
        assert len(both) == 2 and both[1].own_code and both[1].no_uscc_reason
        assert Doubt.objects.get(pk=doubt.pk).state == "other"
    with pytest.raises(Conflict):
        decide_doubt(office.actor, doubt_id=doubt.pk, person_id=None)


def test_what_somebody_edited_later_stays_when_the_file_goes(office: Office, market) -> None:  # type: ignore[no-untyped-def]
    known(office)
    batch = office.load(office.bring("market", market(DIRTY[0])))
    body = bodies()["新余市老店商贸有限公司"]
    with scoped(office.actor):
        rename_body(office.actor, body_id=body.pk, name="新余市后改名有限公司", since=date(2026, 11, 1))
        waiting = correct_body(office.actor, body_id=body.pk, values={"phone": "13700007777"}, source="collected", as_of=date(2026, 11, 2))
    assert waiting == []
    office.undo(batch)
    with scoped(JOB):
        left = Body.objects.get(pk=body.pk)
    assert (left.name, left.phone, left.capital, left.representative) == (
        "新余市后改名有限公司",
        "13700007777",
        Decimal(1_000_000),
        "李老板",
    )


def test_a_deregistration_ends_the_roles_and_taking_it_back_gives_them_back(office: Office, market) -> None:  # type: ignore[no-untyped-def]
    known(office)
    before = told_of_all()
    batch = office.load(office.bring("market", market(row(code(1), "新余市老店贸易有限公司", 登记状态="注销"))))
    with scoped(JOB):
        body = Body.objects.get(uscc=code(1))
        assert body.status == "deregistered" and not BodyRole.objects.filter(body=body, until=None).exists()
    office.undo(batch)
    assert told_of_all() == before


def test_an_office_whose_word_does_not_win_is_told(office: Office, market) -> None:  # type: ignore[no-untyped-def]
    known(office)
    body = bodies()["新余市老店贸易有限公司"]
    with scoped(office.actor):
        rename_body(office.actor, body_id=body.pk, name="新余市看过执照有限公司", since=date(2026, 10, 1))
    batch = office.load(office.bring("market", market(row(code(1), "新余市老店贸易有限公司"))))
    note_on(batch.pk, "")
    with scoped(office.actor):
        notes = as_notes(list(Correction.objects.filter(attribute="body.name").select_related("source", "our_source")))
        heard = heard_of(office.actor, Body.objects.get(pk=body.pk), "name")
    assert [(note.name, note.number, note.theirs, note.page) for note in notes] == [
        ("新余市看过执照有限公司", code(1), "新余市老店贸易有限公司", "bodies_desk_body")
    ]
    assert heard[0].stands and heard[0].offer.locked_until is not None


def test_societies_are_read_in_their_own_layout(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "社会组织.csv"
    heading = (
        "统一社会信用代码,社会组织名称,类型,法定代表人,业务主管单位,开办资金（万元）,住所,所属社区,成立登记日期,证书有效期止,是否建立党组织"
    )
    path.write_text(
        f"{heading}\n{code(1, '52')},渝水区暖阳社会工作服务中心,社会服务机构,周海燕,渝水区民政局,3,北湖路1号,东湖社区,2020-05-01,2027-04-30,是\n",
        encoding="utf-8-sig",
    )
    office.load(office.bring("societies", path))
    found = bodies()["渝水区暖阳社会工作服务中心"]
    assert (found.kind, found.supervisor, found.capital, found.licence_until, found.has_party) == (
        *("private_non_enterprise", "渝水区民政局", Decimal(30_000), date(2027, 4, 30)),
        True,
    )
    assert found.region_path == office.regions["东湖社区"].path


def test_organisations_outside_the_area_of_who_brings_the_file_are_refused(office: Office, market) -> None:  # type: ignore[no-untyped-def]
    """The officer works for one community from now on."""
    from linli.foundation.units.models import Post, Unit
    from linli.lib.remembered import forget_all

    with scoped(JOB):
        unit = Unit(
            code="BH",
            name="北湖社区",
            level="community",
            line="ZS",
            region=office.regions["北湖社区"],
            region_path=office.regions["北湖社区"].path,
        )
        unit.save()
        Post.objects.update(unit=unit)
    forget_all()
    batch: Batch = office.bring(
        "market", market(row(code(1), "新余市别处有限公司", 所属社区="东湖社区"), row(code(2), "新余市这里有限公司"))
    )
    assert batch.counts == {"refused": 1, "new": 1}


def test_an_unknown_one_without_a_code_is_entered_only_where_its_list_says_why(office: Office, market, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    office.load(office.bring("market", market(row("", "渝水区没见过的小店", 企业类型="个体", 注册号="360502600099999"))))
    made = bodies()["渝水区没见过的小店"]
    assert made.no_uscc_reason == "尚未换发统一社会信用代码" and made.own_code and made.registration_no == "360502600099999"
    assert not made.uscc
