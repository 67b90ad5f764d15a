"""What the rules of the national pack find about organisations, and whose data it is."""

from __future__ import annotations

from datetime import date

import pytest

from linli.foundation.scope.actions import scoped
from linli.registry.bodies.actions import add_role, enter_body
from linli.registry.bodies.engine.city_bodies import credit_code
from linli.registry.bodies.models import Body
from linli.registry.quality.models import Result
from linli.registry.quality.queries.issues import subjects
from linli.registry.quality.tests.conftest import JOB, Register
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import source

pytestmark = pytest.mark.django_db


def body(register: Register, serial: int, *, head: bool = True, **values: str) -> Body:
    """One with nothing wrong, but for what is said."""
    given = {"uscc": credit_code("91", "MA", serial), "address": "北湖路1号", "industry": "F", **values}
    with scoped(register.officer):
        place = register.region("北湖社区").pk
        made = enter_body(register.officer, region_id=place, name=f"新余市第{serial}有限公司", kind="enterprise", values=given)
        if head:
            add_role(register.officer, body_id=made.pk, role="legal", name="王建国", since=date(2020, 1, 1))
    return made


def test_each_rule_about_organisations_finds_its_own(register: Register) -> None:
    good = body(register, 1)
    headless = body(register, 2, head=False)
    placeless = body(register, 3, address="")
    over = body(register, 4, licence_until="2024-01-01")
    uncoded = body(register, 5, uscc="", no_uscc_reason="老执照")
    wrong = body(register, 6)
    with scoped(JOB):
        Body.objects.filter(pk=wrong.pk).update(uscc="91360599MA00000000")
        gone = body(register, 7, address="")
        Body.objects.filter(pk=gone.pk).update(status="deregistered")
        market = source("market")
        Entry(source=market, subject_id=placeless.pk, as_of=date(2026, 1, 1), content="{}", region_path=placeless.region_path).save(
            force_insert=True
        )
    register.examine()
    found = {issue.subject_id: issue.rule.code for issue in register.issues()}
    assert found == {
        headless.pk: "body_no_head",
        placeless.pk: "body_no_address",
        over.pk: "body_licence_over",
        uncoded.pk: "body_uncoded",
        wrong.pk: "body_code_wrong",
    }
    assert good.pk not in found and gone.pk not in found
    with scoped(JOB):
        counts = {r.source: (r.total, r.failed) for r in Result.objects.filter(rule__code="body_no_address")}
        issue = next(one for one in register.issues() if one.subject_id == over.pk)
    assert counts == {"": (6, 1), "market": (1, 1)}
    with scoped(register.officer):
        assert subjects(register.officer, [issue])[over.pk].url == f"/desk/bodies/{over.pk}/"
