"""Words found nowhere else, planted in every protected row, and who may read them: whoever sees a row that holds the word."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from django.db import models

from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.models import PROTECTIONS
from linli.foundation.types import Actor, system_actor

READER = system_actor("test.leak.reader", permissions=["audit.view", "admin.accounts"])
Row = tuple[str, str]  # table, key
Planter = Callable[[Any, str], Any]


def into(*keys: str) -> Planter:
    """Put the word into a JSON object, be it a column of its own or encrypted text."""

    def plant(value: Any, word: str) -> Any:
        known = json.loads(value) if isinstance(value, str) and value else value or {}
        merged = {**known, **dict.fromkeys(keys, word)}
        return json.dumps(merged, ensure_ascii=False) if isinstance(value, str) else merged

    return plant


def quoted(value: Any, word: str) -> Any:
    return json.dumps(word)


def plain(value: Any, word: str) -> Any:
    return word


PLANTED: dict[str, dict[str, Planter]] = {
    "people_person": dict.fromkeys(("name", "live_address", "hukou_address", "bank_name", "bank_account"), plain),
    "people_identity": {"issuer": plain},
    "people_key_group": {"responsible_name": plain},
    "people_death_report": dict.fromkeys(("document", "reported_by"), plain),
    "people_life_event": dict.fromkeys(("place", "made_by"), plain),
    "people_reminder": {"reason": plain},
    "households_household": {},
    "households_membership": {},
    "households_occupancy": {},
    "households_relation": dict.fromkeys(("document", "end_reason", "made_by"), plain),
    "premises_premises": dict.fromkeys(("address", "estate"), plain),
    "bodies_body": dict.fromkeys(("name", "representative", "address", "supervisor", "scope"), plain),
    "bodies_name": {"name": plain},
    "bodies_gram": {},
    "bodies_status": {"note": plain},
    "bodies_role": {"name": plain},
    "bodies_succession": {"document": plain, "predecessor_name": plain},
    "facilities_facility": dict.fromkeys(("name", "address", "opening_hours"), plain),
    "facilities_status": {"note": plain},
    "facilities_duty": {"name": plain},
    "regions_order": {"orderer": plain, "asked": into("document")},
    "sources_provenance": {},
    "sources_claim": {"value": plain},
    "sources_fact": {"value": quoted},
    "sources_entry": {"content": into("live_address", "address")},  # of a person, of an organisation
    "sources_correction": dict.fromkeys(("theirs", "ours"), plain),
    "matching_pair": dict.fromkeys(("reason", "decided_by"), plain),
    "people_merger": dict.fromkeys(("reason", "made_by"), plain),
    "imports_batch": {"maker": plain},
    "imports_consequence": {},
    "imports_part": {},
    "imports_doubt": {"decided_by": plain},
    "imports_connector": dict.fromkeys(("name", "owner_name"), plain),
    "imports_arrival": {},
    "quality_result": {},
    "quality_issue": {"reason": plain, "ended_by": plain},
    "quality_examination": {},
    "quality_comparison": {"made_by": plain},
    "exchange_subscription": dict.fromkeys(("office", "reason", "legal_basis", "decision", "asked_by_name"), plain),
    "exchange_endpoint": {"url": plain},
    "exchange_delivery": {"error": plain},
    "exchange_file": dict.fromkeys(("ordered_by_name", "error"), plain),
    "exchange_change": {},
    "exchange_given": {},
    "privacy_export": dict.fromkeys(("purpose", "orderer", "reason"), plain),
    "privacy_exported": {},
    "privacy_request": dict.fromkeys(("name", "text", "value", "reason", "decided_by_name"), plain),
    "sync_device": {"name": plain},
    "sync_item": {},  # a kept answer to a repeated item
    "collection_visit": {"note": plain, "done_by": plain},
    "collection_held": {"content": into("value"), "decided_by": plain},
    "casefile_case": {"applicant": plain, "agent_name": plain, "phone": plain, "decision": into("reason")},
    "casefile_task": dict.fromkeys(("applicant", "opinion", "done_by_name", "assignee_name"), plain),
    "casefile_form": {"data": into("applicant_name")},
    "casefile_step_form": {"data": into("answers"), "saved_by_name": plain},
    "casefile_process": {},  # the engine's state, never shown
    "casefile_timeline": {"actor_label": plain, "params": into("reason")},
    "casefile_material": {"note": plain, "name": plain},
    "casefile_paper": {"title": plain, "context": into("reason")},
    "casefile_draft": {"data": into("applicant_name")},
    "supervision_clock": {"title": plain},
    "supervision_suspension": {"basis": plain},
    "supervision_rung": {"reason": plain},
    "supervision_card": {"subject_title": plain, "reply": plain, "appeal": plain},
    "evaluation_evaluation": {"comment": plain},
    "evaluation_callback": {"note": plain},
    "files_file": {"name": lambda value, word: f"{word}.pdf"},
    "notices_message": {"subject": plain, "body": plain, "address": plain},
    "notices_received": {"text": plain, "phone": plain},
    "accounts_mandate": {"grantor_name": plain, "grantee_name": plain},
    "api_client": {"name": plain},
    "api_token": {},
    "api_reply": {},
    "api_bucket": {},
    "signon_system": {"name": plain},
    "signon_code": {},
    "signon_token": {},
    "audit_entry": {},  # insert only; what it holds of other rows counts as theirs and its own
    "audit_batch": {},
    "topics_event": {},
    "topics_handled": {},
}
"""Columns that get a word of their own, by table. A table that holds nothing a person could read is {}."""
NATURAL = {
    "casefile_case": ("number", "id"),
    "casefile_task": ("id",),
    "casefile_paper": ("number", "verify_code", "id"),
    "casefile_material": ("id",),
    "people_person": ("id_number", "phone", "id"),
    "premises_premises": ("addr_code",),
    "bodies_body": ("uscc", "id"),
    "facilities_facility": ("code", "id"),
    "households_household": ("number",),
    "files_file": ("id",),
    "supervision_card": ("number", "id"),
    "notices_message": ("id",),
    "accounts_mandate": ("id",),
    "casefile_draft": ("id",),
    "audit_entry": ("id",),
    "evaluation_evaluation": ("id",),
}
"""Columns whose own values are found nowhere else."""


class Canaries:
    """The planted words. ``holders``: the rows in which a word stands; ``seen``: keys of visible rows by actor and table."""

    def __init__(self) -> None:
        self.words: dict[str, set[Row]] = defaultdict(set)
        with scoped(READER):
            _plant()
            found = set(_natural())
            self._pattern = re.compile("|".join([r"ZQ\d{6}Q", *map(re.escape, sorted(found, key=len, reverse=True))]))
            for table, protection in PROTECTIONS.items():
                for row in protection.model._base_manager.all():
                    for word in self.in_text(_text(row)):
                        self.words[word].add((table, str(row.pk)))
        for user in User.objects.filter(kind="citizen"):
            for word in self.in_text(_text(user)):
                self.words[word].add(("accounts_user", str(user.pk)))

    def in_text(self, text: str) -> set[str]:
        return set(self._pattern.findall(text))

    def leaked(self, text: str, seen: set[Row], asked: str = "") -> list[str]:
        """Words in ``text`` that stand in no row of ``seen``, but for those the visitor sent herself."""
        found = self.in_text(text) - self.in_text(asked)
        return sorted(word for word in found if not self.words[word] & seen)

    def told(self, words: Iterable[str]) -> str:
        return ", ".join(f"{word} of {sorted(self.words[word])[:2]}" for word in words)


def visible_rows(actor: Actor) -> set[Row]:
    """Keys of everything the actor may see, by the filters of the policies (without row-level security's help)."""
    with scoped(READER):
        result = {
            (table, str(key))
            for table, protection in PROTECTIONS.items()
            for key in protection.model._base_manager.filter(protection.visible(actor)).values_list("pk", flat=True)
        }
    return result | ({("accounts_user", str(actor.user_id))} if actor.user_id else set())


def _plant() -> None:
    numbers = count(1)
    for table, columns in PLANTED.items():
        model: type[models.Model] = PROTECTIONS.get(table).model
        for row in model._base_manager.all() if columns else ():
            values = {name: planter(getattr(row, name), f"ZQ{next(numbers):06d}Q") for name, planter in columns.items()}
            if table == "casefile_task" and row.state == "open":  # type: ignore[attr-defined]
                values = {"applicant": values["applicant"]}
            model._base_manager.filter(pk=row.pk).update(**values)


def _natural() -> Iterable[str]:
    for table, columns in NATURAL.items():
        for row in PROTECTIONS.get(table).model._base_manager.all():
            yield from (str(getattr(row, name)) for name in columns if getattr(row, name))


def _text(row: models.Model) -> str:
    return " ".join(
        json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
        for f in row._meta.concrete_fields
        if (value := getattr(row, f.attname)) is not None and not isinstance(value, (bytes, memoryview))
    )
