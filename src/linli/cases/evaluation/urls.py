"""Addresses that the channels mount."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.cases.evaluation.views import desk, portal

portal_urls: list[URLPattern] = [
    path("my/cases/<uuid:pk>/rate/", portal.rate, name="evaluation_rate"),
    path("my/cases/number/<str:number>/rate/", portal.rate_by_number, name="evaluation_rate_number"),
]
desk_urls: list[URLPattern] = [
    path("evaluation/", desk.callbacks, name="evaluation_callbacks"),
    path("evaluation/<uuid:pk>/", desk.callback, name="evaluation_desk_subject"),
]
