"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.cases.supervision.views import desk

desk_urls: list[URLPattern] = [
    path("supervision/cards/", desk.card_list, name="supervision_desk_cards"),
    path("supervision/cards/<uuid:pk>/", desk.card_page, name="supervision_desk_card"),
    path("supervision/cards/<uuid:pk>/reply/", desk.reply, name="supervision_desk_reply"),
    path("supervision/cards/<uuid:pk>/appeal/", desk.appeal, name="supervision_desk_appeal"),
    path("supervision/cards/<uuid:pk>/settle/", desk.settle, name="supervision_desk_settle"),
]
