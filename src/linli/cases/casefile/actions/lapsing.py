"""Cases that end by themselves or with their applicant: an unanswered correction, a promised paper that never came, a death."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile import policy
from linli.cases.casefile.actions.running import end_early, tell
from linli.cases.casefile.models import Case, Material
from linli.cases.casefile.queries.cases import get_case
from linli.cases.casefile.queries.deadlines import correction_until, promises_broken
from linli.cases.casefile.queries.people import died_on, stands_aside
from linli.cases.casefile.types import State
from linli.foundation.actions.actions import action, require
from linli.foundation.files.actions import attach
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, NotFound

UNDECIDED = (State.ACCEPTED, State.REVIEWING, State.SUSPENDED)
GROUNDS = {
    "death": gettext_noop("Terminated: the applicant has died"),
    "subject_gone": gettext_noop("Terminated: what was applied for no longer exists"),
}


@action("cases.lapse", audit="cases.correction_lapsed")
def lapse_correction(actor: Actor, *, case_id: UUID, now: datetime) -> bool:
    """A correction notice whose day has passed counts as withdrawn (services.md 2.3). False when it was answered meanwhile."""
    case = get_case(actor, case_id, lock=True)
    until = correction_until(case)
    if case.state != State.CORRECTING or until is None or timezone.localdate(now) <= until:
        return False
    end_early(case, State.WITHDRAWN, "correction_lapsed", now=now)
    text = gettext_noop("Not corrected by %(until)s: the application counts as withdrawn; it can be made again at any time")
    tell(case, actor, "lapsed", text, now=now, until=until.isoformat())
    emit("cases.case_closed", region_path=case.region_path, case_id=case.id)
    return True


@action("cases.lapse", audit="cases.promise_lapsed")
def lapse_promise(actor: Actor, *, case_id: UUID, now: datetime) -> bool:
    """A tolerated paper that did not follow by its day ends the case (services.md 2.2); it is no delay of the office."""
    case = get_case(actor, case_id, lock=True)
    broken = promises_broken(case, timezone.localdate(now))
    if State(case.state) not in UNDECIDED or not broken:
        return False
    case.decision = {**case.decision, "reason": "; ".join(m.name for m in broken)}
    case.save(update_fields=["decision"])
    end_early(case, State.TERMINATED, "paper_missing", now=now)
    tell(
        case,
        actor,
        "terminated",
        gettext_noop("Terminated: promised papers did not follow (%(names)s)"),
        now=now,
        names=case.decision["reason"],
    )
    emit("cases.case_closed", region_path=case.region_path, case_id=case.id)
    return True


@action("cases.decide", audit="cases.case_terminated")
def terminate_case(actor: Actor, *, case_id: UUID, ground: str, reason: str) -> Case:
    """End an accepted case because the applicant died or its subject is gone. A death has to stand in the register.

    Errors: NOT_ALLOWED, RELATIVE, TERMINATE_GROUND, NOT_DEAD, REASON.
    """
    case = get_case(actor, case_id, lock=True)
    require(State(case.state) in UNDECIDED, gettext_noop("Only an accepted case that is not decided can be terminated."))
    require(
        not stands_aside(actor, case),
        gettext_noop("You or a relative of yours is the applicant; a colleague has to do this."),
        code="RELATIVE",
    )
    if ground not in GROUNDS:
        raise Invalid("TERMINATE_GROUND", gettext_noop("Choose the ground of the termination."), field="ground")
    if ground == "death" and died_on(case.party_id) is None:
        raise Conflict(
            "NOT_DEAD",
            gettext_noop("The register does not record a death of the applicant."),
            field="ground",
            hint=gettext_noop("Have the death entered by the community first."),
        )
    if len(reason.strip()) < 5:
        raise Invalid("REASON", gettext_noop("Give the reason in words the applicant understands."), field="reason")
    now = timezone.now()
    case.decision = {**case.decision, "reason": reason.strip()}
    case.save(update_fields=["decision"])
    end_early(case, State.TERMINATED, ground, now=now)
    tell(case, actor, "terminated", GROUNDS[ground], now=now, reason=reason.strip())
    emit("cases.case_closed", region_path=case.region_path, case_id=case.id)
    return case


@action("cases.answer", audit="cases.promised_paper_received")
def receive_paper(actor: Actor, *, case_id: UUID, key: str, files: Sequence[UUID] = ()) -> Material:
    """A tolerated paper has followed: uploaded by the applicant (``files``) or seen at a counter by staff (no file).

    Errors: MATERIAL (nothing of that key was promised), NOT_ALLOWED, MATERIAL_FILE.
    """
    case = get_case(actor, case_id, lock=True)
    require(policy.can_follow_up(actor, case), gettext_noop("This case waits for no paper from you."))
    row = Material.objects.select_for_update(of=("self",)).filter(case=case, key=key, state="promised").first()
    if row is None:
        raise NotFound("MATERIAL", gettext_noop("No paper of this kind is awaited."))
    if not files and not actor.may("cases.accept"):
        raise Invalid("MATERIAL_FILE", gettext_noop("Choose the file to hand in."), field="file")
    row.state, row.file_id = "given", files[0] if files else None
    row.save(update_fields=["state", "file"])
    Material.objects.bulk_create([Material(case=case, key=key, name=row.name, state="given", file_id=one) for one in files[1:]])
    if files:
        attach(
            actor,
            file_ids=list(files),
            case_id=case.id,
            party_id=case.party_id,
            region_path=case.region_path,
            line=case.line,
            level=case.level,
        )
    tell(case, actor, "paper", gettext_noop("%(name)s has followed"), now=timezone.now(), name=row.name)
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return row
