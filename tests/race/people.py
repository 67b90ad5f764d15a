"""The small city, and those who press buttons nobody presses in other tests."""

from __future__ import annotations

from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.factories import City, _staff, card_for, small_city
from linli.cases.supervision.models import Card
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

WATCH = system_actor("test.race", permissions=["audit.view"])
MORE = {
    "head": (["cases.view", "catalogue.edit", "catalogue.publish"], True),
    "caller": (["cases.view", "evaluation.callback"], True),
    "data_officer": (
        ["people.view", "people.edit", "files.upload", "people.merge", "privacy.decide", "imports.load", "imports.review"],
        True,
    ),
    "sharer": (["exchange.view", "exchange.manage"], True),
    "granter": (["exchange.view", "exchange.approve"], True),
    "system_admin": (["admin.accounts", "admin.units"], False),
    "security_admin": (["admin.roles"], False),
    "audit_admin": (["audit.view"], False),
}


def race_city() -> City:
    """A second one of each of them, because it takes two to race."""
    city = small_city()
    for code, (permissions, business) in MORE.items():
        Role(code=code, name=code, permissions=permissions, level=4, business=business).save()
        for name in (code, f"{code}2"):
            city.users[name] = _staff(name, city.units["city"], code, everything=business)
    city.users["supervisor2"] = _staff("supervisor2", city.units["city"], "supervisor", everything=True)
    access.forget_roles()
    return city


def card_of(case: Case) -> Card:
    """A yellow card that waits for the unit's explanation."""
    with scoped(WATCH):
        return card_for(case)
