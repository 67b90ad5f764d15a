"""Addresses that the channels mount: the style guide in the desk; elder mode and the installable app at the portal's root."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.ui import views

desk_urls: list[URLPattern] = [
    path("style-guide/", views.style_guide, name="ui_style_guide"),
]
portal_urls: list[URLPattern] = [
    path("elder/", views.elder_mode, name="ui_elder"),
    path("manifest.webmanifest", views.web_manifest, name="ui_manifest"),
    path("sw.js", views.service_worker, name="ui_service_worker"),
    path("offline/", views.offline, name="ui_offline"),
]
