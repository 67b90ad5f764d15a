"""Every action and every job has words for the audit administrator, and no words are left over."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator

from tests.house.source import is_test, product, tree

import linli
from linli.foundation.actions.actions import ACTIONS
from linli.foundation.audit.engine.names import job_labels, job_name, job_names, name_of, names
from linli.foundation.topics.engine import CONSUMERS

NOT_ACTIONS = {"files.opened", "signon.system", "signon.token_refused"}
"""Noted on the trail without an action of ours."""
COMPOSED = {"packs.": {"packs.load", "packs.check", "packs.export"}, "topic:": None}
"""Labels a program puts together: the beginning -> every whole label; None for the consumers of topics."""


def actions() -> set[str]:
    """Names of all actions, those of modules nobody has needed yet included."""
    for module in pkgutil.walk_packages(linli.__path__, "linli."):
        if "actions" in module.name.split(".") and "tests" not in module.name.split("."):
            importlib.import_module(module.name)
    return {name for name in set(ACTIONS.keys()) if not name.startswith("test.")}


def jobs() -> set[str]:
    """Labels of all jobs and commands: what the product says to `system_actor`."""
    consumers = {f"topic:{name}" for name in CONSUMERS.keys() if not name.startswith("test.")}  # noqa: SIM118 - a registry
    found: set[str] = set()
    for said in (node for path in product() if not is_test(path) for node in _labels(tree(path))):
        if isinstance(said, ast.Constant):
            found.add(str(said.value))
        else:
            beginning = said.values[0].value if isinstance(said, ast.JoinedStr) and isinstance(said.values[0], ast.Constant) else None
            assert beginning in COMPOSED, f"name a job by a string, or say in COMPOSED what it can become: {ast.unparse(said)}"
            found |= COMPOSED[str(beginning)] or consumers
    return found


def _labels(module: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "system_actor":
            yield node.args[0]


def test_every_action_has_words() -> None:
    assert not actions() - set(names())


def test_no_words_are_left_over() -> None:
    assert not set(names()) - actions() - NOT_ACTIONS


def test_a_name_without_words_is_shown_as_it_is() -> None:
    assert name_of("nobody.knows") == "nobody.knows"
    assert job_name("Wang Xiulan") == "Wang Xiulan"


def test_every_job_has_words_and_none_are_left_over() -> None:
    assert set(job_names()) == jobs()
    assert job_name("supervision.sweep") == "监察时钟"
    assert "supervision.sweep" in job_labels("监察时")


def test_no_two_jobs_are_called_alike() -> None:
    assert len(set(job_names().values())) == len(job_names())
