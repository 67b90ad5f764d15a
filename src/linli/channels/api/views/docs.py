"""The API explained on one page, from the OpenAPI document itself; no script, nothing from outside."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linli.channels.api.views.service import LinliAPI
from linli.foundation.gate import public


def docs_page(api: LinliAPI) -> Any:
    """The view of an API's documentation."""

    @public
    def docs(request: HttpRequest) -> HttpResponse:
        schema = api.get_openapi_schema()
        operations = [_operation(path, method, details) for path, methods in schema["paths"].items() for method, details in methods.items()]
        context = {"operations": operations, "openapi_url": reverse("api:openapi-json"), "scopes": _scopes(schema)}
        return render(request, "api/docs.html", context)

    return docs


def _operation(path: str, method: str, details: dict[str, Any]) -> dict[str, Any]:
    scopes = [scope for entry in details.get("security", []) for scope in entry.get("oauth2", [])]
    answers = [(code, answer["description"]) for code, answer in sorted(details["responses"].items(), key=lambda pair: int(pair[0]))]
    return {
        "path": path,
        "method": method.upper(),
        "summary": details.get("summary", ""),
        "text": details.get("description", ""),
        "scopes": scopes,
        "parameters": details.get("parameters", []),
        "answers": answers,
        "id": details["operationId"],
    }


def _scopes(schema: dict[str, Any]) -> dict[str, str]:
    scopes: dict[str, str] = schema["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"]
    return scopes
