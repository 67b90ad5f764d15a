"""Doors and where they stand. Each channel mounts what apps registered for it."""

from django.urls import include, path

from linli.channels.api.urls import features
from linli.config import health
from linli.ui.views import errors

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include("linli.channels.desk.urls")),
    path("api/v1/", include("linli.channels.api.urls")),
    path("ogc/", include(features)),
    path("", include("linli.channels.portal.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = "linli.foundation.access.views.missing.not_found"
handler500 = errors.server_error
