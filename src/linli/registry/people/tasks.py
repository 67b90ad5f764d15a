"""What a death means in the register: mandates end, benefits become clues (community.md: one source only gives a clue)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from linli.foundation.accounts.actions import end_mandates_of
from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.actions import emit
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.registry.people.models import Person
from linli.registry.people.types import BENEFIT
from linli.registry.sources.actions import open_clue
from linli.registry.sources.models import Fact


def last_day_of_month(day: date) -> date:
    """Benefits are paid by the month: the month of death is the last one."""
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(first.toordinal() - 1)


@consumer("people.person_died", name="people.follow_death")
def follow_death(event: Event) -> None:
    """A claim "ends with this month" for each benefit in force; the community checks it, nothing stops by itself."""
    person = Person.objects.get(pk=UUID(str(event.payload["person_id"])))
    if person.died_on is None:
        return
    end_mandates_of(current_actor(), person_id=person.pk)
    last = last_day_of_month(person.died_on)
    in_force = Q(effective_to=None) | Q(effective_to__gt=last)
    for fact in Fact.objects.filter(
        in_force, subject_id=person.pk, attribute__startswith=BENEFIT, effective_from__lte=timezone.localdate()
    ):
        if open_clue(person.pk, fact.attribute, last.isoformat(), case_id=fact.case_id, region_path=person.region_path, party_id=person.pk):
            emit("people.claim_opened", region_path=person.region_path, person_id=person.pk, attribute=fact.attribute)
