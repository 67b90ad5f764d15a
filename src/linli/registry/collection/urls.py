"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.collection.views import desk, phone, shell

desk_urls: list[URLPattern] = [
    path("field/", phone.today, name="collection_field_today"),
    path("field/at/<uuid:key>/", phone.place_page, name="collection_field_place"),
    path("field/notes/", phone.conflicts, name="collection_field_conflicts"),
    path("field/notes/<uuid:pk>/", phone.decide, name="collection_field_decide"),
    path("field/package/", phone.package, name="collection_field_package"),
    path("field/shell/", shell.shell, name="collection_field_shell"),
    path("field/sw.js", shell.service_worker, name="collection_field_worker"),
    path("field/manifest.webmanifest", shell.web_manifest, name="collection_field_manifest"),
    path("collection/", desk.progress, name="collection_desk_progress"),
    path("collection/visits/", desk.visit_list, name="collection_desk_visits"),
    path("collection/notes/", desk.held_list, name="collection_desk_held"),
    path("collection/notes/<uuid:pk>/", desk.decide, name="collection_desk_decide"),
]
