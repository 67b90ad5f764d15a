"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.imports.views import desk, review

desk_urls: list[URLPattern] = [
    path("imports/", desk.file_list, name="imports_desk_files"),
    path("imports/new/", desk.bring, name="imports_desk_bring"),
    path("imports/doubts/", review.queue, name="imports_desk_doubts"),
    path("imports/doubts/<uuid:pk>/", review.doubt_page, name="imports_desk_doubt"),
    path("imports/<uuid:pk>/", desk.file_page, name="imports_desk_file"),
    path("imports/<uuid:pk>/verdicts/", desk.verdict_file, name="imports_desk_verdicts"),
    path("imports/<uuid:pk>/load/", desk.load, name="imports_desk_load"),
    path("imports/<uuid:pk>/resume/", desk.resume, name="imports_desk_resume"),
    path("imports/<uuid:pk>/drop/", desk.drop, name="imports_desk_drop"),
    path("imports/<uuid:pk>/undo/", desk.undo, name="imports_desk_undo"),
]
