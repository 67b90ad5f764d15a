"""Plans are kept where rows are named by key, and made anew for lists (ADR 0008)."""

from __future__ import annotations

import pytest
from django.db import connection

from linli.foundation.scope.actions import scoped, within
from linli.foundation.types import system_actor

pytestmark = pytest.mark.django_db
JOB, OTHER = system_actor("test.plans"), system_actor("test.plans.other")


def plans() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        return str(cursor.fetchone()[0])


def test_lists_are_planned_anew_and_what_is_named_by_key_is_kept() -> None:
    assert plans() == "auto"
    with scoped(JOB):
        assert plans() == "force_custom_plan"
        with scoped(OTHER, by_key=True):
            assert plans() == "auto"
        assert plans() == "force_custom_plan"
    assert plans() == "auto"
    with scoped(JOB, by_key=True), scoped(OTHER):
        assert plans() == "auto", "a scope within one that names its rows does so too"


def test_a_write_names_its_rows() -> None:
    with within(JOB):
        assert plans() == "auto"
    with scoped(JOB), within(JOB):
        assert plans() == "auto"


def test_many_rows_are_inserted_in_statements_the_protocol_can_carry() -> None:
    connection.ensure_connection()
    assert connection.connection.prepared_max == 600
    assert connection.ops.bulk_batch_size(["one"] * 40, [None] * 100_000) == 65_535 // 40
