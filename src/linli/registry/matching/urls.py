"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.matching.views import entering, mergers, pairs

desk_urls: list[URLPattern] = [
    path("who/", pairs.pair_list, name="matching_desk_pairs"),
    path("who/new/", entering.enter, name="matching_desk_new"),
    path("who/other/<uuid:pk>/", pairs.other, name="matching_desk_other"),
    path("who/pairs/<uuid:pk>/", pairs.pair_page, name="matching_desk_pair"),
    path("who/mergers/<uuid:pk>/", mergers.merger_page, name="matching_desk_merger"),
]
