"""What waited is taken or dropped."""

from __future__ import annotations

import json
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.types import Actor
from linli.lib.errors import Conflict
from linli.registry.collection import policy, queries
from linli.registry.collection.actions.newcomers import enter, where_of
from linli.registry.collection.actions.visiting import write_value
from linli.registry.collection.models import Held
from linli.registry.collection.types import Newcomer, Report


@action("people.view", audit="collection.note_decided")
def decide_held(actor: Actor, *, held_id: UUID, take: bool) -> Held:
    """Write what was noted after all, or leave the register as it is; the note stays either way.

    Errors: NOTE_DECIDED, NOTE_GONE (nobody to write it to), PERSON_KNOWN (a number is never given to two).
    """
    held = queries.get_held(actor, held_id, lock=True)
    require(policy.can_decide(actor, held))
    if held.state != "open":
        raise Conflict("NOTE_DECIDED", "Somebody has decided this meanwhile.", hint="Go on with the next one.")
    if take:
        _write(actor, held)
    held.state, held.decided_by, held.decided_at = "taken" if take else "dropped", actor.label[:80], timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at"])
    return held


def _write(actor: Actor, held: Held) -> None:
    content = json.loads(held.content or "{}")
    if held.kind == "person":
        newcomer = Newcomer(**{**content, "place": UUID(content["place"])})
        home, region_id, _ = where_of(actor, newcomer.place)
        enter(actor, newcomer, home, region_id)
    elif held.kind == "value" and held.person_id is not None:
        write_value(actor, held.person_id, held.attribute, content["value"], Report("done", timezone.now()))
    else:
        raise Conflict(
            "NOTE_GONE",
            "There is nobody to write this to.",
            hint="Find the person in the register and correct her there, then drop this note.",
        )
