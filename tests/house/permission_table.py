"""Every address of the product, and the actors that knock at each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.urls import URLPattern, URLResolver, get_resolver
from tests.house.source import ROOT

from linli.foundation.access.types import CITIZEN_PERMISSIONS
from linli.foundation.gate import Gate
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, Level, RegionRange

SOMEBODY = UUID("018f0000-0000-7000-8000-000000000001")
# Views that lie below our gates or are not ours, and who may open them.
FOREIGN = {
    "linli.ui.views": Gate(),  # elder mode, manifest, service worker, off-line page, style guide: no personal data
    "django.views.i18n": Gate(),  # language, texts for scripts
    "allauth.": Gate(),  # decides by itself
}
STAFF = {"community_clerk", "city_supervisor"}  # business roles that knock; the three administrators always do
SAMPLES = {"uuid": str(SOMEBODY), "int": "1", "slug": "sample", "str": "sample", "path": "sample"}


@dataclass(frozen=True)
class Address:
    """One address: its pattern ("desk/cases/<uuid:pk>/"), a sample of it, and the view."""

    pattern: str
    sample: str
    view: Callable[..., Any]

    @property
    def view_name(self) -> str:
        view = getattr(self.view, "view_class", self.view)
        return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"

    @property
    def gate(self) -> Gate:
        return getattr(self.view, "gate", None) or foreign_gate(self) or Gate()

    @property
    def has_key(self) -> bool:
        """Whether the address names a row (which may not exist, or not for this actor)."""
        return "<" in self.pattern


def foreign_gate(address: Address) -> Gate | None:
    """Who may open a view that wears no gate; None when it should."""
    for beginning, gate in FOREIGN.items():
        if address.view_name.startswith(beginning):
            return gate
    return _api_gate(address.view)


def _api_gate(view: Any) -> Gate | None:
    """django-ninja: every operation has authentication, or says `tags=["public"]`; its own documents are public."""
    path_view = getattr(view, "__self__", None)
    operations = getattr(path_view, "operations", None)
    if operations is not None:
        declared = all(operation.auth_callbacks or "public" in (operation.tags or []) for operation in operations)
        return Gate() if declared else None
    inner = getattr(view, "func", view)
    return Gate() if getattr(inner, "__module__", "").startswith("ninja.openapi") else None


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], before: str) -> Iterator[Address]:
    for pattern in patterns:
        whole = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, whole)
        elif isinstance(pattern, URLPattern):
            yield Address(whole, "/" + _sample(whole), pattern.callback)


def _sample(pattern: str) -> str:
    """An address that fits: keys that name nothing."""
    plain = pattern.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "sample"), plain)


def actors() -> dict[str, Actor]:
    """Who knocks: nobody, residents, and actors with roles of the national pack."""
    found = {
        "anonymous": ANONYMOUS,
        "citizen, phone only": Actor(ActorKind.CITIZEN, user_id=SOMEBODY, permissions=CITIZEN_PERMISSIONS),
        "citizen, matched": Actor(ActorKind.CITIZEN, user_id=SOMEBODY, party_id=SOMEBODY, permissions=CITIZEN_PERMISSIONS, assurance=1),
    }
    for role in _roles():
        if role.get("business", True) and role["code"] not in STAFF:
            continue
        ranges = (RegionRange.below("0000100001", level=Level(role.get("level", 3))),) if role.get("business", True) else ()
        permissions, codes = frozenset(role["permissions"]), frozenset({role["code"]})
        found[role["code"]] = Actor(ActorKind.STAFF, user_id=SOMEBODY, ranges=ranges, permissions=permissions, roles=codes)
    return found


def _roles() -> list[dict[str, Any]]:
    file = Path(ROOT / "packs" / "national" / "roles.yaml")
    roles: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["roles"]
    return roles
