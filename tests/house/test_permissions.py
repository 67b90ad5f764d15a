"""Every permission somebody is asked for can be held by somebody, and every permission a role names is asked for somewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import yaml
from tests.house.permission_table import addresses
from tests.house.source import files, is_test, product, short, text, told, tree
from tests.house.test_wiring import import_everything

from linli.foundation.access.engine.partners import SCOPES
from linli.foundation.access.types import CITIZEN_PERMISSIONS, TRACKER_PERMISSIONS
from linli.foundation.actions.actions import ACTIONS
from linli.ui.engine.menu import Door, registered

NEEDS_NO_POST = {"", "system"}


def in_roles() -> dict[str, set[str]]:
    """Permission -> roles of all packs that name it."""
    found: dict[str, set[str]] = {}
    for path in files("packs/*/roles.yaml"):
        for role in yaml.safe_load(text(path)).get("roles", []):
            for permission in role["permissions"]:
                found.setdefault(permission, set()).add(role["code"])
    return found


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def given_in_code() -> set[str]:
    """Permissions a program gives an actor: jobs (`system_actor(..., permissions=[...])`), partners, an account of one's own."""
    found: set[str] = set()
    for path in product():
        if is_test(path):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "permissions":
                        found.update(_texts(keyword.value))
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(t, ast.Name) and t.id.endswith("PERMISSIONS") for t in targets) and node.value is not None:
                    found.update(_texts(node.value))
    return found


def asked() -> dict[str, str]:
    """Permission -> an action, address, menu entry or line that asks for it."""
    import_everything()
    found = {permission: f"action {name}" for name, (permission, _) in ACTIONS.items() if not name.startswith("test.")}
    found |= {a.gate.permission: f"address {a.pattern}" for a in addresses()}
    found |= {item.permission: f"menu {item.key}" for door in Door for item in registered(door)}
    for path in product():
        if is_test(path):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "may" and node.args:
                found |= {said: f"{short(path)}:{node.lineno}" for said in _texts(node.args[0])}
    return {permission: where for permission, where in found.items() if permission not in NEEDS_NO_POST}


def test_every_permission_asked_for_can_be_held() -> None:
    partners = {permission for scope in SCOPES.values() for permission in scope}
    held = set(in_roles()) | CITIZEN_PERMISSIONS | TRACKER_PERMISSIONS | given_in_code() | partners
    wrong = [f"{permission} ({where})" for permission, where in sorted(asked().items()) if permission not in held]
    assert not wrong, told(wrong, "Put it into a role of packs/*/roles.yaml, into CITIZEN_PERMISSIONS, or give it to the job that acts.")


def test_every_permission_of_a_role_opens_something() -> None:
    known = set(asked()) | _named_in_tables()
    wrong = [f"{permission} ({', '.join(sorted(roles))})" for permission, roles in sorted(in_roles().items()) if permission not in known]
    assert not wrong, told(wrong, "A role names a permission nobody asks for: a typing error, or the part of the house that asked is gone.")


def _named_in_tables() -> set[str]:
    """Permissions that stand in a table of the code (which step asks for which) and are asked through it."""
    found: set[str] = set()
    for path in product():
        if not is_test(path):
            found |= {said for node in ast.walk(tree(path)) if isinstance(node, ast.Dict) for said in _texts(node)}
    return found
