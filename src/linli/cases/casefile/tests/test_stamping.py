"""Stamped cases are real cases: the real actions take them on from wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.actions.stamping import stamp_cases
from linli.cases.casefile.actions.steps import STEP_PERMISSION
from linli.cases.casefile.engine.stamp_answers import Applicant, Profile, compile_form
from linli.cases.casefile.models import Case, CaseForm, Material, Paper, Task, TimelineEntry
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.casefile.queries.stamp_city import checksum_lines
from linli.cases.casefile.tests.factories import City, small_city
from linli.cases.catalogue.queries import current_definition
from linli.cases.supervision.models import Clock, Rung, Suspension
from linli.cases.workflow import engine as workflow
from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, ActorKind, RegionRange, system_actor
from linli.lib.casenumber import parse_case_number
from linli.lib.idcard import check_digit
from linli.lib.uuid7 import uuid7
from linli.registry.people.models import Person
from linli.registry.sources.models import Source

pytestmark = pytest.mark.django_db
READER = system_actor("test")
PERMISSIONS = frozenset(
    f"cases.{w}" for w in ("view", "accept", "review", "deliver", "decide", "suspend", "claim", "transfer", "sign", "answer")
)
CASES = 260


@pytest.fixture
def city() -> City:
    return small_city()


def settle(city: City) -> None:
    """People of every age in two communities."""
    for rank, code in enumerate(("licence", "shared", "approval", "collected", "stated"), start=1):
        Source.objects.get_or_create(code=code, defaults={"name": code, "rank": rank})
    with scoped(READER):
        for n in range(160):
            region = city.regions["home" if n % 3 else "other"]
            birth = date(1935 + n % 70, 1 + n % 12, 1 + n % 28)
            body = f"360599{birth:%Y%m%d}{n:03d}"
            number = body + check_digit(body)
            Person(
                name=f"Li {n}",
                sex=str(1 + n % 2),
                birth_date=birth,
                id_number=number,
                id_index=blind_index(number, "id_number"),
                phone=f"138{n:08d}",
                bank_account="6222020000000000000",
                region=region,
                region_path=region.path,
                residence_status=str(1 + n % 3),
                disability="43" if n % 9 == 0 else "",
                live_address="Beihu 1",
            ).save(force_insert=True)


def test_answers_from_the_register_are_options_of_the_form(city: City) -> None:
    person = compile_form(current_definition("ZJ01").form, Profile("ZJ01", 1.0))
    for kept, said in (("21", "20"), ("10", "10"), ("40", "40")):
        who = Applicant(
            id="",
            name="Li Na",
            sex="2",
            birth=date(1970, 1, 1),
            unseal=lambda sealed: "",
            sealed=(None, None, None),
            id_index="",
            address="Beihu 1",
            education="71",
            marital=kept,
            status="1",
            employment="",
            disability="",
            assistance="",
            account="",
        )
        assert person(who, Random(1), date(2026, 3, 1))["marital_status"] == said
    stated = replace(who, marital="90")
    assert person(stated, Random(1), date(2026, 3, 1))["marital_status"] in {"10", "20", "30", "40"}


@pytest.fixture
def stamped(city: City) -> City:
    settle(city)
    stamp_cases(CityContext(160, CASES, 7, timezone.localdate(), workers=1))
    return city


def somebody(task: Task) -> Actor:
    """A colleague of the unit that holds the task whom nobody has seen before."""
    return Actor(
        ActorKind.STAFF,
        user_id=task.assignee_id or uuid7(),
        label="colleague",
        ranges=(RegionRange("0", "~"),),
        unit_ids=(task.unit_id,) if task.unit_id else (),
        permissions=PERMISSIONS,
    )


def open_task(case: Case) -> Task | None:
    with scoped(READER):
        return Task.objects.filter(case=case, state="open").order_by("opened_at", "id").first()


def ready(case: Case) -> None:
    """Bring a case that stands still to where an office can go on."""
    with scoped(READER):
        case.refresh_from_db()
        applicant = Actor(ActorKind.CITIZEN, user_id=uuid7(), party_id=case.party_id, permissions=frozenset({"cases.answer"}), assurance=1)
    if case.state == "correcting":
        actions.answer_correction(applicant, case_id=case.id, answers={})
    elif case.state == "suspended":
        task = open_task(case)
        assert task is not None
        if task.kind != "publicity":
            actions.resume_case(somebody(task), case_id=case.id)


def finish(case: Case) -> str:
    """Take the case to its end with the real actions; the state it ends in."""
    ready(case)
    for _ in range(20):
        task = open_task(case)
        if task is None:
            break
        step(case, task)
    with scoped(READER):
        return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def step(case: Case, task: Task) -> None:
    actor = somebody(task)
    with scoped(READER):
        spec = definition_for(case).process.steps[task.step_id]
        case.refresh_from_db()
        if task.kind == "publicity":  # the notice has hung its days
            Task.objects.filter(pk=task.pk).update(opened_at=task.opened_at - timedelta(days=20))
        missing = list(Material.objects.filter(case=case, state="missing").values_list("key", flat=True))
    if task.kind == "accept" and case.state == "submitted":
        actions.accept_case(actor, case_id=case.id, promises=dict.fromkeys(missing, "shown"))
        return
    if spec.form:
        actions.save_step_form(actor, task_id=task.id, answers={})
    if spec.people > 1:
        for signer in (actor, *(somebody(task).but(user_id=uuid7()) for _ in range(spec.people - 1))):
            actions.sign_task(signer, task_id=task.id)
    assert actor.may(STEP_PERMISSION.get(task.kind, "cases.review"))
    words = "looked into and settled" if task.kind == "reply" else ""
    actions.complete_task(
        actor,
        task_id=task.id,
        outcome=(spec.outcomes or ("done",))[0],
        opinion=words,
        unit_id=task.unit_id if task.kind == "dispatch" else None,
    )


def test_fifty_cases_at_different_steps_are_completed_by_the_real_actions(stamped: City) -> None:
    with scoped(READER):
        going = list(
            Case.objects.filter(state__in=("submitted", "correcting", "accepted", "reviewing", "suspended", "closed")).order_by(
                "-submitted_at", "id"
            )
        )
        finished = list(Case.objects.filter(state="delivered").order_by("-submitted_at", "id"))
    chosen = [c for c in going if open_task(c) or c.state == "correcting"][:50]
    assert len({(c.matter_code, c.state) for c in chosen}) >= 8
    assert {finish(c) for c in chosen} == {"delivered"}
    assert len(chosen) + len(finished) >= 50


def test_every_engine_state_agrees_with_its_tasks(stamped: City) -> None:
    with scoped(READER):
        for case in Case.objects.select_related("process")[:80]:
            tokens = (
                {s.token_id for s in workflow.ready(definition_for(case).process, case.process.state)}
                if case.state not in ("withdrawn",)
                else set()
            )
            open_tokens = set(Task.objects.filter(case=case, state__in=("open", "paused")).values_list("token_id", flat=True))
            assert case.state in ("withdrawn", "not_accepted") or tokens == open_tokens, case.number


def test_numbers_times_and_words_are_a_citys(stamped: City) -> None:
    today = timezone.localdate()
    with scoped(READER):
        cases = list(Case.objects.all())
        assert len(cases) >= CASES * 0.95
        assert all(str(parse_case_number(c.number)) == c.number and timezone.localdate(c.submitted_at) < today for c in cases)
        assert len({c.submitted_at for c in cases}) > 0.98 * len(cases)
        for row in _texts():
            assert "@" not in row
        assert all(timezone.localtime(t.done_at).hour in range(8, 18) for t in Task.objects.exclude(done_at=None).exclude(done_by=None))
        assert not Rung.objects.filter(claimed_at=None, fire_at__lt=timezone.now() - timedelta(days=1)).exists()
        assert Clock.objects.count() == len(cases) and CaseForm.objects.count() == len(cases)
        assert set(Suspension.objects.filter(until=None).values_list("subject_id", flat=True)) == {
            c.id for c in cases if c.state == "suspended"
        }


def _texts() -> Iterator[str]:
    for entry in TimelineEntry.objects.all():
        yield f"{entry.params} {entry.actor_label}"
    for paper in Paper.objects.all():
        yield str(paper.context)
    yield from Task.objects.values_list("opinion", flat=True)
    yield from (str(d) for d in Case.objects.values_list("decision", flat=True))


def test_equal_arguments_give_an_equal_city(city: City) -> None:
    settle(city)
    sums = []
    for _ in range(2):
        with scoped(READER):
            Clock.objects.all().delete()
            Suspension.objects.all().delete()
            Case.objects.all().delete()
        stamp_cases(CityContext(160, 60, 3, date(2026, 9, 1), workers=1))
        with scoped(READER):
            sums.append(sorted(checksum_lines()))
    assert sums[0] == sums[1]
    assert sums[0]
