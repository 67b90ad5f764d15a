"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.people.views import desk, said

desk_urls: list[URLPattern] = [
    path("people/", desk.search, name="people_desk_search"),
    path("people/<uuid:pk>/", desk.person_page, name="people_desk_person"),
    path("people/<uuid:pk>/reveal/", desk.reveal, name="people_desk_reveal"),
    path("people/<uuid:pk>/values/<slug:attribute>/", said.said, name="people_desk_said"),
    path("people/<uuid:pk>/claims/<uuid:claim>/", desk.decide, name="people_desk_decide"),
]
