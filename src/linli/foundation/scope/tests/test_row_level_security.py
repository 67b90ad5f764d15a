"""The database itself refuses what the queryset would refuse."""

import pytest
from django.db import connection

from linli.cases.supervision.models import Suspension
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import OutOfScopeError
from linli.foundation.scope.models import PROTECTIONS
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, RegionRange, system_actor
from linli.lib.uuid7 import uuid7

pytestmark = pytest.mark.django_db


def _suspension(path: str) -> Suspension:
    with scoped(system_actor("test")):
        row = Suspension(
            subject_kind="case", subject_id=uuid7(), region_path=path, reason="hearing", basis="x", since="2026-01-05T09:00:00+08:00"
        )
        row.save(force_insert=True)
        return row


def _clerk(path: str) -> Actor:
    return Actor(ActorKind.STAFF, ranges=(RegionRange.below(path),))


def test_rows_of_another_region_do_not_exist_for_raw_sql() -> None:
    _suspension("0000100001")
    _suspension("0000100002")
    with scoped(_clerk("0000100001")), connection.cursor() as cursor:
        cursor.execute("SELECT region_path FROM supervision_suspension")
        assert cursor.fetchall() == [("0000100001",)]


def test_nothing_is_visible_without_a_scope() -> None:
    _suspension("0000100001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM supervision_suspension")
        assert cursor.fetchone() == (0,)


def test_a_protected_query_outside_a_scope_is_an_error() -> None:
    with pytest.raises(OutOfScopeError):
        Suspension.objects.count()


def test_an_inner_scope_ends_with_its_block() -> None:
    row = _suspension("0000100001")
    with scoped(ANONYMOUS):
        with scoped(_clerk("0000100001")):
            assert Suspension.objects.filter(pk=row.pk).exists()
        assert not Suspension.objects.filter(pk=row.pk).exists()


def test_the_application_role_owns_nothing_and_obeys_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("linli_app", False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'linli_rows'")
        assert {name for (name,) in cursor.fetchall()} == set(PROTECTIONS.keys())


def test_visible_and_policy_agree_on_every_protected_table() -> None:
    """The filter and the policy give the same count for an actor with a range (every table, also empty ones, must at least plan and run)."""
    actor = _clerk("0000100001").but(user_id=uuid7(), party_id=uuid7(), unit_ids=(uuid7(),))
    _suspension("0000100001")
    with scoped(actor):
        for _, protection in PROTECTIONS.items():
            manager = protection.model._base_manager
            assert manager.count() == manager.filter(protection.visible(actor)).count()
