"""Two rows of the register that may be one person: what speaks against it, what has to be asked, what came of it."""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy

from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import current_actor
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, LinliError, NotFound
from linli.lib.masking import mask_id_number
from linli.lib.uuid7 import uuid7_at
from linli.registry.people import policy
from linli.registry.people.engine.merging import FOLLOWERS, Question
from linli.registry.people.models import Merger, Person
from linli.registry.people.queries.facts import standing_of, text_of
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import heard
from linli.registry.sources.types import Offer

ENTRIES = "sources.Entry.subject_id"


def against_merger(stayed: Person, gone: Person) -> None:
    """Raise what keeps two rows from becoming one person. Under a job's rights.

    Errors: DEATH_DIFFERS, and those of whoever keeps something about people (two accounts, a mandate between them).
    """
    if gone.died_on is not None and gone.died_on != stayed.died_on:
        raise Conflict(
            "DEATH_DIFFERS",
            "The one who would go is entered as dead, the other one is not, or on another day.",
            hint="Keep the row with the death, or enter the death with the other one first.",
        )
    for one in FOLLOWERS.values():
        if one.against is not None:
            one.against(gone.pk, stayed.pk)


def merge_questions(stayed: Person, gone: Person) -> list[Question]:
    """What a person has to choose. Under a job's rights."""
    found = []
    mine, theirs = text_of(stayed, "id_number"), text_of(gone, "id_number")
    if mine and theirs and mine != theirs:
        text = gettext_lazy("Two identity numbers: which one is right? The other one is recorded as wrong.")
        found.append(Question("id_number", text, mask_id_number(mine), mask_id_number(theirs)))
    for one in FOLLOWERS.values():
        if one.asks is not None:
            found += one.asks(gone.pk, stayed.pk)
    return found


def asked_of(actor: Actor, one_id: UUID, two_id: UUID) -> tuple[list[Question], list[LinliError]]:
    """What has to be chosen before two people become one, the first one staying, and what speaks against it either way. The actor has been shown both."""
    with scoped(system_actor("people.merging")):
        rows = {person.pk: person for person in Person.objects.filter(pk__in=[one_id, two_id])}
        if len(rows) < 2:
            return [], []
        one, two = rows[one_id], rows[two_id]
        errors = [error for error in (_against(one, two), _against(two, one)) if error is not None]
        told = {error.code: error for error in errors}
        return merge_questions(one, two), list(told.values())


def _against(stayed: Person, gone: Person) -> LinliError | None:
    try:
        against_merger(stayed, gone)
    except LinliError as error:
        return error
    return None


def changed_by(merger: Merger) -> list[str]:
    """Attributes that got another value with the merger."""
    before = json.loads(merger.before)
    return [name for name in ATTRIBUTES if before["after"].get(name) != before["stays"].get(name)]


def own_words(person: Person) -> dict[str, Offer]:
    """Attribute -> what was entered by hand and stands in no entry. Under a job's rights."""
    one, found = standing_of(person), {}
    for attribute in ATTRIBUTES:
        if not one.values.get(attribute):
            continue
        offers, _ = heard(current_actor(), one, attribute)
        own = next((offer for offer in offers if offer.entry_id is None), None)
        if own is not None:
            found[attribute] = own
    return found


def mergers_of(actor: Actor, person_id: UUID) -> list[Merger]:
    """The history of a person as one of several rows, the newest first."""
    rows = Merger.objects.filter(policy.mergers.visible(actor), Q(stays_id=person_id) | Q(goes_id=person_id))
    return list(rows.select_related("stays", "goes").order_by("-made_at"))


def recent_mergers(actor: Actor, *, limit: int = 50) -> list[Merger]:
    """The newest first."""
    rows = Merger.objects.filter(policy.mergers.visible(actor)).select_related("stays", "goes")
    return list(rows.order_by("-made_at")[:limit])


def get_merger(actor: Actor, pk: UUID, *, lock: bool = False) -> Merger:
    """One merger in sight; `NotFound` MERGER_UNKNOWN."""
    rows = Merger.objects.filter(policy.mergers.visible(actor), pk=pk)
    merger = (rows.select_for_update() if lock else rows.select_related("stays", "goes")).first()
    if merger is None:
        raise NotFound("MERGER_UNKNOWN", "There is no such merger in your area.")
    return merger


def surely_hers(merger: Merger) -> dict[str, list[str]]:
    """What offices said since then under a key of theirs that meant the one who went. Under a job's rights."""
    moved = Entry.objects.filter(pk__in=merger.moved.get(ENTRIES, ())).exclude(key_index=None)
    keys = {(source, bytes(key or b"")) for source, key in moved.values_list("source_id", "key_index")}
    rows = Entry.objects.filter(subject_id=merger.stays_id, pk__gt=_since(merger)).exclude(key_index=None)
    found = [str(pk) for pk, source, key in rows.values_list("pk", "source_id", "key_index") if (source, bytes(key or b"")) in keys]
    return {ENTRIES: found, "sources.Entry.party_id": found} if found else {}


def written_since(merger: Merger) -> dict[str, list[str]]:
    """Column -> keys of what was written for the one who stayed since then, and may be about the other one. Under a job's rights."""
    sure, found = surely_hers(merger), {}
    own = set(map(str, Entry.objects.filter(batch_id=merger.pk).values_list("pk", flat=True)))
    for one in FOLLOWERS.values():
        for label, keys in one.later(merger.stays_id, _since(merger)).items():
            left = [key for key in keys if key not in own and key not in sure.get(label, ()) and key not in merger.moved.get(label, ())]
            if left:
                found[label] = left
    return found


def _since(merger: Merger) -> UUID:
    """The least key made after the merger."""
    return uuid7_at(int(merger.made_at.timestamp() * 1000) + 1, 0)
