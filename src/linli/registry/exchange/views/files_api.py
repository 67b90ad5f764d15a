"""`/exchange/.../files`: everything a subscription may read, as one file that is written in the background."""

from __future__ import annotations

import base64
import json
from typing import Any, Literal
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from ninja import Field, Header, Schema

from linli.foundation.access.engine.partners import PartnerRequest, partner
from linli.foundation.files.engine.proofs import SIGNATURE
from linli.registry.exchange.actions.handing import check_ready, fetch_file
from linli.registry.exchange.actions.ordering import order_file
from linli.registry.exchange.engine.manifest import PART
from linli.registry.exchange.engine.writing import MEDIA
from linli.registry.exchange.models import DataFile
from linli.registry.exchange.queries import feed
from linli.registry.exchange.queries import files as queries
from linli.registry.exchange.queries.subscriptions import in_use
from linli.registry.exchange.views.api import router


class DataFileAsked(Schema):
    form: Literal["csv", "xlsx", "parquet"]


class DataFileOut(Schema):
    id: UUID
    form: str
    state: str = Field(description="waiting, building, ready, failed (`error` says why), gone (its days are over)")
    ordered_at: str
    rows: int
    size: int
    sha256: str
    signature: str = Field(description="Over the SHA-256: check it on the page /genuine/ of the portal")
    changes_after: str = Field(description="Position of the feed at which the file was begun: go on with it")
    ends_at: str | None
    error: str


class ManifestOut(Schema):
    manifest: dict[str, Any]
    signature: str


@router.post("/exchange/{subscription}/files", response={201: DataFileOut, 200: DataFileOut}, summary="Order a file")
@partner("exchange:read", once=True)
def order_exchange_file(request: PartnerRequest, subscription: UUID, asked: DataFileAsked, purpose: Header[str] = "") -> HttpResponse:
    """Ask for its state until it is `ready`. The same Idempotency-Key is the same order, however often it is sent."""
    row = order_file(request.actor, subscription_id=subscription, form=asked.form, purpose=purpose, key=request.submission_key)
    response = _json(_told(row), 201)
    response["Location"] = reverse("api:read_exchange_file", args=[subscription, row.pk])
    return response


@router.get("/exchange/{subscription}/files", response=list[DataFileOut], summary="Files that were ordered")
@partner("exchange:read")
def list_exchange_files(request: PartnerRequest, subscription: UUID, purpose: Header[str] = "") -> HttpResponse:
    """The newest first."""
    sub = in_use(request.actor, subscription, purpose=purpose)
    return _json([_told(row) for row in queries.files_of(request.actor, sub.pk)[: queries.NEWEST]])


@router.get("/exchange/{subscription}/files/{file}", response=DataFileOut, summary="How far a file is")
@partner("exchange:read")
def read_exchange_file(request: PartnerRequest, subscription: UUID, file: UUID, purpose: Header[str] = "") -> HttpResponse:
    sub = in_use(request.actor, subscription, purpose=purpose)
    return _json(_told(queries.get_file(request.actor, sub.pk, file)))


@router.get("/exchange/{subscription}/files/{file}/manifest", response=ManifestOut, summary="What a file is, signed")
@partner("exchange:read")
def read_exchange_manifest(request: PartnerRequest, subscription: UUID, file: UUID, purpose: Header[str] = "") -> HttpResponse:
    """Keep it beside the file: it names the SHA-256, the items and the moment, and the page /genuine/ knows its signature."""
    sub = in_use(request.actor, subscription, purpose=purpose)
    row = queries.get_file(request.actor, sub.pk, file)
    check_ready(row, feed.use_of(sub))
    return _json({PART: row.manifest, SIGNATURE: row.signature})


@router.get("/exchange/{subscription}/files/{file}/content", response={200: None}, summary="The file itself")
@partner("exchange:read")
def read_exchange_content(request: PartnerRequest, subscription: UUID, file: UUID, purpose: Header[str] = "") -> FileResponse:
    """Its SHA-256 stands in Repr-Digest (RFC 9530), the signature over it in Linli-File-Signature."""
    row, content = fetch_file(request.actor, subscription_id=subscription, file_id=file, purpose=purpose)
    response = FileResponse(content, as_attachment=True, filename=row.manifest["name"], content_type=MEDIA[row.form])
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(row.sha256)).decode()}:"
    response["Linli-File-Signature"] = row.file_signature
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _told(row: DataFile) -> dict[str, Any]:
    ready = row.state == "ready"
    return {
        "id": str(row.pk),
        "form": row.form,
        "state": row.state,
        "ordered_at": row.ordered_at.isoformat(),
        "rows": row.rows,
        "size": row.size,
        "sha256": row.sha256,
        "signature": row.file_signature,
        "changes_after": row.manifest.get("changes_after", "") if ready else "",
        "ends_at": row.ends_at.isoformat() if row.ends_at else None,
        "error": row.error,
    }


def _json(body: Any, status: int = 200) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(text, content_type="application/json; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response
