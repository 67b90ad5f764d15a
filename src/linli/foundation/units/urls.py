"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.units.views import desk

desk_urls: list[URLPattern] = [
    path("admin/units/", desk.unit_list, name="units_desk_list"),
    path("admin/units/new/", desk.new_unit, name="units_desk_new"),
    path("admin/units/<uuid:pk>/", desk.unit_page, name="units_desk_unit"),
    path("admin/units/<uuid:pk>/change/", desk.change, name="units_desk_change"),
    path("admin/units/<uuid:pk>/move/", desk.move, name="units_desk_move"),
    path("admin/units/<uuid:pk>/hand-over/", desk.hand_over, name="units_desk_hand_over"),
    path("admin/units/<uuid:pk>/close/", desk.close, name="units_desk_close"),
    path("admin/units/<uuid:pk>/posts/", desk.add_post, name="units_desk_add_post"),
    path("admin/units/<uuid:pk>/posts/<uuid:post>/close/", desk.close_post, name="units_desk_close_post"),
]
