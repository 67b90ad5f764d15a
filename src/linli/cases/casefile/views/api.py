"""`/cases`: partner systems hand in for a person and follow what they handed in, or any case whose query code they were given."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict

from linli.cases.casefile.actions.opening import Applicant, Submitted, submit_case
from linli.cases.casefile.actions.tracking import open_by_number
from linli.cases.casefile.queries.partners import Progress, checked_answers, named_person, progress_by_number, progress_of, upload_field
from linli.cases.casefile.queries.words import filled
from linli.cases.casefile.types import Channel
from linli.cases.catalogue.queries import current_definition
from linli.foundation.access.engine.partners import PartnerRequest, partner
from linli.foundation.access.types import TRACKER_PERMISSIONS
from linli.foundation.files.actions import KEEP_UNTAKEN, store
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind

router = Router(tags=["cases"])
MEGABYTE = 1024 * 1024


class ApplicantIn(Schema):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=60)
    id_number: str = Field(max_length=18, description="Citizen identity number of 18 characters")
    phone: str = Field(max_length=20, description="Progress is sent to this number")
    region: str = Field(max_length=18, description="12-digit code of the community the person lives in")


class SubmissionIn(Schema):
    model_config = ConfigDict(extra="forbid")

    matter: str = Field(max_length=20)
    applicant: ApplicantIn
    answers: dict[str, Any] = Field(
        description="By field key, as `GET /matters/{code}` describes them; name, ID number and phone come from `applicant`"
    )
    files: dict[str, list[UUID]] = Field(
        default_factory=dict,
        description="Ids of uploads by the key of the material (or of the form's own file field), as `POST /files` was told; at most six each",
    )


class FileOut(Schema):
    id: UUID
    name: str
    size: int = Field(description="Bytes")
    content_type: str = Field(description="As the content says, whatever the name")
    kept_until: datetime = Field(description="An upload that no application takes is removed then")


class ReceiptOut(Schema):
    number: str
    query_code: str = Field(description="With the number, anybody can follow the case")
    matter: str
    submitted_at: datetime
    url: str


class StoryLine(Schema):
    at: datetime
    kind: str
    text: str


class CorrectionOut(Schema):
    items: list[str]
    until: str


class CaseOut(Schema):
    number: str
    matter: str
    title: str
    state: str
    outcome: str = Field(description="granted, refused, not_accepted or withdrawn; empty while the case runs")
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None = Field(description="First instant at which the promise is broken")
    decided_at: datetime | None
    delivered_at: datetime | None
    correction: CorrectionOut | None = Field(description="What is missing, while the case waits for it")
    timeline: list[StoryLine]


@router.post("/files", response={201: FileOut, 200: FileOut}, summary="Upload a file for an application to come")
@partner("cases:submit", once=True, upload=True)
def upload(
    request: PartnerRequest,
    matter: Form[str],
    field: Form[str],
    file: File[UploadedFile],
) -> Status[FileOut]:
    """Checked like an attachment on the portal: size, kind by content, name, viruses. `field` is the material's key, or a file field of the
    form. Only the partner itself can name the file in an application, once."""
    wanted = upload_field(current_definition(matter), field)
    row = store(
        request.actor,
        upload=file,
        name=file.name or "file",
        accept=wanted.accept,
        max_bytes=wanted.max_mb * MEGABYTE,
        level=wanted.sensitivity,
    )
    kept = timezone.now() + KEEP_UNTAKEN
    return Status(201, FileOut(id=row.id, name=row.name, size=row.size, content_type=row.content_type, kept_until=kept))


@router.post("/cases", response={201: ReceiptOut, 200: ReceiptOut}, summary="Hand in an application for a person")
@partner("cases:submit", once=True)
def submit(request: PartnerRequest, response: HttpResponse, body: SubmissionIn) -> Status[ReceiptOut]:
    """Judged like the form on the portal. The person is told by SMS and sees the case in her own account."""
    definition = current_definition(body.matter)
    said = body.applicant
    person = named_person(name=said.name, id_number=said.id_number, phone=said.phone, region_code=said.region)
    answers, files = checked_answers(request.actor, definition, body.answers, person, body.files)
    done = submit_case(
        request.actor,
        version_id=definition.version_id,
        answers=answers,
        files=files,
        channel=Channel.API,
        applicant=Applicant(name=person.name, region_id=person.region.id, id_number=person.id_number, phone=person.phone),
        submission_key=request.submission_key,
    )
    receipt = _receipt(done)
    response["Location"] = receipt.url
    return Status(200 if done.repeated else 201, receipt)


@router.get("/cases/{number}", response=CaseOut, summary="Follow a case")
@partner("cases:read")
def follow(request: PartnerRequest, number: str, query_code: str = "") -> CaseOut:
    """A case the partner handed in itself, or any case together with the six digits of its receipt. Says nothing about the person."""
    if not query_code:
        return _standing(progress_by_number(request.actor, number))
    opened = open_by_number(request.actor, number=number, secret=query_code if len(query_code) == 6 else "")
    if opened.problem is not None or opened.case_id is None:
        raise opened.problem or AssertionError("open_by_number gives a case or a problem")
    visitor = Actor(
        ActorKind.TRACKER, label=request.actor.label, case_id=opened.case_id, permissions=TRACKER_PERMISSIONS, address=request.actor.address
    )
    with scoped(visitor):
        return _standing(progress_of(visitor, opened.case_id))


def _receipt(done: Submitted) -> ReceiptOut:
    case = done.case
    return ReceiptOut(
        number=case.number,
        query_code=done.query_code,
        matter=case.matter_code,
        submitted_at=case.submitted_at,
        url=reverse("api:follow", args=[case.number]),
    )


def _standing(progress: Progress) -> CaseOut:
    case = progress.case
    asked = case.decision.get("correction") if case.state == "correcting" else None
    return CaseOut(
        number=case.number,
        matter=case.matter_code,
        title=case.title,
        state=case.state,
        outcome=case.outcome,
        submitted_at=case.submitted_at,
        accepted_at=case.accepted_at,
        due_at=case.due_at,
        decided_at=case.decided_at,
        delivered_at=case.delivered_at,
        correction=CorrectionOut(items=list(asked["items"]), until=str(asked["until"])) if asked else None,
        timeline=[StoryLine(at=e.at, kind=e.kind, text=filled(e.text, e.params)) for e in progress.story],
    )
