"""Who must stand aside, and what is known of an applicant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.foundation.access.queries import roles
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor, system_actor
from linli.registry.households.models import Membership
from linli.registry.people.models import Person


@kept
def _person_of(key: UUID) -> QuerySet[User, UUID | None]:
    return User.objects.filter(pk=key).values_list("person_id", flat=True)


def person_of(user_id: UUID | None) -> UUID | None:
    """The register's person behind an account."""
    return _person_of.first(user_id) if user_id else None


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


def died_on(person_id: UUID | None) -> date | None:
    """The day of death the register has of somebody; asked with a job's rights, because the dead may have lived elsewhere."""
    with scoped(system_actor("casefile.died_on")):
        return Person.objects.filter(pk=person_id).values_list("died_on", flat=True).first() if person_id else None


def registered_person(name: str, id_number: str) -> Person | None:
    """The one living person to whom a name and an ID number belong together; runs with the caller's sight."""
    if not name or not id_number:
        return None
    rows = Person.objects.filter(id_index=blind_index(id_number, "id_number"), name=name, died_on=None).select_related("region")
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def staff_of(unit_ids: set[UUID]) -> dict[UUID, list[UUID]]:
    """Unit -> accounts of those who hold a post in it today."""
    found: dict[UUID, list[UUID]] = {unit_id: [] for unit_id in unit_ids}
    for unit_id, user_id in _held_today().filter(post__unit_id__in=unit_ids).values_list("post__unit_id", "user_id").distinct():
        found[unit_id].append(user_id)
    return found


def supervisors() -> list[tuple[str, str, UUID]]:
    """(region path, department line or "", account) of everybody whose post issues cards today."""
    codes = [code for code, role in roles().items() if role.business and "supervision.card" in role.permissions]
    rows = _held_today().filter(post__role_code__in=codes).select_related("post__unit")
    return [(h.post.unit.region_path, "" if h.post.everything else h.post.unit.line, h.user_id) for h in rows]


def _held_today() -> QuerySet[PostHolding]:
    today = timezone.localdate()
    return PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, user__is_active=True)


def with_cases(ids: Collection[UUID]) -> set[UUID]:
    """Of some people those a case is about. Under a job's rights."""
    return {pk for pk in Case.objects.filter(party_id__in=list(ids)).values_list("party_id", flat=True) if pk is not None}
