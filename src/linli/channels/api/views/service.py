"""The ninja API: routers that apps left, our error shapes, and an OpenAPI document that says on what terms each operation may be called."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from linli.channels.api.engine.problems import MEDIA_TYPE, plain_problem
from linli.channels.api.views import token
from linli.channels.api.views.door import guard, nothing_here, refusal
from linli.foundation.access.engine.partners import API_ROUTERS, SCOPE_WORDS, Terms, terms_of
from linli.lib.errors import Invalid, LinliError

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem document",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable name of the refusal"},
        "field": {"type": ["string", "null"]},
        "hint": {"type": "string", "description": "What to do next"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "hint": {"type": "string"},
                },
            },
        },
    },
}
REFUSALS = {
    400: "Malformed request",
    401: "No token, or one that is not in force",
    403: "A scope is missing, or the step is refused",
    404: "It does not exist, or is not yours to see",
    409: "In conflict with what happened before",
    413: "The file is larger than can be taken",
    415: "The body is not of the kind this operation takes",
    422: "Answers break rules; `errors` lists them",
    429: "Too many requests; see Retry-After",
}


class LinliAPI(NinjaAPI):
    """Adds security, refusals and the Idempotency-Key to the generated document."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        components = schema["components"]
        components.setdefault("schemas", {})["Problem"] = PROBLEM
        components["securitySchemes"] = {
            "oauth2": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {
                        "tokenUrl": reverse("api:token"),
                        "scopes": {name: gettext(words) for name, words in SCOPE_WORDS.items()},
                    }
                },
            }
        }
        for operation in self._operations():
            details = next(d for path in schema["paths"].values() for d in path.values() if d["operationId"] == self._id(operation))
            _describe(details, operation)
        return schema

    def _operations(self) -> list[Operation]:
        return [op for bound in self._get_bound_routers() for view in bound.path_operations.values() for op in view.operations]

    def _id(self, operation: Operation) -> str:
        return str(operation.operation_id or self.get_openapi_operation_id(operation))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_operation_url_name(self, operation: Operation, router: Any) -> str:
        return str(operation.view_func.__name__)


def _may_refuse(terms: Terms, code: int) -> bool:
    return terms.upload if code == 413 else terms.once or code not in (409, 415)


def _describe(details: dict[str, Any], operation: Operation) -> None:
    terms = terms_of(operation.view_func)
    document = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    codes = (400, 401, 429) if terms is None else tuple(c for c in REFUSALS if _may_refuse(terms, c))
    for code in codes:
        details["responses"].setdefault(code, {"description": REFUSALS[code], "content": document})
    details["security"] = [] if terms is None else [{"oauth2": [terms.scope]}]
    if terms is not None and terms.once:
        details["parameters"].append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": True,
                "schema": {"type": "string", "minLength": 8, "maxLength": 200},
                "description": "A repeated call with the same key and body is answered 200 with the first answer.",
            }
        )


def build() -> LinliAPI:
    """The API with everything that apps registered so far; read once, by `urls`."""
    api = LinliAPI(title="Linli", version="1.0.0", description="Linli partner API", docs_url=None, urls_namespace="api")
    api.add_decorator(guard, mode="view")
    api.add_router("", token.router)
    for _, router in API_ROUTERS.items():
        api.add_router("", router)
    api.exception_handler(LinliError)(_linli)
    api.exception_handler(ValidationError)(_invalid)
    api.exception_handler(HttpError)(_http)
    api.exception_handler(Http404)(lambda request, error: nothing_here(request))
    api.exception_handler(Exception)(_raise)
    return api


def _linli(request: HttpRequest, error: Any) -> HttpResponse:
    """Ours; a form's errors are listed one by one, by path."""
    if not hasattr(error, "errors"):
        return refusal(error)
    listed = [{"path": e.path, "code": e.code, "detail": e.text(gettext), "hint": e.next_step(gettext)} for e in error.errors]
    return refusal(error, errors=listed)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """The request does not have the shape of the operation (pydantic's verdicts)."""
    listed = [
        {"path": ".".join(str(part) for part in e["loc"]), "code": str(e["type"]).upper(), "detail": str(e["msg"]), "hint": ""}
        for e in error.errors
    ]
    return refusal(Invalid("REQUEST_SHAPE", gettext_noop("The request does not have the expected shape.")), errors=listed)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return plain_problem(error.status_code, "BAD_REQUEST", str(error.message))


def _raise(request: HttpRequest, error: Any) -> HttpResponse:
    """What nobody expected goes on to `at_the_door`, through the transaction, which it undoes."""
    raise error
