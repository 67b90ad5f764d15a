"""Addresses of subscribers' programs: what we connect to must be theirs, never something inside our own house."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_noop

from linli.lib import hosts
from linli.lib.hosts import Target

__all__ = ["Target", "target"]


def target(url: str, *, allowed: Collection[str] = (), local: bool = False) -> Target:
    """`linli.lib.hosts.target`, with what the operator can do about a private address."""
    return hosts.target(url, allowed=allowed, local=local, hint=gettext_noop("The operator can allow the host (LINLI_EXCHANGE_HOSTS)."))
