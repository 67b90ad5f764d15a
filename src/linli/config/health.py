"""Is the process alive, can it serve, what does it count."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from linli.foundation.gate import public


@public
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and is migrated: only then does a load balancer send people here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
            migrations = cursor.fetchone()[0]
    except DatabaseError as error:
        return JsonResponse({"ready": False, "database": type(error).__name__}, status=503)
    return JsonResponse({"ready": True, "migrations": migrations})


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; nginx lets only the monitoring host in."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


for _view in (alive, ready, metrics):
    _view.without_actor = True  # type: ignore[attr-defined]
