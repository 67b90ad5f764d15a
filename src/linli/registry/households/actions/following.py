"""Two people turn out to be one: of two present households one is chosen, ties to homes follow, and all of it can be given back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.lib.codes import table
from linli.registry.households.models import Membership, Occupancy
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import STAYS, Follower, Handover, Moved, Question

HOUSEHOLD = "household"
ENDED, ENDED_OTHER = "households.Membership.ended", "households.Membership.ended_other"
DOUBLE = "households.Occupancy.ended"
_ROWS = following(Column(Membership, "person_id"), Column(Occupancy, "person_id"))


def asks(gone: UUID, stayed: UUID) -> list[Question]:
    """In which of two households somebody lives, or as what in the same one."""
    mine, theirs = _present(stayed), _present(gone)
    if mine is None or theirs is None or (mine.household_id, mine.relation) == (theirs.household_id, theirs.relation):
        return []
    return [Question(HOUSEHOLD, gettext_lazy("Which household does she belong to today?"), _told(mine), _told(theirs))]


def _present(person_id: UUID) -> Membership | None:
    return Membership.objects.filter(person_id=person_id, until=None).select_related("household").first()


def _told(one: Membership) -> str:
    relation = table("kinship").label(one.relation)
    return gettext("%(number)s, %(relation)s") % {"number": one.household.number, "relation": relation}


def _follow(handover: Handover) -> Moved:
    """The membership that is not chosen ends today; it stays in the history."""
    mine, theirs, today = _present(handover.to), _present(handover.from_), timezone.localdate()
    ends = None if mine is None or theirs is None else theirs if handover.choices.get(HOUSEHOLD, STAYS) == STAYS else mine
    noted: dict[str, list[str]] = {}
    if ends is not None:
        noted[ENDED if ends is theirs else ENDED_OTHER] = [str(ends.pk)]
        Membership.objects.filter(pk=ends.pk).update(until=today)
    twice = _twice(handover)
    Occupancy.objects.filter(pk__in=twice).update(until=today)
    return {**_ROWS.follow(handover), **noted, DOUBLE: [str(key) for key in twice]}


def _twice(handover: Handover) -> list[UUID]:
    """Present ties to homes that the one who stays has in the same way."""
    have = set(Occupancy.objects.filter(person_id=handover.to, until=None).values_list("premises_id", "role"))
    rows = Occupancy.objects.filter(person_id=handover.from_, until=None).values_list("pk", "premises_id", "role")
    return [pk for pk, home, role in rows if (home, role) in have]


def _give_back(handover: Handover, moved: Moved) -> None:
    """A membership that ended with the merger goes on, unless its person belongs to another household by now."""
    _ROWS.give_back(handover, moved)
    _again(moved.get(ENDED, ()), handover.to)
    _again(moved.get(ENDED_OTHER, ()), handover.from_)
    Occupancy.objects.filter(pk__in=list(moved.get(DOUBLE, ())), person_id=handover.to).update(until=None)


def _again(keys: Collection[str], person_id: UUID) -> None:
    if not Membership.objects.filter(person_id=person_id, until=None).exists():
        Membership.objects.filter(pk__in=list(keys), person_id=person_id).update(until=None)


FOLLOWER = Follower(_ROWS.columns, _follow, _give_back, _ROWS.later, None, asks)
