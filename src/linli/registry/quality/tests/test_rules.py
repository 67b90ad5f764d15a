"""What the rules of the national pack find, and what becomes of a problem from one examination to the next."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict, Invalid
from linli.registry.households.models import Occupancy
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises
from linli.registry.quality.actions.deciding import mend, reopen, waive
from linli.registry.quality.actions.running import JOB as EXAMINER
from linli.registry.quality.actions.running import begin_nightly, examine_on, order_examination
from linli.registry.quality.engine.pack import read_rules
from linli.registry.quality.models import Examination, Issue, Result, Rule
from linli.registry.quality.tests.conftest import JOB, Register

pytestmark = pytest.mark.django_db


def found(register: Register) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in register.issues():
        counts[one.rule.code] = counts.get(one.rule.code, 0) + 1
    return counts


def test_a_good_record_breaks_no_rule_that_makes_a_task(register: Register) -> None:
    person = register.person()
    register.household((person, "02"))
    assert register.examine() == 0
    assert found(register) == {}


def test_what_is_missing_or_in_no_table(register: Register) -> None:
    register.person(id_number="")
    register.person(live_address="", sex="0")
    register.person(ethnicity="99", marital="77")
    register.examine()
    expected = {"id_missing": 1, "address_missing": 1, "sex_unknown": 1, "ethnicity_unknown": 1, "marital_unknown": 1}
    assert found(register) == expected


def test_a_number_that_says_another_day_or_sex(register: Register) -> None:
    right = register.person()
    wrong_day, wrong_sex = register.person(), register.person()
    with scoped(JOB):
        Person.objects.filter(pk=wrong_day.pk).update(birth_date=date(1981, 1, 1))
        Person.objects.filter(pk=wrong_sex.pk).update(sex="2")
    register.examine()
    assert {one.subject_id for one in register.issues("id_disagrees")} == {wrong_day.pk, wrong_sex.pk}
    assert right.pk not in {one.subject_id for one in register.issues()}


def test_the_same_number_twice_is_found_across_communities(register: Register) -> None:
    one = register.person()
    other = register.person("东湖社区", id_number=one.id_number)
    register.examine()
    assert [row.subject_id for row in register.issues("id_twice")] == [one.pk], "each community mends its own"
    register.examine("东湖社区")
    assert {row.subject_id for row in register.issues("id_twice")} == {one.pk, other.pk}


def test_five_may_share_a_telephone_and_six_may_not(register: Register) -> None:
    for _ in range(5):
        register.person(phone="13911112222")
    register.examine()
    assert register.issues("phone_shared") == []
    register.person("东湖社区", phone="13911112222")
    register.examine()
    assert len(register.issues("phone_shared")) == 5, "the sixth lives in the other community"


def test_households_without_a_living_head_or_an_adult(register: Register) -> None:
    dead, widow = register.person(), register.person(sex="1")
    dead_head = register.household((dead, "02"), (widow, "51"))
    headless = register.household((register.person(), "51"))
    today = timezone.localdate()
    child = register.person(birth_date=today - timedelta(days=3650))
    alone = register.household((child, "02"))
    with scoped(JOB):
        Person.objects.filter(pk=dead.pk).update(died_on=today)
    register.examine()
    assert [one.subject_id for one in register.issues("dead_head")] == [dead_head.pk]
    assert [one.subject_id for one in register.issues("no_head")] == [headless.pk]
    assert [one.subject_id for one in register.issues("child_alone")] == [alone.pk]


def test_two_homes_a_wife_who_is_a_man_and_an_address_without_a_number(register: Register) -> None:
    husband, wife = register.person(), register.person()
    register.household((husband, "02"), (wife, "12"))
    region = register.region("北湖社区")
    with scoped(JOB):
        for n, road in enumerate(("北湖路", "")):
            home = Premises(addr_code=f"A{n}", region=region, region_path=region.path, road=road, door_no="1号", address="北湖路1号")
            home.save(force_insert=True)
            Occupancy(person=husband, premises=home, role="living", region_path=region.path).save(force_insert=True)
    register.examine()
    assert found(register) == {"two_homes": 1, "relation_sex": 1, "address_not_standard": 1}
    assert register.issues("relation_sex")[0].subject_id == wife.pk


def test_the_same_problem_is_one_issue_and_closes_by_itself(register: Register) -> None:
    person = register.person(live_address="")
    assert register.examine() == 1
    assert register.examine() == 0
    (issue,) = register.issues()
    with scoped(JOB):
        Person.objects.filter(pk=person.pk).update(live_address="北湖路2号")
    register.examine()
    (mended,) = register.issues(state="mended")
    assert mended.pk == issue.pk and mended.ended_by == "", "an examination has closed it"
    with scoped(JOB):
        Person.objects.filter(pk=person.pk).update(live_address="")
    assert register.examine() == 1
    assert [one.pk for one in register.issues()] == [issue.pk], "the same row, open again"


def test_a_problem_goes_along_with_somebody_who_moves(register: Register) -> None:
    person = register.person(live_address="")
    register.examine()
    other = register.region("东湖社区")
    with scoped(JOB):
        Person.objects.filter(pk=person.pk).update(region=other, region_path=other.path)
    register.examine("东湖社区")
    (issue,) = register.issues()
    assert issue.region_path == other.path
    register.examine()
    assert [one.pk for one in register.issues()] == [issue.pk]


def test_mended_is_believed_only_when_it_is_true(register: Register) -> None:
    person = register.person(live_address="")
    register.examine()
    (issue,) = register.issues()
    with pytest.raises(Conflict) as refused:
        mend(register.clerk_actor, issue_id=issue.pk)
    assert refused.value.code == "STILL_WRONG" and register.issues() != []
    with scoped(JOB):
        Person.objects.filter(pk=person.pk).update(live_address="北湖路2号")
    assert mend(register.clerk_actor, issue_id=issue.pk).state == "mended"


def test_what_stays_needs_a_reason_and_stays_through_examinations(register: Register) -> None:
    person = register.person(live_address="")
    register.examine()
    (issue,) = register.issues()
    with pytest.raises(Invalid):
        waive(register.clerk_actor, issue_id=issue.pk, reason=" ")
    waive(register.clerk_actor, issue_id=issue.pk, reason="居无定所，由救助站代管")
    assert register.examine() == 0
    assert [one.state for one in register.issues(state="waived")] == ["waived"]
    reopen(register.clerk_actor, issue_id=issue.pk)
    waive(register.clerk_actor, issue_id=issue.pk, reason="居无定所，由救助站代管")
    with scoped(JOB):
        Person.objects.filter(pk=person.pk).update(live_address="北湖路2号")
    register.examine()
    assert [one.state for one in register.issues(state="mended")] == ["mended"]


def test_results_are_sums_by_source_and_are_not_doubled(register: Register) -> None:
    register.person()
    register.person(id_number="")
    for _ in range(2):
        register.examine()
    with scoped(JOB):
        (row,) = Result.objects.filter(rule__code="id_missing")
    assert (row.total, row.failed, row.source) == (2, 1, "")


def test_an_ordered_examination_walks_all_communities_once(register: Register) -> None:
    register.person(live_address="")
    register.person("东湖社区", live_address="")
    order = order_examination(register.officer)
    with pytest.raises(Conflict):
        order_examination(register.officer)
    assert examine_on(order.pk, turn_s=0.0) is True, "one community a turn here"
    while examine_on(order.pk):
        pass
    with scoped(JOB):
        row = Examination.objects.get(pk=order.pk)
    assert (row.state, row.communities) == ("done", 2)
    assert len(register.issues()) == 2
    assert examine_on(order.pk) is False


def test_the_nightly_examination_waits_for_one_that_runs(register: Register) -> None:
    assert begin_nightly(EXAMINER, now=timezone.now()) is not None
    assert begin_nightly(EXAMINER, now=timezone.now()) is None


def test_a_rule_that_left_its_pack_is_not_examined_and_its_problems_end(register: Register) -> None:
    register.person(live_address="")
    register.examine()
    Rule.objects.filter(code="address_missing").update(active=False)
    register.examine()
    assert register.issues() == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{code: x1, name: 甲, level: E, about: person, kind: validity, check: nothing, weight: 1, owner: 甲}", "there is no 'nothing'"),
        (
            "{code: x1, name: 甲, level: E, about: household, kind: validity, check: age, what: {most: 1}, weight: 1, owner: 甲}",
            "is about person",
        ),
        (
            "{code: x1, name: 甲, level: E, about: person, kind: validity, check: missing, what: {column: pinyin}, weight: 1, owner: 甲}",
            "pinyin",
        ),
        ("{code: x1, name: 甲, level: E, about: person, kind: validity, check: age, weight: 1, owner: 甲}", "needs most"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused_with_its_place(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "quality.yaml").write_text(f"rules:\n  - {line}\n", encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        read_rules(tmp_path)
    assert told in str(refused.value.data) + refused.value.message


def test_an_issue_of_another_community_is_not_there(register: Register) -> None:
    register.person("东湖社区", live_address="")
    register.examine("东湖社区")
    (issue,) = register.issues()
    with pytest.raises(Exception, match="such problem"):
        mend(register.clerk_actor, issue_id=issue.pk)
    with scoped(JOB):
        assert Issue.objects.get(pk=issue.pk).state == "open"
