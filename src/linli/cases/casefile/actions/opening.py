"""Handing in: at the portal by the resident or who acts for her, at the counter by a clerk, by a partner over the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.papers import issue_paper
from linli.cases.casefile.actions.running import arm_clock, draw_serial, open_task, tell
from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case, CaseForm, CaseParticipant, CaseProcess, Draft, Material, Task
from linli.cases.casefile.queries.cases import handed_in, locked_definition
from linli.cases.casefile.queries.eligibility import assess, verdict_json
from linli.cases.casefile.queries.people import registered_person
from linli.cases.casefile.types import Channel
from linli.cases.catalogue.queries import Definition, definition_of
from linli.cases.supervision.models import Clock
from linli.cases.workflow import engine as workflow
from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import repeated
from linli.foundation.files.actions import attach
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import get_region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.scope.models import insert_rows
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.casenumber import CaseNumber


@dataclass(frozen=True)
class Applicant:
    """Whom the case is about. ``party_id`` is None for somebody the register does not know (yet)."""

    name: str
    region_id: UUID
    party_id: UUID | None = None
    id_number: str = ""
    phone: str = ""
    agent_id: UUID | None = None
    agent_name: str = ""
    mandate_id: UUID | None = None


@dataclass(frozen=True)
class Submitted:
    """The receipt: with the number and the query code anybody can follow the case without signing in."""

    case: Case
    query_code: str
    repeated: bool = False
    first: Opened | None = None  # what was opened with it; None when the form had been sent before


@dataclass(frozen=True)
class Opened:
    """What stands in this transaction and has not been committed: whoever goes on in it need not read it back."""

    tasks: tuple[Task, ...]
    materials: tuple[Material, ...]
    state: str  # of the process
    clock: Clock
    papers: int


@action("cases.submit", audit="cases.case_submitted")
def submit_case(
    actor: Actor,
    *,
    version_id: UUID,
    answers: Mapping[str, Any],
    applicant: Applicant,
    channel: str = Channel.PORTAL,
    submission_key: str,
    verdict: Mapping[str, Any] | None = None,
    files: Mapping[str, list[UUID]] | None = None,
) -> Submitted:
    """Hand in as a resident (for oneself or a mandator) or as a partner. The same ``submission_key`` gives the same case again."""
    if actor.kind == ActorKind.PARTNER:
        applicant, verdict = _of_partner(version_id, answers, applicant)
    elif applicant.party_id is not None:
        require(
            applicant.party_id in actor.parties,
            gettext_noop("You have no mandate to apply for this person."),
            code="NO_MANDATE",
            hint=gettext_noop("Ask the person to give you a mandate under My account, or come to the counter together."),
        )
    return _submit(actor, version_id, answers, applicant, channel, submission_key, verdict or {}, files or {}, None, None)


def _of_partner(version_id: UUID, answers: Mapping[str, Any], applicant: Applicant) -> tuple[Applicant, Mapping[str, Any]]:
    """Whom a partner's application is about, and what the decision table says.

    A partner has no sight of the register: it names somebody by name and ID number, and a job looks the two up together. A match is
    stored as the case's party, so that the person sees and is told of what was handed in for her; whether there was one is never told
    to the partner.
    """
    require(applicant.party_id is None, gettext_noop("A partner names a person by name and ID number."))
    with scoped(system_actor("casefile.partner")) as scope:
        person = registered_person(applicant.name, applicant.id_number)
        region = get_region(applicant.region_id)
        verdict = assess(scope.actor, definition_of(version_id), person=person, answers=answers, region=region, at=timezone.now())
        return replace(applicant, party_id=person.id if person else None), verdict_json(verdict)


@action("cases.submit_counter", audit="cases.case_taken_in")
def submit_at_counter(
    actor: Actor,
    *,
    version_id: UUID,
    answers: Mapping[str, Any],
    applicant: Applicant,
    unit_id: UUID,
    submission_key: str,
    verdict: Mapping[str, Any] | None = None,
    files: Mapping[str, list[UUID]] | None = None,
) -> Submitted:
    """Take in an application at a counter; the clerk is the first contact."""
    require(unit_id in actor.unit_ids, gettext_noop("You do not work at this counter."))
    region = get_region(applicant.region_id)
    require(
        actor.sees(region.path),
        gettext_noop("This person lives outside your area."),
        hint=gettext_noop("Hand the visitor over to the counter of his own street, or ask for the city-wide window."),
    )
    return _submit(actor, version_id, answers, applicant, Channel.COUNTER, submission_key, verdict or {}, files or {}, unit_id, region)


def _submit(
    actor: Actor,
    version_id: UUID,
    answers: Mapping[str, Any],
    applicant: Applicant,
    channel: str,
    key: str,
    verdict: Mapping[str, Any],
    files: Mapping[str, list[UUID]],
    unit_id: UUID | None,
    region: Region | None,
) -> Submitted:
    _take_turns(key)
    again = handed_in(key, actor.user_id)
    if again is not None:
        repeated()
        return Submitted(again, query_code(again.number), repeated=True)
    now = timezone.now()
    chosen = locked_definition(version_id)
    region = region or get_region(applicant.region_id)
    progress = workflow.start(chosen.process, {"channel": str(channel)}, now)
    case = _new_case(actor, chosen, applicant, region, channel, key, unit_id, now)
    case.decision = {"verdict": dict(verdict)} if verdict else {}
    case.number = str(CaseNumber(region.code[:12], timezone.localdate(now), next_serial(region.code[:12], now)))
    case.save(force_insert=True)
    CaseForm(case=case, data=json.dumps(dict(answers), ensure_ascii=False)).save(force_insert=True)
    CaseProcess(case=case, state=progress.state).save(force_insert=True)
    if actor.user_id and unit_id is None and not applicant.party_id:
        CaseParticipant(case=case, user_id=actor.user_id, kind="applicant").save(force_insert=True)
    materials = _materials(actor, case, chosen, answers, files)
    tell(case, actor, "submitted", gettext_noop("Application handed in"), now=now, who=applicant.agent_name or applicant.name)
    opened = [open_task(case, step, now=now) for step in progress.ready]
    clock = arm_clock(case, now=now, tasks=opened, fresh=True)
    receipt = issue_paper(case, actor, "receipt", now=now, before=0)
    if channel == Channel.PORTAL:
        Draft.objects.filter(user_id=actor.account, matter_code=case.matter_code, party_id=applicant.party_id).delete()
    emit("cases.case_submitted", region_path=case.region_path, case_id=case.id)
    return Submitted(
        case, query_code(case.number), first=Opened(tuple(opened), tuple(materials), progress.state, clock, int(receipt is not None))
    )


def _take_turns(key: str) -> None:
    """The same form sent twice at once: the second waits here until the first has its case, and is then given that one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"submit:{key}"])


