"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.bodies.views import desk, moves

desk_urls: list[URLPattern] = [
    path("bodies/", desk.search, name="bodies_desk_search"),
    path("bodies/new/", desk.enter, name="bodies_desk_enter"),
    path("bodies/<uuid:pk>/", desk.body_page, name="bodies_desk_body"),
    path("bodies/<uuid:pk>/said/<slug:attribute>/", desk.said, name="bodies_desk_said"),
    path("bodies/<uuid:pk>/correct/", desk.correct, name="bodies_desk_correct"),
    path("bodies/<uuid:pk>/name/", moves.rename, name="bodies_desk_rename"),
    path("bodies/<uuid:pk>/former-name/", moves.former_name, name="bodies_desk_former_name"),
    path("bodies/<uuid:pk>/status/", moves.change_status, name="bodies_desk_status"),
    path("bodies/<uuid:pk>/join/", moves.join, name="bodies_desk_join"),
    path("bodies/<uuid:pk>/roles/", moves.add_role, name="bodies_desk_add_role"),
    path("bodies/<uuid:pk>/roles/<uuid:role>/end/", moves.end_role, name="bodies_desk_end_role"),
    path("bodies/<uuid:pk>/claims/<uuid:claim>/", moves.decide, name="bodies_desk_decide"),
]
