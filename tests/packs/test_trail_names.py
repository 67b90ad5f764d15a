"""Every action has words for the audit administrator, and no words are left over."""

from __future__ import annotations

import importlib
import pkgutil

import linli
from linli.foundation.actions.actions import ACTIONS
from linli.foundation.audit.engine.names import name_of, names

NOT_ACTIONS = {"files.opened", "signon.system", "signon.token_refused"}
"""Noted on the trail without an action of ours."""


def actions() -> set[str]:
    """Names of all actions, those of modules nobody has needed yet included."""
    for module in pkgutil.walk_packages(linli.__path__, "linli."):
        if "actions" in module.name.split(".") and "tests" not in module.name.split("."):
            importlib.import_module(module.name)
    return {name for name in set(ACTIONS.keys()) if not name.startswith("test.")}


def test_every_action_has_words() -> None:
    assert not actions() - set(names())


def test_no_words_are_left_over() -> None:
    assert not set(names()) - actions() - NOT_ACTIONS


def test_a_name_without_words_is_shown_as_it_is() -> None:
    assert name_of("nobody.knows") == "nobody.knows"
