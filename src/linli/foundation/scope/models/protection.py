"""Protection: one list of branches, from which come both the queryset filter and the row-level-security policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from linli.foundation.scope.engine import MAX_RANGES, current_actor, setting
from linli.foundation.types import Actor
from linli.lib.registry import Registry

M = TypeVar("M", bound=models.Model)


class ProtectedManager(models.Manager[M]):
    """Refuses to run outside a scope: a forgotten scope is an error in a test, not an empty page for a user."""

    def get_queryset(self) -> models.QuerySet[M]:
        current_actor()
        return super().get_queryset()


@dataclass(frozen=True)
class Region:
    """Rows inside one of the actor's region ranges, of one of the range's department lines, up to the range's level."""

    path: str = "region_path"
    line: str = ""
    level: str = ""

    def q(self, actor: Actor) -> Q | None:
        result: Q | None = None
        for r in actor.ranges:
            q = Q(**{f"{self.path}__gte": r.lo, f"{self.path}__lt": r.hi})
            if self.line and r.lines:
                q &= Q(**{f"{self.line}__in": r.lines})
            if self.level:
                q &= Q(**{f"{self.level}__lte": int(r.level)})
            result = q if result is None else result | q
        return result

    def sql(self, table: str) -> list[str]:
        parts = []
        for i in range(MAX_RANGES):
            sql = f"{self.path} >= {setting(f'r{i}_lo')} AND {self.path} < {setting(f'r{i}_hi')}"
            if self.line:
                sql += f" AND ({setting(f'r{i}_lines')} IS NULL OR {self.line} = ANY(string_to_array({setting(f'r{i}_lines')}, ',')))"
            if self.level:
                sql += f" AND {self.level} <= {setting(f'r{i}_level')}::int"
            parts.append(f"({sql})")
        return parts


@dataclass(frozen=True)
class Own:
    """Rows about the actor, or about somebody who gave the actor a mandate."""

    party: str = "party_id"

    def q(self, actor: Actor) -> Q | None:
        return Q(**{f"{self.party}__in": actor.parties}) if actor.parties else None

    def sql(self, table: str) -> list[str]:
        return [f"({self.party} = ANY(string_to_array({setting('parties')}, ',')::uuid[]))"]


@dataclass(frozen=True)
class User:
    """Rows that belong to the actor's account."""

    column: str = "user_id"

    def q(self, actor: Actor) -> Q | None:
        return Q(**{self.column: actor.user_id}) if actor.user_id else None

    def sql(self, table: str) -> list[str]:
        return [f"({self.column} = {setting('user')}::uuid)"]


@dataclass(frozen=True)
class Unit:
    """Rows given to one of the actor's units."""

    column: str = "unit_id"

    def q(self, actor: Actor) -> Q | None:
        return Q(**{f"{self.column}__in": actor.unit_ids}) if actor.unit_ids else None

    def sql(self, table: str) -> list[str]:
        return [f"({self.column} = ANY(string_to_array({setting('units')}, ',')::uuid[]))"]


@dataclass(frozen=True)
class Participant:
    """Rows an account or one of its units was called to: a table of (row, user, unit)."""

    model: type[models.Model]
    row: str
    user: str = "user_id"
    unit: str = "unit_id"
    key: str = "id"

    def q(self, actor: Actor) -> Q | None:
        called = Q()
        if actor.user_id:
            called |= Q(**{self.user: actor.user_id})
        if actor.unit_ids:
            called |= Q(**{f"{self.unit}__in": actor.unit_ids})
        return Q(**{f"{self.key}__in": self.model._base_manager.filter(called).values(self.row)}) if called else None

    def sql(self, table: str) -> list[str]:
        other = self.model._meta.db_table
        called = f"p.{self.user} = {setting('user')}::uuid OR p.{self.unit} = ANY(string_to_array({setting('units')}, ',')::uuid[])"
        return [f"({self.key} IN (SELECT p.{self.row} FROM {other} p WHERE {called}))"]


@dataclass(frozen=True)
class OneCase:
    """The one case somebody opened with its number and query code."""

    column: str = "id"

    def q(self, actor: Actor) -> Q | None:
        return Q(**{self.column: actor.case_id}) if actor.case_id else None

    def sql(self, table: str) -> list[str]:
        return [f"({self.column} = {setting('case')}::uuid)"]


@dataclass(frozen=True)
class Power:
    """All rows, for an actor who holds a row power (administration, jobs)."""

    permission: str

    def q(self, actor: Actor) -> Q | None:
        return Q() if actor.may(self.permission) else None

    def sql(self, table: str) -> list[str]:
        return [f"({setting('powers')} LIKE '%,{self.permission},%')"]


@dataclass(frozen=True)
class Via:
    """Rows that hang on a protected row: visible exactly when that row is."""

    column: str
    model: type[models.Model]

    def q(self, actor: Actor) -> Q | None:
        return Q(**{f"{self.column}__in": protection_of(self.model).visible_rows(actor).values("pk")})

    def sql(self, table: str) -> list[str]:
        return [f"(EXISTS (SELECT 1 FROM {self.model._meta.db_table} v WHERE v.{self.model._meta.pk.column} = {table}.{self.column}))"]


Branch = Region | Own | User | Unit | Participant | OneCase | Power | Via


class Protection:
    """The branches of one table. ``open_insert``: anybody's transaction may add a row (trails, messages), reading stays protected."""

    def __init__(self, model: type[models.Model], branches: Iterable[Branch], *, open_insert: bool = False) -> None:
        self.model, self.branches, self.open_insert = model, tuple(branches), open_insert
        PROTECTIONS.register(model._meta.db_table, self)

    def also(self, branch: Branch) -> None:
        """Add a branch that only a floor above can name (its tables are not known down here). Called once, by that floor's `policy.py`."""
        self.branches = (*self.branches, branch)

    def visible(self, actor: Actor) -> Q:
        """What ``actor`` may see, as a filter. The query repeats its branch so that the policy never has to scan."""
        result: Q | None = None
        for branch in self.branches:
            q = branch.q(actor)
            if q is not None:
                if not q:  # an empty Q is everything
                    return q
                result = q if result is None else result | q
        return Q(pk__in=[]) if result is None else result

    def visible_rows(self, actor: Actor) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(self.visible(actor))

    def policy_sql(self) -> list[str]:
        """Statements that (re)make the policies of this table; run by the `grants` command under linli_owner."""
        table = self.model._meta.db_table
        using = "\n  OR ".join(part for branch in self.branches for part in branch.sql(table))
        check = "true" if self.open_insert else using
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS linli_rows ON {table}",
            f"DROP POLICY IF EXISTS linli_insert ON {table}",
            f"CREATE POLICY linli_rows ON {table} TO linli_app USING ({using}) WITH CHECK ({using})",
            f"CREATE POLICY linli_insert ON {table} FOR INSERT TO linli_app WITH CHECK ({check})",
        ]


PROTECTIONS: Registry[Protection] = Registry("protection")


def protection_of(model: type[models.Model]) -> Protection:
    return PROTECTIONS.get(model._meta.db_table)
