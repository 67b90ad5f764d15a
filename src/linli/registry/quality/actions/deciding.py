"""What a person says about a problem: it is mended, or it stays as it is because."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import repeated
from linli.foundation.regions.queries import at_level
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid
from linli.registry.quality import policy
from linli.registry.quality.models import Issue
from linli.registry.quality.queries.examining import Round
from linli.registry.quality.queries.issues import get_issue

LOOKING = system_actor("quality.look_again")


@action("quality.mend", audit="quality.issue_mended")
def mend(actor: Actor, *, issue_id: UUID) -> Issue:
    """Close a problem that is mended. `Conflict` STILL_WRONG while the rule still finds it: the register is looked at again at once."""
    issue = get_issue(actor, issue_id, lock=True)
    require(policy.can_mend(actor, issue))
    if issue.state == "mended":
        repeated()
        return issue
    with scoped(LOOKING):
        wrong = Round(timezone.localdate()).still_fails(issue.rule, at_level(issue.region_path, "community"), issue.subject_id)
    if wrong:
        raise Conflict(
            "STILL_WRONG",
            gettext_noop("The register still says the same."),
            hint=gettext_noop("Correct the record first; or say why it stays as it is."),
        )
    return _close(actor, issue, "mended", "")


@action("quality.mend", audit="quality.issue_waived")
def waive(actor: Actor, *, issue_id: UUID, reason: str) -> Issue:
    """The record is right although the rule says otherwise. REASON_MISSING."""
    issue, reason = get_issue(actor, issue_id, lock=True), reason.strip()
    require(policy.can_mend(actor, issue))
    if len(reason) < 4:
        raise Invalid("REASON_MISSING", gettext_noop("Say why the record is right as it is."), field="reason")
    if issue.state == "mended":
        raise Conflict("ISSUE_STATE", gettext_noop("This problem has been mended meanwhile."))
    return _close(actor, issue, "waived", reason[:200])


@action("quality.mend", audit="quality.issue_reopened")
def reopen(actor: Actor, *, issue_id: UUID) -> Issue:
    """It does not stay as it is after all."""
    issue = get_issue(actor, issue_id, lock=True)
    require(policy.can_mend(actor, issue))
    if issue.state == "open":
        repeated()
        return issue
    if issue.state != "waived":
        raise Conflict("ISSUE_STATE", gettext_noop("This problem has been mended meanwhile."))
    issue.state, issue.reason, issue.ended_at, issue.ended_by = "open", "", None, ""
    issue.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    return issue


def _close(actor: Actor, issue: Issue, state: str, reason: str) -> Issue:
    issue.state, issue.reason, issue.ended_at, issue.ended_by = state, reason, timezone.now(), actor.label[:80]
    issue.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    return issue
