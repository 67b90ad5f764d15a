"""Writes: roles of a pack, drafts of roles, appointments. What one administrator asks for, another grants."""

from linli.foundation.access.actions.appointments import (
    ask_appointment,
    ask_for_new_staff,
    decide_appointment,
    end_post,
    withdraw_appointment,
)
from linli.foundation.access.actions.loading import export_roles, load_roles
from linli.foundation.access.actions.roles import decide_role, draft_role, withdraw_role

__all__ = [
    "ask_appointment",
    "ask_for_new_staff",
    "decide_appointment",
    "decide_role",
    "draft_role",
    "end_post",
    "export_roles",
    "load_roles",
    "withdraw_appointment",
    "withdraw_role",
]
