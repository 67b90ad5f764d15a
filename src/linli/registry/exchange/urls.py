"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.exchange.views import desk, files_desk

desk_urls: list[URLPattern] = [
    path("exchange/", desk.subscription_list, name="exchange_desk_subscriptions"),
    path("exchange/catalogue/", desk.catalogue_page, name="exchange_desk_catalogue"),
    path("exchange/catalogue/<uuid:pk>/", desk.resource_page, name="exchange_desk_resource"),
    path("exchange/catalogue/<uuid:pk>/apply/", desk.apply, name="exchange_desk_apply"),
    path("exchange/<uuid:pk>/", desk.subscription_page, name="exchange_desk_subscription"),
    path("exchange/<uuid:pk>/step/", desk.step, name="exchange_desk_step"),
    path("exchange/<uuid:pk>/endpoint/", desk.endpoint, name="exchange_desk_endpoint"),
    path("exchange/<uuid:pk>/files/", files_desk.order, name="exchange_desk_file_order"),
    path("exchange/<uuid:pk>/files/cycle/", files_desk.cycle, name="exchange_desk_file_cycle"),
    path("exchange/<uuid:pk>/files/<uuid:file>/manifest/", files_desk.manifest, name="exchange_desk_file_manifest"),
    path("exchange/<uuid:pk>/deliveries/<uuid:delivery>/replay/", desk.replay, name="exchange_desk_replay"),
]
