"""Addresses that the channels mount; the same pages at both doors."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.files.views.download import download, signed

portal_urls: list[URLPattern] = [
    path("files/<uuid:pk>/", download, name="files_download"),
    path("files/<uuid:pk>/link/", signed, name="files_signed"),
]
desk_urls: list[URLPattern] = [
    path("files/<uuid:pk>/", download, name="files_desk_download"),
    path("files/<uuid:pk>/link/", signed, name="files_desk_signed"),
]
