"""What a death means for a household."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.registry.households.actions import end_for_death


@consumer("people.person_died", name="households.member_died")
def end_membership(event: Event) -> None:
    end_for_death(current_actor(), person_id=UUID(str(event.payload["person_id"])))
