"""`/imports`: a program of another office sends records to its connector."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile

from linli.foundation.access.engine.partners import PartnerRequest, partner
from linli.registry.imports.actions.arriving import push

router = Router(tags=["imports"])


class DeliveryOut(Schema):
    id: UUID
    state: str = Field(description="checking, held, loading, done or failed")
    rows: int
    unknown_fields: list[str] = Field(description="Fields of the records that the layout does not know; they were left out")


@router.post("/imports/{connector}", response={201: DeliveryOut}, summary="Send records")
@partner("imports:push", once=True, upload=True)
def send_records(request: PartnerRequest, connector: UUID, file: File[UploadedFile]) -> HttpResponse:
    """The part `file` holds JSON lines, one record a line, with the headings of the layout. They are checked and loaded later.

    A record sent again changes nothing.
    """
    made = push(request.actor, connector_id=connector, file=file, key=request.submission_key)
    told: dict[str, Any] = {"id": made.pk, "state": made.state, "rows": made.rows, "unknown_fields": made.unknown}
    return HttpResponse(DeliveryOut(**told).model_dump_json(), status=201, content_type="application/json; charset=utf-8")
