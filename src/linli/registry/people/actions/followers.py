"""What follows a person when two rows become one: of the people app itself, of `sources`, and of the floors below, which do not know of people."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from linli.foundation.accounts.models import Mandate, User
from linli.foundation.files.models import StoredFile
from linli.foundation.messages.models import Message
from linli.lib.errors import Conflict
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import Follower, Handover, Moved
from linli.registry.people.models import DeathReport, Identity, KeyGroup, LifeEvent, Reminder
from linli.registry.sources.models import Claim, Correction, Entry, Fact

PLACE = "region_path"
BROUGHT = "sources.Entry.brought"
_SAID = following(
    *(Column(model, "subject_id", PLACE) for model in (Entry, Claim, Fact, Correction)),
    *(Column(model, "party_id") for model in (Entry, Claim, Fact)),
)


def _follow_said(handover: Handover) -> Moved:
    """Nobody was brought into the register by an entry that meant somebody else first."""
    moved = dict(_SAID.follow(handover))
    rows = Entry.objects.filter(pk__in=moved["sources.Entry.subject_id"], brought=True)
    moved[BROUGHT] = [str(pk) for pk in rows.values_list("pk", flat=True)]
    rows.update(brought=False)
    return moved


def _give_back_said(handover: Handover, moved: Moved) -> None:
    _SAID.give_back(handover, moved)
    Entry.objects.filter(pk__in=list(moved.get(BROUGHT, ())), subject_id=handover.to).update(brought=True)


SAID = Follower(_SAID.columns, _follow_said, _give_back_said, _SAID.later)
OWN = following(
    *(Column(model, "person_id", PLACE) for model in (Identity, KeyGroup, DeathReport, LifeEvent, Reminder)), Column(LifeEvent, "other_id")
)


def _one_account(gone: UUID, stayed: UUID) -> None:
    """Two accounts have two passwords and two histories: their holder gives one up."""
    have = set(User.objects.filter(person_id__in=[gone, stayed], is_active=True).values_list("person_id", flat=True))
    if len(have) == 2:
        raise Conflict(
            "TWO_ACCOUNTS",
            "Both have an account to sign in with.",
            hint="Ask the resident which telephone she uses, and have the other account closed.",
        )
    between = Q(grantor_id=gone, grantee_id=stayed) | Q(grantor_id=stayed, grantee_id=gone)
    if Mandate.objects.filter(between, revoked_at=None).exists():
        raise Conflict(
            "MANDATE_BETWEEN", "One of the two may act for the other one.", hint="End the mandate first, if they really are one person."
        )


ACCOUNTS = following(Column(User, "person_id"), Column(Mandate, "grantor_id", PLACE), Column(Mandate, "grantee_id"), against=_one_account)
FILES = following(Column(StoredFile, "party_id"))
MESSAGES = following(Column(Message, "party_id"))
