"""Tables: keys point down, changes are recorded, rows about people and places are protected, in the database too."""

from __future__ import annotations

import pytest
from django.apps import apps as django_apps
from django.db import connection, models
from tests.house.source import heights, told

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PROTECTIONS

# Tables whose rows are not changed by people's actions one by one, and why they need no record of before and after.
UNRECORDED = {
    "audit_entry": "the trail itself",
    "audit_batch": "seals of the trail",
    "topics_event": "written once by emit, never changed",
    "topics_handled": "a consumer's receipt",
    "accounts_attempt": "counts tries; signing in is on the trail by itself",
    "accounts_code": "a one-time code's digest, gone after minutes",
    "accounts_passkey_challenge": "random bytes used once, gone after two days; signing in is on the trail by itself",
    "accounts_password": "hashes of former passwords; the change is on the trail with the account",
    "api_bucket": "tokens of a rate limit",
    "api_reply": "a kept answer to a repeated call",
    "bodies_gram": "what a body is found by; its names are on the trail",
    "casefile_process": "the engine's state; each step is on the trail and the timeline",
    "casefile_serial": "the running number of a day and region",
    "casefile_track_attempt": "counts wrong tries of the tracking page",
    "exchange_change": "the log of changes itself, written by triggers",
    "exchange_given": "that a person's data was given; each page is on the trail",
    "exchange_delivery": "what became of a message, tried by jobs; sending it anew is on the trail",
    "imports_arrival": "what became of a delivery, written by jobs; its file, and what a person orders of it, is on the trail",
    "imports_part": "what became of the rows of a file; each portion is on the trail",
    "maps_outside_feature": "our copy of another office's layer, written anew by jobs; each fetching is on the trail",
    "privacy_exported": "whose data was in an export; the export is on the trail",
    "privacy_sweep": "how many records ended on a night; each portion is on the trail",
    "quality_result": "sums of an examination, made anew each night",
    "sources_entry": "what an office said, never changed; with whom it is linked is on the trail with the decision",
    "sync_item": "what a phone sent and was told; what it did is on the trail as what it did",
    "supervision_rung": "claimed by a job; the signal it raises is on the trail",
}
# Tables with a region, a party or a case in them that everybody may read, and why.
OPEN = {
    "units_unit": "the published list of offices",
    "regions_region": "the published list of divisions",
    "casefile_participant": "the policy of its case reads it, so that a policy of its own would go in circles; holds keys only",
}
SIGNS = {"region_path", "party_id", "case_id"}


def ours() -> list[type[models.Model]]:
    """Models of the product that have a table (also the tables between many and many)."""
    found = [model for model in django_apps.get_models(include_auto_created=True) if model.__module__.startswith("linli.")]
    return [model for model in found if not model._meta.proxy]


def app_of(model: type[models.Model]) -> str:
    return django_apps.get_app_config(model._meta.app_label).name


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model in ours():
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or not isinstance(other, models.base.ModelBase):
                continue
            if not other.__module__.startswith("linli."):
                continue
            mine, theirs = app_of(model), app_of(other)
            if mine != theirs and heights()[mine] <= heights()[theirs]:
                wrong.append(f"{model._meta.label}.{field.name} -> {other._meta.label}")
    assert not wrong, told(wrong, "Keep the key of an upper floor's row as a plain UUIDField, or turn the relation around.")


def test_changes_of_rows_are_recorded() -> None:
    wrong = [model._meta.db_table for model in ours() if not issubclass(model, AuditedModel) and model._meta.db_table not in UNRECORDED]
    assert not wrong, told(sorted(wrong), "Inherit AuditedModel, or add the table to UNRECORDED here with the reason.")


def test_the_lists_of_exceptions_are_true() -> None:
    tables = {model._meta.db_table: model for model in ours()}
    gone = [name for name in (*UNRECORDED, *OPEN) if name not in tables]
    gone += [name for name in UNRECORDED if name in tables and issubclass(tables[name], AuditedModel)]
    gone += [name for name in OPEN if name in PROTECTIONS]
    assert not gone, told(gone, "Take it off the list in this file.")


def test_rows_about_people_and_places_are_protected() -> None:
    wrong = []
    for model in ours():
        columns = {field.attname for field in model._meta.concrete_fields}
        if columns & SIGNS and model._meta.db_table not in PROTECTIONS and model._meta.db_table not in OPEN:
            wrong.append(f"{model._meta.db_table}: {sorted(columns & SIGNS)}")
    assert not wrong, told(wrong, "Write Protection(...) in the app's policy.py (a child: Via), or add the table to OPEN with the reason.")


@pytest.mark.django_db
def test_the_database_has_the_policy_of_every_protected_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname ~ '^linli_(rows|insert)$' GROUP BY 1 HAVING count(*) = 2")
        have = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        on = {name for (name,) in cursor.fetchall()}
    wrong = sorted(set(PROTECTIONS.keys()) ^ (have & on))
    assert not wrong, told(wrong, "`manage.py grants` makes the policies of what is registered: does apps.ready() import policy?")


@pytest.mark.django_db
def test_protected_models_refuse_to_be_read_outside_a_scope() -> None:
    """Without row-level security's `nullif` or with an owner's connection, rows would show here."""
    seen = []
    with connection.cursor() as cursor:
        for table in PROTECTIONS:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if cursor.fetchone() != (0,):
                seen.append(table)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)")
        assert cursor.fetchone() == (0,), "the application role owns a table: grants and migrations run as linli_owner"
    assert not seen, told(seen, "A row is visible without a scope: the policy does not fail closed.")
