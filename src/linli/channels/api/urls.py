"""Addresses of this door: what apps registered, the OpenAPI document, a page that explains it, 404 for everything else; and `/ogc/`."""

from django.urls import URLPattern, path, re_path

from linli.channels.api.views.docs import docs_page
from linli.channels.api.views.door import at_the_door, nothing_here
from linli.channels.api.views.features import for_readers
from linli.channels.api.views.service import build
from linli.foundation.maps.urls import ogc_urls

app_name = "api"
api = build()
urlpatterns: list[URLPattern] = [
    path("", docs_page(api), name="api-root"),
    *(
        URLPattern(p.pattern, at_the_door(p.callback), p.default_args, p.name)
        for p in api.urls[0]
        if isinstance(p, URLPattern) and p.name != "api-root"
    ),
    re_path("", at_the_door(nothing_here)),
]
features: list[URLPattern] = [URLPattern(p.pattern, for_readers(p.callback), p.default_args, p.name) for p in ogc_urls]
