"""The list of systems: adding one, a new secret, disabling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.signon.engine import digest, new_secret, new_system_id
from linli.foundation.signon.models import SignOnToken, System
from linli.foundation.signon.queries import get_system
from linli.foundation.signon.types import SCOPES, Audience
from linli.foundation.types import Actor
from linli.lib.errors import Invalid

MOST_ADDRESSES = 10
LONGEST_ADDRESS = 300
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class NewSystem:
    """A system with its secret, which is shown this once and kept nowhere."""

    system: System
    secret: str = field(repr=False)


@action("admin.accounts", audit="signon.system_added")
def create_system(actor: Actor, *, name: str, audience: str, redirect_uris: Sequence[str], scopes: Sequence[str]) -> NewSystem:
    """Let a system sign people in through us. Errors: SYSTEM_NAME, SYSTEM_AUDIENCE, SYSTEM_ADDRESS, SYSTEM_SCOPE."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= 60:
        raise Invalid("SYSTEM_NAME", gettext_noop("Give the system a name of 2 to 60 characters."), field="name")
    if audience not in list(Audience):
        raise Invalid("SYSTEM_AUDIENCE", gettext_noop("Say whether the system is for staff or for residents."), field="audience")
    unknown = set(scopes) - set(SCOPES)
    if unknown or (audience == Audience.RESIDENTS and "unit" in scopes):
        raise Invalid("SYSTEM_SCOPE", gettext_noop("These details cannot be given to this system."), field="scopes")
    secret = new_secret()
    system = System(
        client_id=new_system_id(),
        name=name,
        audience=audience,
        secret=digest(secret),
        redirect_uris=_addresses(redirect_uris),
        scopes=[scope for scope in SCOPES if scope in {"openid", *scopes}],
    )
    system.save(force_insert=True)
    return NewSystem(system, secret)


def _addresses(given: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(address.strip() for address in given if address.strip()))
    if not 1 <= len(found) <= MOST_ADDRESSES:
        raise Invalid("SYSTEM_ADDRESS", gettext_noop("Give one to ten addresses, one a line."), field="redirect_uris")
    for address in found:
        if not _may_return_to(address):
            raise Invalid(
                "SYSTEM_ADDRESS",
                gettext_noop("%(address)s cannot be used: an address begins with https:// and has no # and no * in it."),
                field="redirect_uris",
                data={"address": address[:80]},
                hint=gettext_noop("Give the whole address people come back to, letter by letter."),
            )
    return found


def _may_return_to(address: str) -> bool:
    """https anywhere, http only on the same machine (a system under development)."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    plain = all(33 <= ord(c) < 127 for c in address) and not set(address) & set("#*\\<>\"'")
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in OWN_MACHINE)
    return bool(plain and safe and host and not parts.username and len(address) <= LONGEST_ADDRESS)


@action("admin.accounts", audit="signon.secret_renewed")
def renew_secret(actor: Actor, *, system_id: UUID) -> NewSystem:
    """A new secret; the old one is void at once: the reason may be that somebody has it."""
    system = get_system(actor, system_id, lock=True)
    require(system.disabled_at is None, gettext_noop("This system is disabled."))
    secret = new_secret()
    system.secret = digest(secret)
    system.save(update_fields=["secret"])
    _void_tokens(system)
    return NewSystem(system, secret)


@action("admin.accounts", audit="signon.system_disabled")
def disable_system(actor: Actor, *, system_id: UUID) -> System:
    """Nobody signs in there through us any more, and what it was given is void."""
    system = get_system(actor, system_id, lock=True)
    require(system.disabled_at is None, gettext_noop("This system is disabled already."))
    system.disabled_at = timezone.now()
    system.save(update_fields=["disabled_at"])
    _void_tokens(system)
    return system


def _void_tokens(system: System) -> None:
    SignOnToken.objects.filter(code__system=system, revoked_at=None).update(revoked_at=timezone.now())
