"""The current scope, and the PostgreSQL settings and policies that say the same thing in SQL. Touches no database."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from linli.foundation.scope.engine.gathering import Gathered
from linli.foundation.types import Actor

MAX_RANGES = 4


class OutOfScopeError(RuntimeError):
    """Protected rows were asked for outside ``with scoped(actor):`` - a mistake in our code, never the user's."""


@dataclass
class Scope:
    actor: Actor
    by_key: bool = False
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    gathered: Gathered | None = None


current: ContextVar[Scope | None] = ContextVar("linli_scope", default=None)


def gathered_now() -> Gathered | None:
    """What waits to be written in the block around us, where there is one."""
    scope = current.get()
    return scope.gathered if scope is not None else None


def current_actor() -> Actor:
    scope = current.get()
    if scope is None:
        raise OutOfScopeError("protected data was touched outside `with scoped(actor):`")
    return scope.actor


PLANS = "plan_cache_mode"
KEPT, ANEW = "auto", "force_custom_plan"
"""Outside every scope plans are kept: sessions, accounts and posts are asked for by key."""


def settings_of(actor: Actor, by_key: bool = False) -> dict[str, str]:
    """The settings row-level security reads. Every name is always present, so that nothing of an outer scope shines through.

    ``by_key``: what follows names its rows by key, so that PostgreSQL may keep its plans. Lists are planned anew each time: a plan that
    is right for one community is wrong for the whole city.
    """
    values = {
        PLANS: KEPT if by_key else ANEW,
        "linli.kind": str(actor.kind),
        "linli.user": str(actor.user_id or ""),
        "linli.parties": ",".join(str(p) for p in actor.parties),
        "linli.case": str(actor.case_id or ""),
        "linli.units": ",".join(str(u) for u in actor.unit_ids),
        "linli.powers": "," + ",".join(sorted(p for p in actor.permissions if p in ROW_POWERS)) + ",",
    }
    for i in range(MAX_RANGES):
        r = actor.ranges[i] if i < len(actor.ranges) else None
        values[f"linli.r{i}_lo"] = r.lo if r else ""
        values[f"linli.r{i}_hi"] = r.hi if r else ""
        values[f"linli.r{i}_lines"] = ",".join(r.lines) if r else ""
        values[f"linli.r{i}_level"] = str(int(r.level)) if r else ""
    return values


# permissions that open rows by themselves (administration tables); everything else is opened by branches
ROW_POWERS = frozenset({"audit.view", "admin.accounts", "admin.roles", "admin.units", "system"})


def setting(name: str) -> str:
    """SQL: a setting, NULL when unset or empty, so that policies fail closed."""
    return f"nullif(current_setting('linli.{name}', true), '')"
