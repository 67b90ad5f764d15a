"""Organisations: entered once a city, corrected by the ranks of sources, renamed, joined and ended with their history kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.casefile.tests.desk import city  # noqa: F401 - fixture
from linli.cases.casefile.tests.factories import City, resident
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused
from linli.lib.uscc import parse_uscc
from linli.registry.bodies import actions, policy, queries
from linli.registry.bodies.engine.city_bodies import CHARS, credit_code
from linli.registry.bodies.engine.values import check_code, read, written
from linli.registry.bodies.models import Body, BodyRole
from linli.registry.bodies.queries.panels import bodies_of_person
from linli.registry.bodies.tests.factories import allow, code, company, weigh_sources
from linli.registry.people.queries import tied
from linli.registry.sources.queries import open_claims

JOB = system_actor("test.bodies")
TODAY = timezone.localdate


@pytest.fixture
def clerk(city: City) -> Actor:  # noqa: F811
    allow(city)
    weigh_sources()
    return city.actor("clerk")


def fails(error: pytest.ExceptionInfo[LinliError]) -> tuple[str, str | None]:
    return error.value.code, error.value.field


# ---- codes and values


@given(st.integers(0, len(CHARS) ** 6 - 1), st.sampled_from(["91", "92", "93", "51", "52", "12"]), st.sampled_from(["MA", "MJ", "MB"]))
def test_made_credit_codes_pass_both_checks_and_are_nobodys(serial: int, begins: str, letters: str) -> None:
    found = parse_uscc(credit_code(begins, letters, serial))
    assert found.region_code == "360599"
    assert found.department_kind == begins


@given(st.lists(st.integers(0, 10**7), unique=True, min_size=2, max_size=50))
def test_no_serial_gives_the_code_of_another(serials: list[int]) -> None:
    assert len({credit_code("91", "MA", serial) for serial in serials}) == len(serials)


@given(st.integers(0, 10**6), st.integers(0, 17), st.sampled_from(CHARS))
def test_a_character_typed_wrongly_is_never_taken(serial: int, place: int, char: str) -> None:
    right = code(serial)
    wrong = right[:place] + char + right[place + 1 :]
    if wrong != right:
        with pytest.raises(Invalid) as error:
            read("uscc", wrong)
        assert error.value.field == "uscc"


@given(st.decimals(min_value=0, max_value=10**13, places=2))
def test_an_amount_is_read_as_it_is_written(amount: Decimal) -> None:
    assert read("capital", written(amount)) == amount


@pytest.mark.parametrize(
    ("attribute", "text"),
    [("capital", "1.234"), ("capital", "-1"), ("capital", "many"), ("employees", "3.5"), ("established_on", "2020-13-01"), ("industry", "Z"),
     ("org_code", "123456789"), ("phone", "12"), ("scope", "x" * 501)],
)  # fmt: skip
def test_what_cannot_be_read_names_its_field(attribute: str, text: str) -> None:
    with pytest.raises(Invalid) as error:
        read(attribute, text)
    assert error.value.field == attribute


def test_a_code_belongs_to_its_kind() -> None:
    check_code(code(1, "52"), "private_non_enterprise")
    check_code(code(1, "N2"), "other")
    with pytest.raises(Invalid, match="another kind"):
        check_code(code(1, "91"), "individual")
    with pytest.raises(Invalid, match="another kind"):
        check_code(code(1, "91"), "on_file")


# ---- entering


@pytest.mark.django_db
def test_entering_keeps_who_said_it_and_finds_it_again(city: City, clerk: Actor) -> None:  # noqa: F811
    made = company(city, clerk, capital="1,000,000", phone="13800001234", established_on="2015-06-01")
    with scoped(clerk):
        body = queries.get_body(clerk, made.pk)
        assert (body.capital, body.org_code, body.own_code) == (Decimal("1000000.00"), body.uscc[8:17], "")
        assert queries.origins_of_body(clerk, body)["capital"].source == "collected"
        for text in ("阳光物业", "物业服务", body.uscc, body.uscc.lower(), "138 0000 1234".replace(" ", "")):
            assert [found.pk for found in queries.find(clerk, text)] == [body.pk], text
        assert queries.find(clerk, "阳") == [] and queries.find(clerk, "阳光超市") == [] and queries.find(clerk, "") == []
    with scoped(system_actor("test.reader", permissions=["audit.view"])):
        entry = AuditEntry.objects.get(action="bodies.body_entered")
    assert "13800001234" not in str(entry.changes)


@pytest.mark.django_db
def test_a_credit_code_stands_once_in_the_city(city: City, clerk: Actor) -> None:  # noqa: F811
    company(city, clerk)
    with pytest.raises(Conflict) as error:
        company(city, city.actor("stranger"), home="other")  # out of sight of the one who entered it first
    assert fails(error) == ("BODY_KNOWN", "uscc")


@pytest.mark.django_db
def test_without_a_code_a_reason_and_the_platforms_own_code(city: City, clerk: Actor) -> None:  # noqa: F811
    with pytest.raises(Invalid) as error:
        company(city, clerk, uscc="", kind="on_file", name="北湖社区志愿服务队")
    assert fails(error) == ("CODE_MISSING", "uscc")
    made = [company(city, clerk, uscc="", kind="on_file", name=f"北湖社区{n}队", no_uscc_reason="街道备案") for n in ("一", "二")]
    assert [body.own_code for body in made] == ["ZD3605020010010001", "ZD3605020010010002"]
    waiting = actions.correct_body(
        clerk, body_id=made[0].pk, values={"uscc": code(7, "51"), "kind": "social_group"}, source="civil", as_of=TODAY()
    )
    with scoped(clerk):
        body = queries.get_body(clerk, made[0].pk)
    assert (waiting, body.kind, body.no_uscc_reason) == ([], "social_group", "")
    assert body.own_code == "ZD3605020010010001", "registered now, and still found by the code on its old papers"


@pytest.mark.django_db
def test_who_may_enter_and_see(city: City, clerk: Actor) -> None:  # noqa: F811
    made = company(city, clerk)
    stranger = city.actor("stranger")
    with scoped(stranger), pytest.raises(NotFound):
        queries.get_body(stranger, made.pk)
    with scoped(stranger):
        assert queries.find(stranger, made.uscc) == [] and queries.find(stranger, "阳光物业") == []
        assert not policy.can_view(stranger, made) and policy.can_view(clerk, made)
    with pytest.raises(Refused):
        company(city, stranger, 2)  # in somebody else's community
    with pytest.raises(NotFound):
        actions.rename_body(stranger, body_id=made.pk, name="新余市月光物业服务有限公司", since=TODAY())
    with pytest.raises(Refused):
        company(city, city.actor("reviewer"), 3)  # whose post does not include it


# ---- correcting


@pytest.mark.django_db
def test_what_a_stronger_source_says_stands_and_the_other_word_waits(city: City, clerk: Actor) -> None:  # noqa: F811
    made = company(city, clerk)
    assert actions.correct_body(clerk, body_id=made.pk, values={"capital": "500000"}, source="market", as_of=TODAY()) == []
    assert actions.correct_body(clerk, body_id=made.pk, values={"capital": "900000"}, source="collected", as_of=TODAY()) == ["capital"]
    with scoped(clerk):
        body = queries.get_body(clerk, made.pk)
        assert body.capital == 500_000 and queries.origins_of_body(clerk, body)["capital"].source == "market"
        (claim,) = open_claims(clerk, made.pk)
    other = company(city, clerk, 2, name="新余市月光商贸有限公司")
    with pytest.raises(NotFound):
        actions.decide_claim(clerk, body_id=other.pk, claim_id=claim.pk, accept=True)
    actions.decide_claim(clerk, body_id=made.pk, claim_id=claim.pk, accept=True)
    with scoped(clerk):
        assert queries.get_body(clerk, made.pk).capital == 900_000
    with pytest.raises(Conflict):
        actions.decide_claim(clerk, body_id=made.pk, claim_id=claim.pk, accept=False)


@pytest.mark.django_db
def test_corrections_that_do_not_fit_together_are_refused(city: City, clerk: Actor) -> None:  # noqa: F811
    made = company(city, clerk)
    for values, expected in (
        ({"uscc": code(9, "92")}, ("USCC_KIND", "uscc")),
        ({"uscc": ""}, ("CODE_MISSING", "uscc")),
        ({"org_code": "D2143569X"}, ("ORG_CODE_OTHER", "org_code")),
        ({"kind": ""}, ("KIND_MISSING", "kind")),
        ({"colour": "red"}, ("ATTRIBUTE_UNKNOWN", None)),
    ):
        with pytest.raises(Invalid) as error:
            actions.correct_body(clerk, body_id=made.pk, values=values, source="market", as_of=TODAY())
        assert fails(error) == expected
    with pytest.raises(Invalid) as error:
        actions.correct_body(clerk, body_id=made.pk, values={}, source="market", as_of=TODAY() + timedelta(days=1))
    assert fails(error) == ("DAY_AHEAD", "as_of")
    with scoped(clerk):
        assert queries.get_body(clerk, made.pk).uscc == made.uscc


# ---- names, statuses, joining


@pytest.mark.django_db
def test_a_former_name_stays_and_finds_it(city: City, clerk: Actor) -> None:  # noqa: F811
    made = company(city, clerk, established_on="2010-01-01")
    actions.rename_body(clerk, body_id=made.pk, name="新余市月光物业服务有限公司", since=date(2020, 5, 1))
    actions.add_former_name(clerk, body_id=made.pk, name="新余市星光物业管理所", until=date(2010, 1, 1))
    with scoped(clerk):
        assert [found.name for text in ("月光", "阳光物业", "星光") for found in queries.find(clerk, text)] == [
            "新余市月光物业服务有限公司"
        ] * 3
        rows = queries.known_names(clerk, queries.get_body(clerk, made.pk))
    assert [(row.name[3:5], row.until) for row in rows] == [("月光", None), ("阳光", date(2020, 5, 1)), ("星光", date(2010, 1, 1))]
    with pytest.raises(Invalid) as error:
        actions.rename_body(clerk, body_id=made.pk, name="新余市火光物业服务有限公司", since=date(2019, 1, 1))
    assert fails(error) == ("DAY_EARLY", "since")
    with pytest.raises(Invalid) as error:
        actions.rename_body(clerk, body_id=made.pk, name="新余市月光物业服务有限公司", since=TODAY())
    assert fails(error) == ("NAME_SAME", "name")


@pytest.mark.django_db
def test_deregistering_ends_every_role_and_every_change(city: City, clerk: Actor) -> None:  # noqa: F811
    made = company(city, clerk, established_on="2010-01-01")
    person = resident(city)
    actions.add_role(clerk, body_id=made.pk, role="legal", id_number=person.id_number, since=date(2010, 1, 1))
    with pytest.raises(Invalid) as error:
        actions.change_status(clerk, body_id=made.pk, status="active", on=TODAY())
    assert fails(error) == ("STATUS_SAME", "status")
    actions.change_status(clerk, body_id=made.pk, status="suspended", on=date(2022, 1, 1), note="停业")
    actions.change_status(clerk, body_id=made.pk, status="deregistered", on=date(2023, 1, 1))
    with scoped(clerk):
        body = queries.get_body(clerk, made.pk)
        assert [row.until for row in queries.roles_of(clerk, body=body)] == [date(2023, 1, 1)]
        assert [row.status for row in queries.statuses_of(clerk, body)] == ["deregistered", "suspended", "active"]
        assert queries.find(clerk, person.name)[0].pk == body.pk, "still found by who headed it last"
    for run in (
        lambda: actions.change_status(clerk, body_id=made.pk, status="active", on=TODAY()),
        lambda: actions.add_role(clerk, body_id=made.pk, role="contact", name="王小明", since=TODAY()),
        lambda: actions.correct_body(clerk, body_id=made.pk, values={"capital": "1"}, source="market", as_of=TODAY()),
    ):
        with pytest.raises(Conflict, match="deregistered"):
            run()


@pytest.mark.django_db
def test_joining_keeps_the_chain_of_predecessors(city: City, clerk: Actor) -> None:  # noqa: F811
    names = ("甲合唱团", "乙合唱团", "丙合唱团")
    one, two, three = (company(city, clerk, n, name=f"北湖{name}", uscc=code(n, "51"), kind="social_group") for n, name in enumerate(names))
    day = TODAY()
    actions.join_bodies(clerk, body_id=one.pk, into_id=two.pk, on=day, document="余民〔2026〕1号")
    actions.join_bodies(clerk, body_id=two.pk, into_id=three.pk, on=day, document="余民〔2026〕2号")
    with scoped(clerk):
        before, after = queries.chain_of(clerk, queries.get_body(clerk, three.pk))
        assert [row.predecessor_name for row in before] == ["北湖乙合唱团", "北湖甲合唱团"] and after == []
        assert [row.successor_id for row in queries.chain_of(clerk, queries.get_body(clerk, one.pk))[1]] == [two.pk, three.pk]
        assert queries.get_body(clerk, one.pk).status == "deregistered"
    other = company(city, clerk, 9)
    for into, expected in ((other.pk, "JOIN_KIND"), (three.pk, "JOIN_SELF"), (one.pk, "BODY_ENDED")):
        with pytest.raises(LinliError) as error:
            actions.join_bodies(clerk, body_id=three.pk, into_id=into, on=day, document="余民〔2026〕3号")
        assert error.value.code == expected


# ---- roles


@pytest.mark.django_db
def test_a_role_ties_a_person_and_shows_on_her_page(city: City, clerk: Actor) -> None:  # noqa: F811
    made, person = company(city, clerk), resident(city)
    role = actions.add_role(clerk, body_id=made.pk, role="legal", id_number=person.id_number, since=date(2020, 1, 1))
    with scoped(clerk):
        panel = bodies_of_person(clerk, person.pk)
        assert [(row.text, str(made.pk) in row.url) for row in panel.rows] == [(made.name, True)]
    with scoped(JOB):
        assert tied([person.pk]) == {person.pk}
        assert Body.objects.get(pk=made.pk).representative == person.name
    stranger = city.actor("stranger")
    with scoped(stranger):
        assert bodies_of_person(stranger, person.pk).rows == []
    actions.add_role(clerk, body_id=made.pk, role="legal", name="李建国", since=date(2024, 1, 1))
    with scoped(JOB):
        assert BodyRole.objects.get(pk=role.pk).until == date(2024, 1, 1)
        assert Body.objects.get(pk=made.pk).representative == "李建国"


@pytest.mark.django_db
def test_roles_that_cannot_be(city: City, clerk: Actor) -> None:  # noqa: F811
    made, person = company(city, clerk), resident(city)
    near = resident(city, name="Zhao Min", id_number="360599198001010025", home="other")
    shares: dict[str, Any] = {"body_id": made.pk, "role": "shareholder", "since": TODAY()}
    actions.add_role(clerk, **shares, name="王建国", share=Decimal(60))
    for values, expected in (
        ({**shares, "name": "李建国", "share": Decimal("40.01")}, ("SHARE_TOO_MUCH", "share")),
        ({**shares, "name": "李建国", "share": Decimal(0)}, ("SHARE_WRONG", "share")),
        ({**shares, "name": "王建国"}, ("ROLE_TWICE", "role")),
        ({**shares, "role": "contact", "name": "李建国", "share": Decimal(1)}, ("SHARE_WRONG", "share")),
        ({**shares, "role": "contact"}, ("NAME_MISSING", "name")),
        ({**shares, "role": "contact", "id_number": near.id_number}, ("PERSON_UNKNOWN", "id_number")),
        ({**shares, "role": "contact", "id_number": person.id_number, "name": "李建国"}, ("NAME_OTHER", "name")),
        ({**shares, "role": "king", "name": "李建国"}, ("CODE_UNKNOWN", "role")),
    ):
        with pytest.raises(LinliError) as error:
            actions.add_role(clerk, **values)
        assert fails(error) == expected
    role = actions.add_role(clerk, **shares, name="李建国", share=Decimal(40))
    with pytest.raises(Invalid) as early:
        actions.end_role(clerk, body_id=made.pk, role_id=role.pk, until=TODAY() - timedelta(days=1))
    assert fails(early) == ("DAY_EARLY", "until")
    actions.end_role(clerk, body_id=made.pk, role_id=role.pk, until=TODAY())
    with pytest.raises(Conflict):
        actions.end_role(clerk, body_id=made.pk, role_id=role.pk, until=TODAY())
