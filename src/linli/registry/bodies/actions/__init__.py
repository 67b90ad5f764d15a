"""Writes: organisations entered, corrected, renamed, joined, ended; who is what in them."""

from linli.registry.bodies.actions.bodies import correct_body, decide_claim, enter_body
from linli.registry.bodies.actions.life import add_former_name, change_status, join_bodies, rename_body
from linli.registry.bodies.actions.roles import add_role, end_role

__all__ = [
    "add_former_name",
    "add_role",
    "change_status",
    "correct_body",
    "decide_claim",
    "end_role",
    "enter_body",
    "join_bodies",
    "rename_body",
]
