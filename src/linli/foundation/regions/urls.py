"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.regions.views import changes, desk, orders, outlines

desk_urls: list[URLPattern] = [
    path("admin/regions/", desk.region_list, name="regions_desk_list"),
    path("admin/regions/orders/<uuid:pk>/", orders.order_page, name="regions_desk_order"),
    path("admin/regions/<uuid:pk>/", desk.region_page, name="regions_desk_region"),
    path("admin/regions/<uuid:pk>/zone/", desk.change_zone, name="regions_desk_change_zone"),
    path("admin/regions/<uuid:pk>/zone/take-back/", desk.take_back, name="regions_desk_take_back"),
    path("admin/regions/<uuid:pk>/rename/", changes.rename, name="regions_desk_rename"),
    path("admin/regions/<uuid:pk>/move/", changes.move, name="regions_desk_move"),
    path("admin/regions/<uuid:pk>/merge/", changes.merge, name="regions_desk_merge"),
    path("admin/regions/<uuid:pk>/outline/", outlines.outline, name="regions_desk_outline"),
    path("admin/regions/<uuid:pk>/split/", changes.split, name="regions_desk_split"),
]
