"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.imports.views import connectors, corrections, desk, layouts, review

desk_urls: list[URLPattern] = [
    path("imports/", desk.file_list, name="imports_desk_files"),
    path("imports/new/", desk.bring, name="imports_desk_bring"),
    path("imports/corrections/", corrections.offices, name="imports_desk_corrections"),
    path("imports/corrections/<slug:source>/", corrections.notes, name="imports_desk_notes"),
    path("imports/corrections/<slug:source>/file/", corrections.note_file, name="imports_desk_note_file"),
    path("imports/doubts/", review.queue, name="imports_desk_doubts"),
    path("imports/doubts/<uuid:pk>/", review.doubt_page, name="imports_desk_doubt"),
    path("imports/connectors/", connectors.connector_list, name="imports_desk_connectors"),
    path("imports/connectors/new/<slug:kind>/", connectors.new, name="imports_desk_connector_new"),
    path("imports/connectors/<uuid:pk>/", connectors.connector_page, name="imports_desk_connector"),
    path("imports/connectors/<uuid:pk>/change/", connectors.change, name="imports_desk_connector_change"),
    path("imports/connectors/<uuid:pk>/step/", connectors.step, name="imports_desk_connector_step"),
    path("imports/layouts/", layouts.layout_list, name="imports_desk_layouts"),
    path("imports/layouts/new/", layouts.new, name="imports_desk_layout_new"),
    path("imports/layouts/load/", layouts.load, name="imports_desk_layout_load"),
    path("imports/layouts/draft/", layouts.draft, name="imports_desk_layout_draft"),
    path("imports/layouts/of/<slug:code>/", layouts.layout_page, name="imports_desk_layout"),
    path("imports/layouts/of/<slug:code>/file/", layouts.layout_file, name="imports_desk_layout_file"),
    path("imports/<uuid:pk>/", desk.file_page, name="imports_desk_file"),
    path("imports/<uuid:pk>/verdicts/", desk.verdict_file, name="imports_desk_verdicts"),
    path("imports/<uuid:pk>/load/", desk.load, name="imports_desk_load"),
    path("imports/<uuid:pk>/resume/", desk.resume, name="imports_desk_resume"),
    path("imports/<uuid:pk>/drop/", desk.drop, name="imports_desk_drop"),
    path("imports/<uuid:pk>/undo/", desk.undo, name="imports_desk_undo"),
]
