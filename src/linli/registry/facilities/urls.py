"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.facilities.views import desk

desk_urls: list[URLPattern] = [
    path("facilities/", desk.facility_list, name="facilities_desk_list"),
    path("facilities/new/", desk.enter, name="facilities_desk_enter"),
    path("facilities/ownership/", desk.ownership, name="facilities_desk_ownership"),
    path("facilities/<uuid:pk>/", desk.facility_page, name="facilities_desk_facility"),
    path("facilities/<uuid:pk>/correct/", desk.correct, name="facilities_desk_correct"),
    path("facilities/<uuid:pk>/status/", desk.change_status, name="facilities_desk_status"),
    path("facilities/<uuid:pk>/duties/", desk.assign, name="facilities_desk_assign"),
    path("facilities/<uuid:pk>/confirm/", desk.confirm, name="facilities_desk_confirm"),
]
