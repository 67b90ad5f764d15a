"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.sync.views import desk, phone

desk_urls: list[URLPattern] = [
    path("field/sync/", phone.sync, name="sync_desk_sync"),
    path("field/phone/<uuid:key>/", phone.standing, name="sync_desk_standing"),
    path("admin/phones/", desk.phone_list, name="sync_desk_phones"),
    path("admin/phones/<uuid:pk>/revoke/", desk.revoke, name="sync_desk_revoke"),
]
