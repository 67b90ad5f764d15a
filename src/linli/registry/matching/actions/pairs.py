"""Pairs: found by the weights or named by somebody, decided by a person. Two people of the register never become one without that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.models import insert_rows
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid
from linli.registry.matching import policy, queries
from linli.registry.matching.models import Pair
from linli.registry.matching.queries.scoring import Alike
from linli.registry.people.actions import merge_people
from linli.registry.people.models import Person
from linli.registry.people.queries import get_person

JOB = system_actor("matching.pairs")
STEP = 5
"""Characters of one level in a region's path."""


def common_path(paths: Sequence[str]) -> str:
    """The region that holds all of them."""
    shared = ""
    for level in zip(*([path[n : n + STEP] for n in range(0, len(path), STEP)] for path in paths), strict=False):
        if len(set(level)) > 1:
            break
        shared += level[0]
    return shared


def note_pairs(found: Sequence[Alike]) -> int:
    """Keep these in the queue; what is known of a pair is brought up to date, what was decided stays decided. How many are new.

    Part of a job, under its rights. Decided is a pair also where one of the two has taken in the row it was decided about.
    """
    known = {(pair.one_id, pair.two_id): pair for pair in _pairs_of(found)}
    apart = _decided_apart(found)
    fresh = []
    for alike in found:
        pair = known.get((alike.one, alike.two))
        if (alike.one, alike.two) in apart:
            _drop(pair)
            continue
        pair = pair or Pair(one_id=alike.one, two_id=alike.two, weight=0.0)
        if pair.state not in ("open", "dropped"):
            continue
        pair.weight, pair.why, pair.region_path = round(alike.score.weight, 2), str(alike.objection), common_path(alike.paths)
        pair.parts = [[p.comparison, p.level, round(p.weight, 2)] for p in alike.score.parts]
        pair.state = "open"
        if (alike.one, alike.two) in known:
            pair.save(update_fields=["weight", "why", "region_path", "parts", "state"])
        else:
            fresh.append(pair)
    insert_rows(fresh)
    return len(fresh)


def _drop(pair: Pair | None) -> None:
    if pair is not None and pair.state == "open":
        pair.state = "dropped"
        pair.save(update_fields=["state"])


def _pairs_of(found: Sequence[Alike]) -> list[Pair]:
    ones, twos = [alike.one for alike in found], [alike.two for alike in found]
    return list(Pair.objects.select_for_update().filter(one_id__in=ones, two_id__in=twos).order_by("pk"))


def _decided_apart(found: Sequence[Alike]) -> set[tuple[UUID, UUID]]:
    """Of these pairs those of which rows that lead to them were said to be two people."""
    ids = {pk for alike in found for pk in (alike.one, alike.two)}
    leads = dict(Person.every.filter(merged_into_id__in=ids).values_list("pk", "merged_into_id"))
    if not leads:
        return set()
    rows = Pair.objects.filter(Q(one_id__in=leads) | Q(two_id__in=leads), state="other").values_list("one_id", "two_id")
    named = [(leads.get(one, one), leads.get(two, two)) for one, two in rows]
    return {(min(pair), max(pair)) for pair in named}


def drop_pairs(around: Collection[UUID], *, but: Collection[tuple[UUID, UUID]] = ()) -> int:
    """Pairs of these people that wait and that nothing speaks for any more. Part of a job, under its rights."""
    waiting = Pair.objects.filter(Q(one_id__in=list(around)) | Q(two_id__in=list(around)), state="open")
    gone = [pair.pk for pair in waiting if (pair.one_id, pair.two_id) not in set(but) and not pair.reason]
    return int(Pair.objects.filter(pk__in=gone).update(state="dropped"))


@action("people.merge", audit="matching.pair_named")
def pair_up(actor: Actor, *, one_id: UUID, two_id: UUID, reason: str = "") -> Pair:
    """Somebody says that two people of the register may be one: they are put side by side. Errors: PERSON_UNKNOWN, MERGE_SELF."""
    one, two = sorted((get_person(actor, one_id), get_person(actor, two_id)), key=lambda person: person.pk)
    if one.pk == two.pk:
        raise Invalid("MERGE_SELF", "This is the same row of the register.", field="other", hint="Choose the other one.")
    with scoped(JOB):
        pair = Pair.objects.select_for_update().filter(one_id=one.pk, two_id=two.pk).first()
        if pair is None:
            pair = Pair(one=one, two=two, weight=0.0)
        pair.region_path, pair.reason = common_path((one.region_path, two.region_path)), reason.strip()[:200] or "-"
        if pair.state in ("other", "dropped"):
            pair.state = "open"
        pair.save(force_insert=pair._state.adding)
    return pair


@action("people.merge", audit="matching.pair_merged")
def decide_same(actor: Actor, *, pair_id: UUID, stays: UUID, reason: str, choices: Mapping[str, str] | None = None) -> Pair:
    """One person: ``stays`` keeps the row. Errors: PAIR_DECIDED, PERSON_UNKNOWN, and those of `merge_people`."""
    pair = _open(actor, pair_id)
    if stays not in (pair.one_id, pair.two_id):
        raise Invalid("CANDIDATE_UNKNOWN", "Choose one of the people shown.", field="stays")
    merge_people(actor, stays=stays, goes=pair.two_id if stays == pair.one_id else pair.one_id, reason=reason, choices=choices)
    return _decided(actor, pair, "same", reason)


@action("people.merge", audit="matching.pair_parted")
def decide_apart(actor: Actor, *, pair_id: UUID, reason: str = "") -> Pair:
    """Two people; nobody is asked again. Errors: PAIR_DECIDED."""
    return _decided(actor, _open(actor, pair_id), "other", reason)


def _open(actor: Actor, pair_id: UUID) -> Pair:
    pair = queries.get_pair(actor, pair_id, lock=True)
    require(policy.can_decide(actor, pair))
    if pair.state != "open":
        raise Conflict("PAIR_DECIDED", "Somebody has decided this pair meanwhile.", hint="Go on with the next one.")
    return pair


def _decided(actor: Actor, pair: Pair, state: str, reason: str) -> Pair:
    pair.state, pair.reason, pair.decided_by, pair.decided_at = state, reason.strip()[:200], actor.label[:80], timezone.now()
    pair.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return pair


def forget_merged(stayed: UUID, gone: UUID, path: str) -> None:
    """Inside the merger: pairs of the row that is nobody any more do not wait; the one who stays is weighed anew by a job."""
    Pair.objects.filter(Q(one_id=gone) | Q(two_id=gone), state="open").exclude(
        Q(one_id=stayed, two_id=gone) | Q(one_id=gone, two_id=stayed)
    ).update(state="dropped")


def part_split(stayed: UUID, given_back: UUID, path: str) -> None:
    """Inside the split: these two are not asked about again."""
    one, two = min(stayed, given_back), max(stayed, given_back)
    pair = Pair.objects.filter(one_id=one, two_id=two).first() or Pair(one_id=one, two_id=two, weight=0.0, region_path=path)
    pair.state, pair.decided_at = "other", timezone.now()
    pair.save(force_insert=pair._state.adding)