def _new_case(
    actor: Actor, chosen: Definition, applicant: Applicant, region: Region, channel: str, key: str, unit_id: UUID | None, now: datetime
) -> Case:
    return Case(
        version_id=chosen.version_id,
        matter_code=chosen.matter_code,
        title=chosen.spec.name,
        line=chosen.spec.line,
        party_id=applicant.party_id,
        applicant=applicant.name,
        id_index=blind_index(applicant.id_number, "id_number") or None,
        id_last4=applicant.id_number[-4:],
        phone=applicant.phone,
        agent_id=applicant.agent_id,
        agent_name=applicant.agent_name,
        mandate_id=applicant.mandate_id,
        created_by=actor.user_id,
        channel=str(channel),
        region=region,
        region_path=region.path,
        unit_id=unit_id,
        submitted_at=now,
        submission_key=key,
        first_contact=actor.user_id if channel == Channel.COUNTER else None,
    )


def next_serial(region_code: str, now: datetime) -> int:
    """The day's next number of a region (services.md §1.8); numbers of rolled-back cases stay unused."""
    return draw_serial(f"{region_code}{timezone.localdate(now):%Y%m%d}")


def _materials(actor: Actor, case: Case, chosen: Definition, answers: Mapping[str, Any], files: Mapping[str, list[UUID]]) -> list[Material]:
    """One row per required paper: given as a file, proved by shared data, or to be shown."""
    rows = []
    for material in chosen.spec.materials:
        if material.when and not answers.get(material.when):
            continue
        given = files.get(material.key, [])
        proved = material.waived or (
            material.when == "has_agent" and case.mandate_id is not None
        )  # a registered mandate is its own letter of authority
        state = "given" if given else "shared" if proved else "waived" if material.necessity == 2 else "missing"
        rows += [Material(case=case, key=material.key, name=material.name, state=state, file_id=file_id) for file_id in (given or (None,))]
    insert_rows(rows)
    loose = [file_id for ids in files.values() for file_id in ids]
    if loose:
        attach(
            actor, file_ids=loose, case_id=case.id, party_id=case.party_id, region_path=case.region_path, line=case.line, level=case.level
        )
    return rows
