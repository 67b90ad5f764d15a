"""Two rows of the register that are one person become one, and can become two again (domain/community.md 15.4).

Who goes keeps her row, which leads to the one who stays; everything that hangs on her by her key changes hands (`engine.merging.FOLLOWERS`);
what she said by hand is kept as what was said, and all values are chosen anew. Nothing is decided silently: what has to be chosen is asked,
what speaks against it is said.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid
from linli.lib.names import initials, pinyin
from linli.registry.people import policy, queries
from linli.registry.people.actions.bulk import settle_people, unset
from linli.registry.people.actions.persons import set_value
from linli.registry.people.engine.merging import FOLLOWERS, GOES, MERGES, SPLITS, STAYS, Handover
from linli.registry.people.models import Merger, Person
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.actions import add_entries, lock_value, open_clue, withdraw_entries
from linli.registry.sources.models import Entry, Provenance
from linli.registry.sources.queries import source
from linli.registry.sources.types import Offer

JOB = system_actor("people.merging")
FINDERS = ("pinyin", "initials", "id_index", "phone_index", "birth_date")
"""Columns by which people are found; empty in a row that only leads to somebody."""
TAKEN = ("hukou_region_id", "premises_id")
"""What is no attribute of `ATTRIBUTES`: taken over where the one who stays has nothing."""


@action("people.merge", audit="people.people_merged")
def merge_people(actor: Actor, *, stays: UUID, goes: UUID, reason: str, choices: Mapping[str, str] | None = None) -> Merger:
    """``goes`` becomes ``stays``. ``choices``: the answers to `queries.merge_questions`, "stays" or "goes" for each.

    Errors: REASON_MISSING, MERGE_SELF, PERSON_UNKNOWN, MERGED_ALREADY, CHOICE_MISSING, and what `queries.against_merger` says.
    """
    _reasoned(reason)
    stayed, gone = _both(actor, stays, goes)
    require(policy.can_merge(actor, stayed) and policy.can_merge(actor, gone), code="MERGE_OUTSIDE")
    with scoped(JOB):
        queries.against_merger(stayed, gone)
        answers = _answered(stayed, gone, choices or {})
        merger = Merger(stays=stayed, goes=gone, reason=reason.strip()[:200], choices=answers, region_path=stayed.region_path)
        merger.made_by = actor.label[:80]
        changed = _become_one(merger, stayed, gone, answers)
        emit("people.people_merged", region_path=stayed.region_path, person_id=stayed.pk, merged_id=gone.pk)
    _noted(merger, {"changed": sorted(changed), "choices": answers})
    return merger


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < 4:
        raise Invalid("REASON_MISSING", "Say how you know.", field="reason", hint="Whoever looks later reads it on the trail.")


def _both(actor: Actor, stays: UUID, goes: UUID) -> tuple[Person, Person]:
    """Both rows, locked in the order of their keys, so that two clerks do not wait for each other."""
    if stays == goes:
        raise Invalid("MERGE_SELF", "This is the same row of the register.", hint="Choose the other one.")
    rows = Person.every.select_for_update().filter(policy.visible(actor), pk__in=[stays, goes]).order_by("pk")
    found = {person.pk: person for person in rows}
    for key in (stays, goes):
        person = found.get(key)
        if person is None:
            raise queries.person_unknown()
        if person.merged_into_id is not None:
            raise Conflict("MERGED_ALREADY", "One of the two has become somebody else meanwhile.", hint="Look at her page again.")
    return found[stays], found[goes]


def _answered(stayed: Person, gone: Person, choices: Mapping[str, str]) -> dict[str, str]:
    answers = {}
    for question in queries.merge_questions(stayed, gone):
        answer = choices.get(question.key, "")
        if answer not in (STAYS, GOES):
            raise Invalid("CHOICE_MISSING", "Say which of the two is right.", field=question.key)
        answers[question.key] = answer
    return answers


def _become_one(merger: Merger, stayed: Person, gone: Person, answers: Mapping[str, str]) -> set[str]:
    """Attributes of the one who stays that have another value now."""
    before: dict[str, Any] = {"stays": _texts(stayed), "goes": _texts(gone)}
    theirs = _decided(stayed, gone, answers)
    hers, own = queries.own_words(gone), queries.own_words(stayed)
    before["locked"] = _lock(
        stayed, {**{name: before["goes"][name] for name in theirs}, **{k: "" for k, v in answers.items() if v == STAYS}}
    )
    handover = Handover(gone.pk, stayed.pk, stayed.region_path, answers)
    merger.moved = {label: list(keys) for one in FOLLOWERS.values() for label, keys in one.follow(handover).items() if keys}
    add_entries(_as_entries(merger, stayed, hers))
    add_entries(
        _as_entries(merger, stayed, {name: said for name, said in own.items() if name in hers or name in theirs})
    )  # last: among equals hers counts
    before["taken"] = _take_over(stayed, gone)
    gone.pinyin, gone.initials, gone.id_index, gone.phone_index, gone.birth_date, gone.merged_into = "", "", None, None, None, stayed
    gone.save(update_fields=[*FINDERS, "merged_into"])
    settle_people({stayed.pk: ATTRIBUTES}, on=timezone.localdate())
    before["after"] = _texts(Person.objects.get(pk=stayed.pk))
    merger.before, merger.made_at = json.dumps(before, ensure_ascii=False, sort_keys=True), timezone.now()
    merger.save(force_insert=True)
    for told in MERGES.values():
        told(stayed.pk, gone.pk, stayed.region_path)
    return {name for name, value in before["after"].items() if value != before["stays"][name]}


def _texts(person: Person) -> dict[str, str]:
    return {name: queries.text_of(person, name) for name in ATTRIBUTES}


def _as_entries(merger: Merger, stayed: Person, words: Mapping[str, Offer]) -> list[Entry]:
    """What was said by hand and has no row of its own any more, as entries of this merger: they count, and are withdrawn when it is taken back."""
    alike: dict[tuple[str, Any, bool], dict[str, str]] = {}
    for attribute, offer in words.items():
        alike.setdefault((offer.source, offer.as_of, offer.verified), {})[attribute] = offer.value
    return [
        Entry(
            source=source(code),
            batch_id=merger.pk,
            subject_id=stayed.pk,
            party_id=stayed.pk,
            region_path=stayed.region_path,
            as_of=as_of,
            verified=verified,
            content=json.dumps(values, ensure_ascii=False, sort_keys=True),
        )
        for (code, as_of, verified), values in sorted(alike.items(), key=str)
    ]


def _decided(stayed: Person, gone: Person, answers: Mapping[str, str]) -> set[str]:
    """Attributes of which the value of the one who goes stands, because a person says so now or has said so before. Where both were locked, it is asked."""
    today = timezone.localdate()
    locked = Provenance.objects.filter(subject_id__in=[stayed.pk, gone.pk], locked_until__gte=today).values_list("subject_id", "attribute")
    mine, theirs = ({attribute for key, attribute in locked if key == one.pk} for one in (stayed, gone))
    found = {attribute for attribute, answer in answers.items() if answer == GOES and attribute in ATTRIBUTES}
    for attribute in sorted(theirs - set(answers)):
        value = queries.text_of(gone, attribute)
        if attribute not in ATTRIBUTES or value == queries.text_of(stayed, attribute):
            continue
        if attribute in mine:
            open_clue(stayed.pk, attribute, value, case_id=None, region_path=stayed.region_path, party_id=stayed.pk)
        else:
            found.add(attribute)
    return found


def _lock(stayed: Person, values: Mapping[str, str]) -> dict[str, Any]:
    """These values stand for a year, as what a person decides does ("": the one there is); attribute -> the provenance there was (None: none)."""
    own = {row.attribute: row for row in Provenance.objects.filter(subject_id=stayed.pk)}
    was = {}
    for attribute in ATTRIBUTES:
        if attribute not in values:
            continue
        was[attribute] = _as_it_was(own.get(attribute))
        if values[attribute]:
            stayed.save(update_fields=set_value(stayed, attribute, values[attribute]))
        lock_value(stayed.pk, attribute, region_path=stayed.region_path, party_id=stayed.pk)
    return was


def _as_it_was(row: Provenance | None) -> dict[str, Any] | None:
    if row is None:
        return None
    until = row.locked_until.isoformat() if row.locked_until else None
    return {"source": str(row.source_id), "as_of": row.as_of.isoformat(), "verified": row.verified, "locked_until": until}


def _take_over(stayed: Person, gone: Person) -> list[str]:
    names = [name for name in TAKEN if getattr(stayed, name) is None and getattr(gone, name) is not None]
    for name in names:
        setattr(stayed, name, getattr(gone, name))
    if names:
        stayed.save(update_fields=[name.removesuffix("_id") for name in names])
    return names


@action("people.merge", audit="people.people_split")
def split_people(actor: Actor, *, merger_id: UUID, reason: str, hers: Collection[str] = ()) -> Person:
    """Two people again: exactly what moved goes back. ``hers``: of what was written since ("column:key", `queries.written_since`) what is about the one given
    back; the rest stays with whom it was written for.

    Errors: REASON_MISSING, MERGER_UNKNOWN, MERGER_SPLIT, MERGED_ON, ROW_UNKNOWN.
    """
    _reasoned(reason)
    merger = queries.get_merger(actor, merger_id, lock=True)
    rows = {
        p.pk: p
        for p in Person.every.select_for_update().filter(policy.visible(actor), pk__in=[merger.stays_id, merger.goes_id]).order_by("pk")
    }
    stayed, gone = rows.get(merger.stays_id), rows.get(merger.goes_id)
    if stayed is None or gone is None:
        raise queries.person_unknown()
    require(policy.can_merge(actor, stayed) and policy.can_merge(actor, gone), code="MERGE_OUTSIDE")
    if merger.split_at is not None:
        raise Conflict("MERGER_SPLIT", "These have been split already.", hint="Look at her page again.")
    if stayed.merged_into_id is not None:
        raise Conflict("MERGED_ON", "The one who stayed has become somebody else since.", hint="Split those two first.")
    with scoped(JOB):
        chosen = _chosen(merger, hers)
        _become_two(merger, stayed, gone, chosen)
        merger.split_by, merger.split_at, merger.split_reason = actor.label[:80], timezone.now(), reason.strip()[:200]
        merger.save(update_fields=["split_by", "split_at", "split_reason"])
        emit("people.people_split", region_path=gone.region_path, person_id=stayed.pk, split_id=gone.pk)
    _noted(merger, {"hers": sorted(hers)})
    return Person.objects.get(pk=gone.pk)


def _chosen(merger: Merger, hers: Collection[str]) -> dict[str, list[str]]:
    since = {f"{label}:{key}" for label, keys in queries.written_since(merger).items() for key in keys}
    if set(hers) - since:
        raise Invalid("ROW_UNKNOWN", "Some of this is not there any more.", field="hers", hint="Look at the list again.")
    moved = {label: list(keys) for label, keys in merger.moved.items()}
    for label, keys in queries.surely_hers(merger).items():
        moved[label] = [*moved.get(label, []), *keys]
    for one in hers:
        label, _, key = one.rpartition(":")
        moved.setdefault(label, []).append(key)
    return moved


def _become_two(merger: Merger, stayed: Person, gone: Person, moved: Mapping[str, Collection[str]]) -> None:
    before = json.loads(merger.before)
    _found_again(gone, before["goes"])
    handover = Handover(stayed.pk, gone.pk, gone.region_path, merger.choices)
    for one in FOLLOWERS.values():
        one.give_back(handover, {label: tuple(keys) for label, keys in moved.items() if _is_of(label, one.columns)})
    withdraw_entries(list(Entry.objects.filter(batch_id=merger.pk).values_list("pk", flat=True)))
    _put_back(stayed, gone, before)
    settle_people({stayed.pk: ATTRIBUTES, gone.pk: ATTRIBUTES}, on=timezone.localdate())
    for told in SPLITS.values():
        told(stayed.pk, gone.pk, gone.region_path)


def _found_again(gone: Person, values: Mapping[str, str]) -> None:
    """The row is a person again, with what it said when it went."""
    gone.pinyin, gone.initials, gone.merged_into = pinyin(gone.name), initials(gone.name), None
    gone.birth_date = date.fromisoformat(values["birth_date"]) if values["birth_date"] else None
    gone.id_index = queries.id_index(values["id_number"]) or None if values["id_number"] else None
    gone.phone_index = queries.phone_index(values["phone"]) or None if values["phone"] else None
    gone.save(update_fields=[*FINDERS, "merged_into"])


def _put_back(stayed: Person, gone: Person, before: Mapping[str, Any]) -> None:
    """What nobody has touched since is as it was before they became one; the rest is chosen from what is said now."""
    names: list[str] = []
    for attribute in (*ATTRIBUTES[::-1], "birth_date", "sex"):  # the number last but these two: it sets them
        was = before["stays"][attribute]
        if queries.text_of(stayed, attribute) == before["after"][attribute] != was or attribute in names:
            names += set_value(stayed, attribute, was) if was else unset(stayed, attribute)
    for name in before["taken"]:
        if getattr(stayed, name) == getattr(gone, name):
            setattr(stayed, name, None)
            names.append(name.removesuffix("_id"))
    if names:
        stayed.save(update_fields=sorted(set(names)))
    _undo_locks(stayed, before["locked"])


def _is_of(label: str, columns: Collection[str]) -> bool:
    """A follower may note more than its columns, of the same models."""
    models = {column.rpartition(".")[0] for column in columns}
    return label.rpartition(".")[0] in models


def _undo_locks(stayed: Person, locked: Mapping[str, Any]) -> None:
    for attribute, was in locked.items():
        row = Provenance.objects.filter(subject_id=stayed.pk, attribute=attribute).first()
        if row is None:
            continue
        if was is None:
            row.delete()
            continue
        row.source_id, row.as_of, row.verified, row.locked_until = UUID(was["source"]), was["as_of"], was["verified"], was["locked_until"]
        row.save(update_fields=["source", "as_of", "verified", "locked_until"])


def _noted(merger: Merger, notes: Mapping[str, Any]) -> None:
    record = recording.get()
    if record is not None:
        record.notes |= {
            "stays": str(merger.stays_id),
            "goes": str(merger.goes_id),
            "reason": merger.split_reason or merger.reason,
            **notes,
        }
