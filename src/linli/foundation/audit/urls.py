"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.audit.views import desk

desk_urls: list[URLPattern] = [
    path("admin/trail/", desk.trail, name="audit_desk_trail"),
    path("admin/trail/<uuid:pk>/", desk.entry, name="audit_desk_entry"),
]
