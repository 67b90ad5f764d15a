"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.units.views import desk

desk_urls: list[URLPattern] = [
    path("admin/units/", desk.unit_list, name="units_desk_list"),
    path("admin/units/<uuid:pk>/", desk.unit_page, name="units_desk_unit"),
]
