"""Facilities: a code of their own, a life in steps, three units responsible, shares of confirmed ownership."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.casefile.tests.desk import city  # noqa: F401 - fixture
from linli.cases.casefile.tests.factories import City
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.componentcode import parse_component
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused
from linli.registry.bodies.tests.factories import allow, company
from linli.registry.facilities import actions, policy, queries
from linli.registry.facilities.actions.facilities import Details
from linli.registry.facilities.engine.kinds import kinds
from linli.registry.facilities.models import Facility
from linli.registry.facilities.types import NEXT, STATUSES, Share

TODAY = timezone.localdate
LAMP, DAY_CARE = "0102", "9002"


@pytest.fixture
def clerk(city: City) -> Actor:  # noqa: F811
    allow(city)
    return city.actor("clerk")


def lamp(city: City, actor: Actor, *, home: str = "home", kind: str = LAMP, **details: object) -> Facility:  # noqa: F811
    told = Details(**{"name": "抱石大道路灯", **details})  # type: ignore[arg-type]
    return actions.enter_facility(actor, region_id=city.regions[home].id, kind=kind, details=told, since=date(2020, 1, 1))


def test_the_tree_of_kinds_has_the_five_classes_of_components_and_what_serves_people() -> None:
    tree = kinds()
    assert {kind.code[:2] for kind in tree.values() if kind.component} == {"01", "02", "03", "04", "05"}
    assert [kind.label for kind in tree.values() if not kind.component][:2] == ["便民服务中心（站）", "日间照料中心"]
    assert all(len(code) == 4 and code.isdigit() for code in tree)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_is_rounded_half_up_and_of_nothing_there_is_none(confirmed: int, open_: int) -> None:
    share = Share("", confirmed, confirmed + open_)
    if not share.total:
        assert share.percent == "—"
        return
    assert abs(float(share.percent) - confirmed * 100 / share.total) <= 0.05 + 1e-9
    assert Share("", 1, 2000).percent == "0.1" and Share("", 1, 3).percent == "33.3" and Share("", 1, 1).percent == "100.0"


@pytest.mark.django_db
def test_codes_follow_each_other_by_county_and_kind(city: City, clerk: Actor) -> None:  # noqa: F811
    codes = [lamp(city, clerk).code, lamp(city, clerk).code, lamp(city, clerk, kind=DAY_CARE).code]
    assert codes == ["3605020102000001", "3605020102000002", "3605029002000001"]
    assert parse_component(codes[1]).serial == 2
    allow(city, "clerk")
    assert lamp(city, city.actor("stranger"), home="other").code == "3605020102000003", "the county counts, not the community"


@pytest.mark.django_db
def test_what_a_facility_cannot_be(city: City, clerk: Actor) -> None:  # noqa: F811
    for values, expected in (
        ({"kind": "0199"}, ("KIND_UNKNOWN", "kind")),
        ({"name": "x"}, ("NAME_FORMAT", "name")),
        ({"longitude": 27.8, "latitude": 114.9}, ("POSITION", "longitude")),
        ({"longitude": 114.9}, ("POSITION", "longitude")),
        ({"phone": "12"}, ("PHONE_FORMAT", "phone")),
        ({"addr_code": "nothing"}, ("PREMISES_UNKNOWN", "addr_code")),
    ):
        with pytest.raises(Invalid) as error:
            lamp(city, clerk, **values)
        assert (error.value.code, error.value.field) == expected
    for status, since, field in (("damaged", TODAY(), "status"), ("in_use", TODAY() + timedelta(days=1), "since")):
        with pytest.raises(Invalid) as error:
            actions.enter_facility(
                clerk, region_id=city.regions["home"].id, kind=LAMP, details=Details(name="路灯"), status=status, since=since
            )
        assert error.value.field == field
    with scoped(clerk):
        assert not Facility.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", STATUSES)
def test_only_the_steps_of_its_life_are_taken(city: City, clerk: Actor, status: str) -> None:  # noqa: F811
    made = lamp(city, clerk)
    if status in NEXT["in_use"]:
        actions.change_status(clerk, facility_id=made.pk, status=status, on=TODAY())
        with scoped(clerk):
            assert [row.status for row in queries.statuses_of(clerk, made)] == [status, "in_use"]
    else:
        with pytest.raises(Invalid) as error:
            actions.change_status(clerk, facility_id=made.pk, status=status, on=TODAY())
        assert (error.value.code, error.value.field) == ("STATUS_STEP", "status")


@pytest.mark.django_db
def test_what_is_struck_off_does_not_change_any_more(city: City, clerk: Actor) -> None:  # noqa: F811
    made = lamp(city, clerk)
    with pytest.raises(Invalid, match="lies before"):
        actions.change_status(clerk, facility_id=made.pk, status="removed", on=date(2019, 12, 31))
    actions.change_status(clerk, facility_id=made.pk, status="removed", on=TODAY(), note="拆除")
    for run in (
        lambda: actions.correct_facility(clerk, facility_id=made.pk, details=Details(name="路灯")),
        lambda: actions.assign_duty(clerk, facility_id=made.pk, duty="owner", who="home", since=TODAY()),
        lambda: actions.confirm_ownership(clerk, facility_id=made.pk, on=TODAY()),
    ):
        with pytest.raises(Conflict, match="struck off"):
            run()


@pytest.mark.django_db
def test_ownership_is_confirmed_when_three_units_are_known_and_anew_after_a_change(city: City, clerk: Actor) -> None:  # noqa: F811
    made, other, keeper = lamp(city, clerk), lamp(city, clerk), company(city, clerk)
    day = date(2024, 1, 1)
    actions.assign_duty(clerk, facility_id=made.pk, duty="owner", who="county_zj", since=day)
    actions.assign_duty(clerk, facility_id=made.pk, duty="competent", who="unit county_mz", since=day)
    with pytest.raises(Conflict, match="not all known"):
        actions.confirm_ownership(clerk, facility_id=made.pk, on=TODAY())
    actions.assign_duty(clerk, facility_id=made.pk, duty="upkeep", who=keeper.uscc, since=day)
    with pytest.raises(Invalid) as early:
        actions.confirm_ownership(clerk, facility_id=made.pk, on=day - timedelta(days=1))
    assert early.value.field == "on"
    actions.confirm_ownership(clerk, facility_id=made.pk, on=TODAY())
    with scoped(clerk):
        rows, total = queries.shares(clerk)
        assert [(row.place, row.confirmed, row.total, row.percent) for row in rows] == [("Beihu", 1, 2, "50.0")] and total.percent == "50.0"
    with pytest.raises(Conflict):
        actions.confirm_ownership(clerk, facility_id=made.pk, on=TODAY())
    actions.assign_duty(clerk, facility_id=made.pk, duty="upkeep", who="home", since=date(2025, 1, 1))
    with scoped(clerk):
        assert queries.shares(clerk)[1].percent == "0.0"
        duties = queries.duties_of(clerk, made)
    assert [(row.duty, row.name, row.until) for row in duties if row.duty == "upkeep"] == [
        ("upkeep", "unit home", None),
        ("upkeep", keeper.name, date(2025, 1, 1)),
    ]
    for who, code in (("home", "DUTY_SAME"), ("nobody", "RESPONSIBLE_UNKNOWN"), ("", "RESPONSIBLE_UNKNOWN")):
        with pytest.raises(LinliError) as error:
            actions.assign_duty(clerk, facility_id=made.pk, duty="upkeep", who=who, since=TODAY())
        assert (error.value.code, error.value.field) == (code, "who")
    actions.change_status(clerk, facility_id=other.pk, status="removed", on=TODAY())
    with scoped(clerk):
        assert queries.shares(clerk)[1].total == 1, "what is struck off does not count"


@pytest.mark.django_db
def test_another_community_sees_nothing(city: City, clerk: Actor) -> None:  # noqa: F811
    made, stranger = lamp(city, clerk), city.actor("stranger")
    with scoped(stranger):
        assert list(queries.facilities_in(stranger)) == [] and queries.shares(stranger)[0] == []
        assert not policy.can_view(stranger, made)
        with pytest.raises(NotFound):
            queries.get_facility(stranger, made.pk)
    with pytest.raises(NotFound):
        actions.change_status(stranger, facility_id=made.pk, status="damaged", on=TODAY())
    with pytest.raises(Refused):
        lamp(city, stranger)
    with pytest.raises(Refused):
        lamp(city, city.actor("reviewer"))
