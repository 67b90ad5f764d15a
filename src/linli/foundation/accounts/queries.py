"""Reading accounts."""
from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from linli.foundation.accounts.models import User


class SessionBackend(BaseBackend):
    """Loads the account of a session. Checking a password or code is `accounts.actions`, so that failures are counted and on the trail."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
