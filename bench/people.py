"""Who the load client is: sessions of staff and residents of the city, written by the session engine the product uses.

Signing in is not what these figures measure; the session is the same as after the sign-in page, and is deleted afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from bench.client import Client
from linli.foundation.accounts.models import PostHolding, User

BACKEND = "linli.foundation.accounts.queries.SessionBackend"


@dataclass
class Doorkeeper:
    """Opens sessions and remembers them to close them."""

    base_url: str
    keys: list[str] = field(default_factory=list)

    def client(self, user: User, **values: Any) -> Client:
        """A browser in which this account is signed in; ``values`` go into its session."""
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), BACKEND, user.get_session_auth_hash()
        store["seen"] = int(time.time())
        for name, value in values.items():
            store[name] = value
        store.save()
        self.keys.append(store.session_key)
        return Client(self.base_url, {settings.SESSION_COOKIE_NAME: store.session_key})

    def close(self) -> None:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        for key in self.keys:
            store.delete(key)


@contextmanager
def doorkeeper(base_url: str) -> Iterator[Doorkeeper]:
    keeper = Doorkeeper(base_url)
    try:
        yield keeper
    finally:
        keeper.close()


def staff_with(role: str, *, limit: int = 50) -> list[User]:
    """Members of staff whose post has a role, one a unit."""
    held = PostHolding.objects.filter(post__role_code=role, until=None, user__is_active=True, user__must_change_password=False)
    found: dict[Any, User] = {}
    for row in held.select_related("user", "post").order_by("user__username"):
        found.setdefault(row.post.unit_id, row.user)
        if len(found) >= limit:
            break
    return list(found.values())
