"""What partner systems may do: scopes with the permissions they carry, and the routers that apps leave for the API door to mount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from linli.foundation.types import Actor
from linli.lib.registry import Registry

F = TypeVar("F", bound=Callable[..., Any])

API_ROUTERS: Registry[Router] = Registry("API router")
"""Name -> router. Apps register while the program starts; ninja refuses routes that come after the door has read its addresses."""

SCOPES: dict[str, frozenset[str]] = {
    "matters:read": frozenset({"matters.read"}),
    "cases:submit": frozenset({"cases.submit", "files.upload"}),
    "cases:read": frozenset({"cases.track"}),
    "maps:read": frozenset({"maps.view"}),
    "exchange:read": frozenset({"exchange.read"}),
    "imports:push": frozenset({"imports.push"}),
}
"""OAuth scope -> permissions of the house. A partner has no region: which rows it sees is what it handed in itself."""

SCOPE_WORDS: dict[str, str] = {
    "matters:read": gettext_noop("Read the catalogue of matters"),
    "cases:submit": gettext_noop("Hand in applications for identified persons"),
    "cases:read": gettext_noop("Follow cases"),
    "maps:read": gettext_noop("Read map layers that are not public"),
    "exchange:read": gettext_noop("Read what was approved for the own office"),
    "imports:push": gettext_noop("Send records of the own office to a connector"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an operation may be called: with which scope, whether a repeated call must not happen twice, whether it takes a file."""

    scope: str
    once: bool = False
    upload: bool = False


class PartnerRequest(HttpRequest):
    """A request the API door has let in."""

    actor: Actor
    submission_key: str
    """Of an operation that happens once: the partner's Idempotency-Key, made unique among partners. 64 characters."""


def partner(scope: str, *, once: bool = False, upload: bool = False) -> Callable[[F], F]:
    """Mark an operation; the door asks for the scope. Stands below `@router.get(...)`, so that ninja sees the function itself."""
    if scope not in SCOPES:
        raise ValueError(f"unknown scope {scope!r}")

    def decorate(fn: F) -> F:
        fn.terms = Terms(scope, once, upload)  # type: ignore[attr-defined]
        return fn

    return decorate


def terms_of(fn: Callable[..., Any]) -> Terms | None:
    """None for an operation that anybody may call."""
    return getattr(fn, "terms", None)


def permissions_of(scopes: list[str]) -> frozenset[str]:
    """Permissions of a set of scopes; scopes we do not know (any more) carry none."""
    return frozenset(p for scope in scopes for p in SCOPES.get(scope, ()))
