"""RFC 9457 problem documents: the only shape in which this door refuses anything."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext

from linli.lib.errors import LinliError

MEDIA_TYPE = "application/problem+json"


def problem(error: LinliError, /, **more: Any) -> JsonResponse:
    """The document of one of our own refusals; ``more`` are extension members."""
    return problem_response({**error.as_problem(gettext), **more})


def problem_response(document: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(document, status=int(document["status"]), content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def plain_problem(status: int, code: str, detail: str) -> JsonResponse:
    """A refusal of the protocol rather than of the house (no such address, method not allowed)."""
    return problem_response(
        {
            "type": f"urn:linli:problem:{code.lower().replace('_', '-')}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "code": code,
            "field": None,
            "hint": "",
        }
    )
