"""A file is seen by its uploader, by the party it is about, and by whoever reaches the region and case it was given to.

Who was called to one case (a signer, an office of another line) is known above: casefile adds that branch to `files` in its policy.
"""

from __future__ import annotations

from linli.foundation.files.models import StoredFile
from linli.foundation.scope.models import OneCase, Own, Power, Protection, Region, User
from linli.foundation.types import Actor, ActorKind

files = Protection(
    StoredFile, [Region("region_path", line="line", level="level"), Own("party_id"), User("owner_id"), OneCase("case_id"), Power("system")]
)


def can_attach(actor: Actor, file: StoredFile, case_id: object) -> bool:
    """Only what one uploaded oneself, and only once: a file never wanders from case to case."""
    mine = actor.may("system") or (actor.user_id is not None and file.owner_id == actor.user_id)
    return file.case_id == case_id or (mine and file.case_id is None)


def can_remove(actor: Actor, file: StoredFile) -> bool:
    """One's own upload, as long as no case has it."""
    return file.case_id is None and actor.user_id is not None and file.owner_id == actor.user_id


def keeps_owner(actor: Actor) -> bool:
    """A resident goes on seeing what she attached; a clerk sees a case's files through the post only, so a move ends it."""
    return actor.kind is ActorKind.CITIZEN
