"""Organisations for tests: valid codes of nobody, staff with the rights of the pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from linli.cases.casefile.tests.factories import City
from linli.foundation.access.models import Role
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.remembered import forget_all
from linli.registry.bodies.actions import enter_body
from linli.registry.bodies.engine.city_bodies import credit_code
from linli.registry.bodies.models import Body
from linli.registry.sources.actions import load_rules

RIGHTS = ("bodies.view", "bodies.edit", "facilities.view", "facilities.edit", "people.view", "people.edit")


def code(serial: int, begins: str = "91") -> str:
    """A credit code that passes all checks."""
    return credit_code(begins, "MA", serial)


def allow(city: City, role: str = "clerk", *permissions: str) -> None:
    """Give a role of the small city further permissions."""
    row = Role.objects.get(code=role)
    row.permissions = [*row.permissions, *(permissions or RIGHTS)]
    row.save()
    forget_all()


def weigh_sources() -> None:
    """The national pack's rules of whose word counts how much."""
    loader = system_actor("test.rules", permissions=["admin.packs"])
    with scoped(loader):
        load_rules(loader, folder=Path(settings.PACKS_DIR) / "national")
    forget_all()


def company(
    city: City, actor: Actor, serial: int = 1, *, home: str = "home", name: str = "新余市阳光物业服务有限公司", **values: Any
) -> Body:
    given = {"uscc": code(serial), **values}
    kind = given.pop("kind", "enterprise")
    return enter_body(actor, region_id=city.regions[home].id, name=name, kind=kind, values=given)
