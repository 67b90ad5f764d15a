"""Addresses that the channels mount; the same pages at both doors."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.files.views.download import download, signed
from linli.foundation.files.views.genuine import genuine, genuine_desk

portal_urls: list[URLPattern] = [
    path("files/<uuid:pk>/", download, name="files_download"),
    path("files/<uuid:pk>/link/", signed, name="files_signed"),
    path("genuine/", genuine, name="files_genuine"),
]
desk_urls: list[URLPattern] = [
    path("files/<uuid:pk>/", download, name="files_desk_download"),
    path("files/<uuid:pk>/link/", signed, name="files_desk_signed"),
    path("genuine/", genuine_desk, name="files_desk_genuine"),
]
