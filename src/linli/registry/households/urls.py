"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.households.views import events, files, relations

desk_urls: list[URLPattern] = [
    path("households/<uuid:pk>/", files.household_page, name="households_desk_household"),
    path("households/<uuid:pk>/<slug:event>/", events.change, name="households_desk_change"),
    path("premises/<uuid:pk>/", files.home_page, name="households_desk_home"),
    path("premises/<uuid:pk>/move-in/", events.move_in, name="households_desk_move_in"),
    path("people/<uuid:pk>/relations/new/", relations.state, name="households_desk_relation_new"),
    path("people/<uuid:pk>/relations/<uuid:relation>/", relations.relation, name="households_desk_relation"),
    path("people/<uuid:pk>/life/<slug:event>/", events.life, name="households_desk_life"),
]
