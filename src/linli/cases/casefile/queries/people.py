"""Who must stand aside, and what is known of an applicant."""
from __future__ import annotations

from uuid import UUID

from linli.cases.casefile.models import Case
from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.households.models import Membership


def person_of(user_id: UUID | None) -> UUID | None:
    """The register's person behind an account."""
    return User.objects.filter(pk=user_id).values_list("person_id", flat=True).first() if user_id else None


def stands_aside(actor: Actor, case: Case) -> bool:
    """Whether the case is about the actor himself or somebody of his household (services.md §2.4: recusal).

    Households are read with the rights of a job: a clerk's relatives may live outside the clerk's own area.
    """
    if case.party_id is None or actor.user_id is None:
        return False
    own = person_of(actor.user_id)
    if own is None:
        return False
    if own == case.party_id or own == case.agent_id:
        return True
    with scoped(system_actor("casefile.recusal")):
        homes = Membership.objects.filter(person_id=own, until=None).values("household_id")
        return Membership.objects.filter(household_id__in=homes, person_id=case.party_id, until=None).exists()
