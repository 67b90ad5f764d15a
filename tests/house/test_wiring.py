"""What is registered fits together: gates, topics, actions."""

from __future__ import annotations

import importlib
import pkgutil
import re

from tests.house.permission_table import addresses, foreign_gate
from tests.house.source import told

import linli
from linli.foundation.actions.actions import ACTIONS
from linli.foundation.gate import Gate
from linli.foundation.topics.engine import TOPICS, consumers_of

PAST = {
    "sent", "written", "held", "taken", "begun", "paid", "made", "given", "left", "put", "set", "read", "withdrawn", "undone", "drawn",
    "seen", "shown",
    "lost", "found", "met", "kept", "told", "built", "brought", "chosen", "split", "run", "won", "bound", "reset", "lent", "sold",
}  # fmt: skip


def import_everything() -> None:
    """Actions register when their module is imported; a test must not depend on who imported what."""
    for module in pkgutil.walk_packages(linli.__path__, "linli."):
        parts = module.name.split(".")
        if "actions" in parts and "tests" not in parts and "management" not in parts and "migrations" not in parts:
            importlib.import_module(module.name)


def test_every_address_has_a_gate() -> None:
    bare = [a for a in addresses() if not isinstance(getattr(a.view, "gate", None), Gate) and not foreign_gate(a)]
    wrong = [f"{a.pattern} ({a.view_name})" for a in bare]
    assert not wrong, told(wrong, "Put @desk(permission), @citizen(...) or @public from linli.foundation.gate on the view.")


def test_every_topic_is_heard() -> None:
    wrong = [name for name, topic in TOPICS.items() if not name.startswith("test.") and not topic.public and not consumers_of(name)]
    assert not wrong, told(wrong, "Register a consumer, declare the topic public, or do not emit it.")


def test_actions_are_named_by_what_happened() -> None:
    import_everything()
    wrong = []
    for name, _ in ACTIONS.items():
        if name.startswith("test."):
            continue
        words = name.rpartition(".")[2].split("_")
        if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name) or not any(word.endswith("ed") or word in PAST for word in words):
            wrong.append(name)
    assert not wrong, told(wrong, "audit= is app.thing_happened in the past tense: cases.case_accepted.")


def test_permissions_are_named_by_their_app() -> None:
    import_everything()
    wrong = [f"{name}: {permission!r}" for name, (permission, _) in ACTIONS.items() if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", permission)]
    assert not wrong, told(wrong, "A permission is app.verb, such as cases.accept.")
