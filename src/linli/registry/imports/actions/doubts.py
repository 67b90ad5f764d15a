"""Deciding whom a doubtful row is about."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid
from linli.lib.uuid7 import uuid7
from linli.registry.imports import policy, queries
from linli.registry.imports.actions.turns import JOB
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.models import Doubt
from linli.registry.people.actions import NewPerson, enter_people, settle_people
from linli.registry.sources.actions import link_entry
from linli.registry.sources.queries import get_said
from linli.registry.sources.types import Said


@action("imports.review", audit="imports.doubt_decided")
def decide_doubt(actor: Actor, *, doubt_id: UUID, person_id: UUID | None, community: str = "") -> Doubt:
    """The row is about this candidate (``person_id``, a person or an organisation), or about one the register does not know (None), who then lives in
    ``community`` if the row does not say where.

    Errors: DOUBT_DECIDED, CANDIDATE_UNKNOWN, NUMBER_TAKEN, REGION_MISSING, those of `organisations.link` and `enter`.
    """
    doubt = queries.get_doubt(actor, doubt_id, lock=True)
    require(policy.can_decide(actor, doubt))
    if doubt.state != "open":
        raise Conflict("DOUBT_DECIDED", "Somebody has decided this row meanwhile.", hint="Go on with the next one.")
    if person_id is not None and str(person_id) not in {one["person"] for one in doubt.candidates}:
        raise Invalid("CANDIDATE_UNKNOWN", "Choose one of those shown.", field="person")
    with scoped(JOB):
        said, about = get_said(JOB, doubt.entry_id), SUBJECTS.get(doubt.batch.subject)
        if person_id is None:
            person_id = about.enter(actor, doubt, said, community)
            doubt.state = "other"
        else:
            about.link(said, doubt, person_id)
            doubt.state = "same"
    doubt.person_id, doubt.decided_by, doubt.decided_at = person_id, actor.label[:80], timezone.now()
    doubt.save(update_fields=["state", "person_id", "decided_by", "decided_at"])
    return doubt


def link(said: Said, doubt: Doubt, person_id: UUID) -> None:
    path = queries.places_of({person_id})[person_id]
    link_entry(doubt.entry_id, person_id, region_path=path, party_id=person_id, brought=False)
    settle_people({person_id: said.values}, on=timezone.localdate())


def enter(actor: Actor, doubt: Doubt, said: Said, community: str) -> UUID:
    """Enter the row's person. Two people never get one identity number silently: the number of the row is left out where somebody has it."""
    region = queries.region_at(said.values.get("region") or doubt.batch.community or community)
    if region is None or not actor.sees(region.path):
        raise Invalid("REGION_MISSING", "Say in which community this person lives.", field="community")
    values = dict(said.values)
    if values.get("id_number") and queries.number_taken(values["id_number"]):
        del values["id_number"]
    person_id = uuid7()
    enter_people([NewPerson(person_id, region, values)])
    link_entry(doubt.entry_id, person_id, region_path=region.path, party_id=person_id, brought=True, values=values)
    return person_id
