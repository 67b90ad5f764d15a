"""What was noted at the door and waits for somebody to decide."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.lib.masking import mask_id_number, mask_phone
from linli.registry.collection import policy
from linli.registry.collection.models import Held
from linli.registry.people.engine.showing import LABELS, shown
from linli.registry.people.queries import find_person, text_of

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row with what stands against it, as its page shows it: ``noted`` what was noted, ``now`` what the register says (masked)."""

    row: Held
    who: str
    label: str
    noted: str
    now: str
    may_take: bool


def get_held(actor: Actor, pk: UUID, *, lock: bool = False) -> Held:
    """One row in sight; `NotFound` otherwise."""
    rows = Held.objects.filter(policy.helds.visible(actor), pk=pk)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("NOTE_UNKNOWN", "There is no such note.")
    return found


def waiting(actor: Actor, *, all_of_them: bool) -> list[Waiting]:
    """What waits, the oldest first: of the whole area for those who look after it, else what the actor noted."""
    rows = Held.objects.filter(policy.helds.visible(actor), Q(state="open"))
    rows = rows if all_of_them else rows.filter(worker_id=actor.account)
    return [words_of_held(actor, row) for row in rows.select_related("worker").order_by("id")[:MOST]]


def words_of_held(actor: Actor, row: Held) -> Waiting:
    content: dict[str, Any] = json.loads(row.content or "{}")
    if row.kind == "person":
        about = [content.get("birth_date", ""), mask_id_number(content.get("id_number", "")), mask_phone(content.get("phone", ""))]
        return Waiting(row, content.get("name", ""), "", " ".join(part for part in about if part), "", True)
    person = find_person(actor, row.person_id) if row.person_id else None
    value, now = content.get("value", ""), text_of(person, row.attribute) if person and row.attribute else ""
    label = str(LABELS[row.attribute]) if row.attribute in LABELS else ""
    noted = value if row.worker_id == actor.user_id else shown(row.attribute, value)  # whoever wrote it down may read it again
    who = person.name if person else content.get("name", "")
    return Waiting(row, who, label, noted, shown(row.attribute, now), person is not None and row.kind == "value")
