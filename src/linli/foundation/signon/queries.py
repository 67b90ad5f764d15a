"""Reading systems, codes and tokens, and the claims about a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts.models import User, UserKind
from linli.foundation.accounts.queries import held
from linli.foundation.scope.engine import blind_index
from linli.foundation.scope.engine.keys import keyring
from linli.foundation.signon import policy
from linli.foundation.signon.engine import SigningKey, digest, load_key
from linli.foundation.signon.models import SignOnToken, System
from linli.foundation.types import Actor
from linli.lib.errors import NotFound


def issuer() -> str:
    """How ID tokens name us: the site's address."""
    return str(settings.SITE_URL).rstrip("/")


def signing_key() -> SigningKey:
    return load_key(Path(settings.STATE_DIR) / "signon", keyring())


def systems(actor: Actor) -> QuerySet[System]:
    """Systems for the administrator of accounts, by name."""
    return System.objects.filter(policy.systems.visible(actor)).order_by("name", "client_id")


def get_system(actor: Actor, pk: UUID, *, lock: bool = False) -> System:
    rows = System.objects.filter(policy.systems.visible(actor), pk=pk)
    system = (rows.select_for_update() if lock else rows).first()
    if system is None:
        raise NotFound("SYSTEM_UNKNOWN", gettext_noop("There is no such system."))
    return system


def system_named(actor: Actor, client_id: str) -> System | None:
    """A system in force, by its public name."""
    return System.objects.filter(policy.systems.visible(actor), client_id=client_id, disabled_at=None).first()


def subject(system: System, user: User) -> str:
    """The name a system knows an account by: another one in every system, so that two of them cannot put together what they know."""
    return blind_index(f"{system.client_id}:{user.pk}", "sign-on-subject").hex()


def claims(system: System, user: User, scopes: list[str]) -> dict[str, Any]:
    """What a system learns about somebody: of the scopes it was given, those it asked for. Never a telephone or an ID number."""
    said: dict[str, Any] = {"sub": subject(system, user)}
    granted = set(scopes) & set(system.scopes)
    if "profile" in granted and (user.kind == UserKind.STAFF or user.assurance):
        said["name"] = user.name  # of a resident whom we know by the telephone only, this is the telephone
    if "profile" in granted and user.kind == UserKind.STAFF:
        said["preferred_username"] = user.username
    if "unit" in granted and user.kind == UserKind.STAFF:
        today = timezone.localdate()
        posts = [holding.post for holding in held(user.pk, today, today)]
        said["unit"] = posts[0].unit.name if posts else ""
        said["posts"] = [{"unit_code": post.unit.code, "unit": post.unit.name, "post": post.title} for post in posts]
    return said


def claims_of_token(actor: Actor, token: str) -> dict[str, Any] | None:
    """The claims a bearer token opens; None when it is unknown, over or revoked, its system disabled or its account closed."""
    row = (
        SignOnToken.objects.select_related("code__system", "code__user")
        .filter(
            policy.tokens.visible(actor),
            digest=digest(token),
            revoked_at=None,
            expires_at__gt=timezone.now(),
            code__system__disabled_at=None,
            code__user__is_active=True,
        )
        .first()
    )
    return claims(row.code.system, row.code.user, row.code.scopes) if row else None
