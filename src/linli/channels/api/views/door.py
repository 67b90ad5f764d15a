"""Every address of the API passes here: bearer token, rate limit, scope, the partner's own transaction, problem documents for refusals."""

from __future__ import annotations

import functools
import hashlib
import logging
import math
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop

from linli.channels.api.actions import DOOR, claim_reply, keep_reply, take
from linli.channels.api.engine.problems import MEDIA_TYPE, plain_problem, problem
from linli.channels.api.queries import Caller, caller
from linli.foundation.access.engine.partners import Terms, terms_of
from linli.foundation.gate import Gate
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS
from linli.lib.errors import Invalid, LinliError, Refused, TooMany

log = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]
JSON, MULTIPART = "application/json", "multipart/form-data"
MEGABYTE = 1024 * 1024
OVERHEAD = 64 * 1024
"""Bytes of a multipart body beside its file: field values, boundary lines, headers."""


def address_of(request: HttpRequest) -> str:
    """The peer's address; nginx puts the real one into X-Real-IP and strips what a client sent."""
    return str(request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR", ""))[:45]


def limit(key: str, *, per_minute: float, burst: int) -> None:
    """Take a token of a bucket, committed by itself; TooMany when there is none."""
    with scoped(DOOR):
        wait = take(key, per_minute=per_minute, burst=burst)
    refuse_when(wait)


def refuse_when(wait: float) -> None:
    """TooMany when a bucket has no token left; ``wait`` in seconds."""
    if wait > 0:
        raise TooMany("RATE_LIMIT", gettext_noop("Too many requests; wait %(wait)s seconds."), data={"wait": math.ceil(wait)})


def guard(run: View) -> View:
    """A ninja decorator around an operation's `run`: lets in who holds the operation's scope, as the partner, in one transaction."""
    terms = terms_of(run.__self__.view_func)  # type: ignore[attr-defined]
    if terms is None:
        return run

    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        who = _let_in(request, terms)
        request.actor = who.actor  # type: ignore[attr-defined]
        if terms.once:
            _check_shape(request, terms)
        with scoped(who.actor):
            response = _once(request, who, run, kwargs, terms) if terms.once else run(request, **kwargs)
            if (
                response.status_code >= 400 and request.method != "GET"
            ):  # a refused look-up has counted its try; a refused write has written nothing
                transaction.set_rollback(True)
        return response

    return guarded


def _let_in(request: HttpRequest, terms: Terms) -> Caller:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Refused("TOKEN_MISSING", gettext_noop("Send a bearer token in the Authorization header."), status=401)
    with scoped(DOOR):
        who = caller(token.strip(), address=address_of(request), request_id=getattr(request, "request_id", ""))
        wait = take(f"client:{who.client_pk}", per_minute=who.per_minute, burst=who.burst) if who else 0
    if who is None:
        raise Refused(
            "INVALID_TOKEN", gettext_noop("The token is unknown, expired or revoked."), hint=gettext_noop("Ask for a new one."), status=401
        )
    refuse_when(wait)
    if terms.scope not in who.scopes:
        raise Refused(
            "INSUFFICIENT_SCOPE",
            gettext_noop("This needs the scope %(scope)s."),
            data={"scope": terms.scope},
            hint=gettext_noop("Ask the city's administrator of accounts to add it to your system."),
        )
    return who


def _check_shape(request: HttpRequest, terms: Terms) -> None:
    """Key, kind and size of a call that happens once, before any transaction is open. A file is then streamed to disk, not into memory."""
    if not 8 <= len(_key(request)) <= 200:
        raise Invalid(
            "IDEMPOTENCY_KEY", gettext_noop("Send an Idempotency-Key of 8 to 200 characters."), field="Idempotency-Key", status=400
        )
    wanted = MULTIPART if terms.upload else JSON
    if request.content_type != wanted:
        message = (
            gettext_noop("Send the file as multipart/form-data.") if terms.upload else gettext_noop("Send the body as application/json.")
        )
        raise Invalid("CONTENT_TYPE", message, field="Content-Type", status=415)
    if not terms.upload:
        return
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_MAX_BYTES + OVERHEAD:
        raise Invalid(
            "FILE_TOO_LARGE",
            gettext_noop("The request is larger than the largest file that can be taken, %(max)s MB."),
            field="file",
            status=413,
            data={"max": settings.UPLOAD_MAX_BYTES // MEGABYTE},
        )
    request.FILES  # noqa: B018 - reading it is what streams the body


def _key(request: HttpRequest) -> str:
    return request.headers.get("Idempotency-Key", "").strip()


def _digest(request: HttpRequest, terms: Terms) -> bytes:
    """What makes two calls the same call: method, path and body; of a file its name and content, whatever its boundary lines say."""
    found = hashlib.sha256(f"{request.method}\n{request.path}\n".encode())
    if not terms.upload:
        found.update(request.body)
        return found.digest()
    for name, value in sorted(request.POST.items()):
        found.update(f"{name}={value}\n".encode())
    for name, upload in [(key, one) for key in sorted(request.FILES) for one in request.FILES.getlist(key)]:
        found.update(f"{name}:{upload.name}\n".encode())
        for chunk in upload.chunks():
            found.update(chunk)
        upload.seek(0)
    return found.digest()


def _once(request: HttpRequest, who: Caller, run: View, kwargs: dict[str, Any], terms: Terms) -> HttpResponseBase:
    """Run a call that may happen only once; a repeated one is answered 200 with what the first was told."""
    request.submission_key = _own_key(who.client_pk, _key(request))  # type: ignore[attr-defined]
    digest = _digest(request, terms)
    reply = claim_reply(who.client_pk, request.submission_key, digest)  # type: ignore[attr-defined]
    if reply is not None:
        return _answer(reply.body, reply.location)
    response = run(request, **kwargs)
    if isinstance(response, HttpResponse) and response.status_code < 400:
        keep_reply(who.client_pk, request.submission_key, body=response.content.decode(), location=response.get("Location", ""))  # type: ignore[attr-defined]
    return response


def _own_key(client_pk: UUID, key: str) -> str:
    """Two partners may choose the same key; 64 characters."""
    return hashlib.sha256(f"{client_pk}:{key}".encode()).hexdigest()


def _answer(body: str, location: str) -> HttpResponse:
    response = HttpResponse(body, content_type=f"{JSON}; charset=utf-8")
    if location:
        response["Location"] = location
    return response


def at_the_door(view: View) -> View:
    """Around every address of the API: opens no transaction of its own, and turns whatever goes wrong into a problem document."""

    @functools.wraps(view, assigned=("__module__", "__name__", "__doc__"))
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.actor = ANONYMOUS.but(address=address_of(request))  # type: ignore[attr-defined]
        try:
            response = view(request, *args, **kwargs)
        except LinliError as error:
            return refusal(error)
        except Http404:
            return nothing_here(request)
        except RequestDataTooBig:
            return plain_problem(413, "TOO_LARGE", "The request is too large.")
        except SuspiciousOperation:
            return plain_problem(400, "BAD_REQUEST", "The request is malformed.")
        except Exception:
            log.exception("the API failed at %s %s", request.method, request.path)
            return plain_problem(500, "INTERNAL", "Something went wrong on our side; the call changed nothing.")
        if response.status_code == 405 and response.get("Content-Type") != MEDIA_TYPE:
            refused = plain_problem(405, "METHOD_NOT_ALLOWED", "This address does not take this method.")
            refused["Allow"] = response["Allow"]
            return refused
        return response

    for name, value in (("without_actor", True), ("csrf_exempt", True), ("gate", Gate())):
        setattr(answer, name, value)
    return answer


def refusal(error: LinliError, /, **more: Any) -> HttpResponse:
    """A refusal of ours with the headers its status asks for (RFC 6750, RFC 9110)."""
    response = problem(error, **more)
    if error.status == 401:
        basic = error.code == "INVALID_CLIENT"
        response["WWW-Authenticate"] = 'Basic realm="linli"' if basic else f'Bearer realm="linli", error="{error.code.lower()}"'
    elif error.code == "INSUFFICIENT_SCOPE":
        response["WWW-Authenticate"] = f'Bearer realm="linli", error="insufficient_scope", scope="{error.data["scope"]}"'
    elif error.status == 429 and "wait" in error.data:
        response["Retry-After"] = str(error.data["wait"])
    return response


def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Whatever is not an address of ours."""
    return plain_problem(404, "NOT_FOUND", "There is nothing at this address.")
