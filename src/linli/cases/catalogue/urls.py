"""Addresses that the channels mount."""
from __future__ import annotations

from django.urls import URLPattern, path

from linli.cases.catalogue.views import desk, portal

portal_urls: list[URLPattern] = [
    path("matters/", portal.matter_list, name="catalogue_matters"),
    path("matters/suggest/", portal.suggest, name="catalogue_suggest"),
    path("matters/<str:code>/", portal.guide, name="catalogue_matter"),
]
desk_urls: list[URLPattern] = [
    path("matters/", desk.matter_list, name="catalogue_desk_matters"),
    path("matters/<str:code>/", desk.matter_page, name="catalogue_desk_matter"),
]
