"""Addresses that the doors mount."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.people.views import desk, dossier, portal, records, said

desk_urls: list[URLPattern] = [
    path("people/", desk.search, name="people_desk_search"),
    path("people/<uuid:pk>/", dossier.person_page, name="people_desk_person"),
    path("people/waiting/", desk.waiting, name="people_desk_waiting"),
    path("people/<uuid:pk>/purpose/", dossier.purpose, name="people_desk_purpose"),
    path("people/<uuid:pk>/documents/new/", records.document, name="people_desk_document"),
    path("people/<uuid:pk>/groups/new/", records.group, name="people_desk_group"),
    path("people/<uuid:pk>/groups/<uuid:group>/end/", records.leave_group, name="people_desk_leave_group"),
    path("people/<uuid:pk>/death/", records.death, name="people_desk_death"),
    path("people/<uuid:pk>/death/<uuid:report>/withdraw/", records.withdraw, name="people_desk_withdraw"),
    path("people/<uuid:pk>/reveal/", dossier.reveal, name="people_desk_reveal"),
    path("people/<uuid:pk>/values/<slug:attribute>/", said.said, name="people_desk_said"),
    path("people/<uuid:pk>/claims/<uuid:claim>/", desk.decide, name="people_desk_decide"),
]
portal_urls: list[URLPattern] = [path("my/data/looks/", portal.looks, name="people_my_looks")]
