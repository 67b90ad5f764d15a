"""Who may touch which account, and whose mandates one sees."""

from __future__ import annotations

from linli.foundation.accounts.models import Absence, Mandate, User
from linli.foundation.scope.models import Own, Power, Protection, Region
from linli.foundation.types import Actor

mandates = Protection(Mandate, [Region("region_path"), Own("grantor_id"), Own("grantee_id"), Power("system")])

CITIZEN_KINDS = ("family", "helper")  # what one may give from the sofa; guardianship and legal representation are shown at a counter

COUNTER_KINDS = ("guardian", "legal")


def can_revoke(actor: Actor, mandate: Mandate) -> bool:
    """Either side itself (never somebody acting for it), or a clerk of the grantor's community. What a paper made, only the clerk ends."""
    own = mandate.kind in CITIZEN_KINDS and actor.party_id is not None and actor.party_id in (mandate.grantor_id, mandate.grantee_id)
    return own or (actor.may("mandates.register") and actor.sees(mandate.region_path))


def can_set_absence(actor: Actor, user_id: object) -> bool:
    """One's own, or as an administrator of accounts."""
    return actor.user_id == user_id or actor.may("admin.accounts")


def can_end_absence(actor: Actor, absence: Absence) -> bool:
    return can_set_absence(actor, absence.user_id)


def can_administer(actor: Actor, user: User) -> bool:
    """Nobody administers the own account (three administrators, GB/T 22239)."""
    return actor.may("admin.accounts") and actor.user_id != user.id
