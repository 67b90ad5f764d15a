"""Roles built on the desk: the security administrator drafts one, the system administrator puts it in force. Business roles only."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.access import queries
from linli.foundation.access.engine.permissions import BUSINESS
from linli.foundation.access.models import Role, RoleDraft
from linli.foundation.actions.actions import action, require
from linli.foundation.types import Actor, Level
from linli.lib.errors import Conflict, Invalid, NotFound

_CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")


@action("admin.roles", audit="access.role_drafted")
def draft_role(
    actor: Actor, *, code: str, name: str, level: int, permissions: Collection[str], reason: str, role_id: UUID | None = None
) -> RoleDraft:
    """A new role, or another extent of a known one. Nothing changes before it is put in force.

    Errors: ROLE_UNKNOWN, ROLE_CODE, ROLE_NAME, ROLE_LEVEL, ROLE_PERMISSIONS, ROLE_REASON, ROLE_ADMINISTRATOR, ROLE_SAME, ROLE_ASKED.
    """
    role = _known(role_id) if role_id else None
    code = role.code if role else code.strip().lower()
    if role is None:
        _require_free(code)
    wanted = sorted(set(permissions))
    _check(name, level, wanted, reason)
    if role is not None and (role.name, role.level, sorted(role.permissions)) == (name.strip(), level, wanted):
        raise Invalid("ROLE_SAME", gettext_noop("Nothing would change."), field="permissions")
    if RoleDraft.objects.filter(code=code, state="open").exists():
        raise Conflict(
            "ROLE_ASKED",
            gettext_noop("A draft of this role waits already."),
            hint=gettext_noop("Withdraw it first, or wait for the decision."),
        )
    draft = RoleDraft(
        role=role, code=code, name=name.strip(), permissions=wanted, level=level, asked_by_id=actor.user_id, reason=reason.strip()[:200]
    )
    draft.save(force_insert=True)
    return draft


def _known(role_id: UUID) -> Role:
    role = Role.objects.filter(pk=role_id).first()
    if role is None:
        raise NotFound("ROLE_UNKNOWN", gettext_noop("There is no such role."))
    require(
        role.business,
        gettext_noop("The roles of the three administrators are not changed on the desk."),
        code="ROLE_ADMINISTRATOR",
        hint=gettext_noop("They come with the national pack."),
    )
    return role


def _require_free(code: str) -> None:
    if not _CODE.fullmatch(code) or code == "new":
        raise Invalid("ROLE_CODE", gettext_noop("A role code has 3 to 40 small letters, digits and underscores."), field="code")
    if Role.objects.filter(code=code).exists():
        raise Invalid("ROLE_CODE", gettext_noop("Another role has this code."), field="code")


def _check(name: str, level: int, permissions: list[str], reason: str) -> None:
    if not 1 <= len(name.strip()) <= 60:
        raise Invalid("ROLE_NAME", gettext_noop("A role needs a name of at most 60 characters."), field="name")
    if not Level.PUBLIC <= level <= Level.SENSITIVE:  # L5 opens by being called to one case only
        raise Invalid("ROLE_LEVEL", gettext_noop("A role sees up to level 1, 2, 3 or 4."), field="level")
    if not permissions or not set(permissions) <= BUSINESS:
        raise Invalid(
            "ROLE_PERMISSIONS",
            gettext_noop("Choose at least one permission; those of the administrators do not go into a role."),
            field="permissions",
        )
    if not reason.strip():
        raise Invalid("ROLE_REASON", gettext_noop("Say why: the one who puts it in force has to understand it."), field="reason")


def _open(draft_id: UUID) -> RoleDraft:
    draft = RoleDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("DRAFT_UNKNOWN", gettext_noop("There is no such draft."))
    if draft.state != "open":
        raise Conflict("ASKED_OVER", gettext_noop("This has been decided already."), hint=gettext_noop("Load the page again."))
    return draft


@action("admin.accounts", audit="access.role_decided")
def decide_role(actor: Actor, *, draft_id: UUID, grant: bool, remark: str = "") -> RoleDraft:
    """Put a draft in force for everybody who holds the role, or refuse it with a reason. DRAFT_UNKNOWN, ASKED_OVER, OWN_ACCOUNT, REMARK_MISSING."""
    draft = _open(draft_id)
    require(actor.user_id != draft.asked_by_id, gettext_noop("Nobody decides about what one asked for."), code="OWN_ACCOUNT")
    if not grant and not remark.strip():
        raise Invalid("REMARK_MISSING", gettext_noop("A refusal needs its reason."), field="remark")
    if grant:
        _put_in_force(draft)
    draft.state, draft.decided_by_id, draft.decided_at = "granted" if grant else "refused", actor.user_id, timezone.now()
    draft.remark = remark.strip()[:200]
    draft.save(update_fields=["role", "state", "decided_by", "decided_at", "remark"])
    return draft


def _put_in_force(draft: RoleDraft) -> None:
    role = draft.role
    if role is None:
        _require_free(draft.code)
        role = Role(code=draft.code, business=True)
    role.name, role.permissions, role.level, role.edited = draft.name, draft.permissions, draft.level, True
    role.save()
    draft.role = role
    queries.forget_roles()


@action("admin.roles", audit="access.role_withdrawn")
def withdraw_role(actor: Actor, *, draft_id: UUID) -> RoleDraft:
    """A draft is not wanted any more. DRAFT_UNKNOWN, ASKED_OVER."""
    draft = _open(draft_id)
    draft.state, draft.decided_by_id, draft.decided_at = "withdrawn", actor.user_id, timezone.now()
    draft.save(update_fields=["state", "decided_by", "decided_at"])
    return draft
