"""Whoever keeps something about people by their key says what becomes of it when two rows become one person."""

from __future__ import annotations

from django.db import models
from tests.house.source import told
from tests.house.test_models import ours

from linli.registry.people.engine.merging import FOLLOWERS
from linli.registry.people.models import Person

NAMES = {
    "person",
    "party",
    "grantor",
    "grantee",
    "agent",
    "guardian",
    "ward",
    "resident",
    "applicant",
    "holder",
    "candidate",
    "spouse",
    "other",
    "subject",
}
"""Plain keys called so (with _id behind) may be keys of people."""
STAY = {
    "people.Person.merged_into": "where the row leads",
    "people.Merger.stays": "the history of merging itself",
    "people.Merger.goes": "the history of merging itself",
    "sources.Provenance.subject_id": "of the row that goes; what it says becomes an entry of the one who stays",
    "sources.Provenance.party_id": "see subject_id",
    "supervision.Clock.subject_id": "a case",
    "supervision.Suspension.subject_id": "a case",
    "supervision.Card.subject_id": "a case or an office",
    "matching.Pair.one_id": "pairs that wait are weighed anew, decided ones count for the one who stays (matching.actions.pairs)",
    "matching.Pair.two_id": "see one_id",
    "privacy.Exported.person_id": "what was exported was of that row; read under all her keys (people.queries.looks)",
    "exchange.Change.subject_id": "what happened to which key; the merger is a change of its own",
    "exchange.Change.other_id": "see subject_id",
    "exchange.Given.person_id": "what was given was of that row; read under all her keys (people.queries.looks)",
    "audit.AuditEntry.subject_id": "sealed; what is read of somebody is read under all her keys (people.queries.looks)",
}


def keys_of_people() -> set[str]:
    found = set()
    for model in ours():
        for field in model._meta.concrete_fields:
            points = getattr(field, "related_model", None) is Person
            plain = (
                isinstance(field, models.UUIDField | models.CharField)
                and field.name.removesuffix("_id") in NAMES
                and field.name.endswith("_id")
            )
            if points or plain:
                found.add(f"{model._meta.label}.{field.attname if points and field.name != 'merged_into' else field.name}")
    return {name.removesuffix("_id") if name.startswith("people.Merger.") else name for name in found}


def test_everything_that_hangs_on_a_person_follows_her() -> None:
    followed = {column for one in FOLLOWERS.values() for column in one.columns}
    wrong = sorted(keys_of_people() - followed - set(STAY))
    assert not wrong, told(
        wrong,
        "Register a Follower in the app's declarations (`people.actions.following.following(Column(Model, 'person_id'))`), or say in STAY why not.",
    )


def test_what_stays_is_there() -> None:
    gone = sorted(set(STAY) - keys_of_people())
    assert not gone, told(gone, "Take it off STAY.")


def test_followed_columns_are_there() -> None:
    known = {f"{model._meta.label}.{field.attname}" for model in ours() for field in model._meta.concrete_fields}
    wrong = sorted({column for one in FOLLOWERS.values() for column in one.columns} - known)
    assert not wrong, told(wrong, "The column is called otherwise.")
