"""Addresses: the desk's, and those of OGC API Features, which the programs' door mounts at `/ogc/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.maps.views import desk, ogc, outside

desk_urls: list[URLPattern] = [
    path("map/", desk.map_page, name="maps_desk_map"),
    path("map/layers/<slug:code>/", desk.layer_data, name="maps_desk_layer"),
    path("map/table/", desk.table, name="maps_desk_table"),
    path("admin/map-layers/", outside.layer_list, name="maps_desk_outside"),
    path("admin/map-layers/new/", outside.new_layer, name="maps_desk_outside_new"),
    path("admin/map-layers/<uuid:pk>/", outside.edit_layer, name="maps_desk_outside_edit"),
    path("admin/map-layers/<uuid:pk>/<slug:what>/", outside.step, name="maps_desk_outside_step"),
    path("map/regions/<uuid:pk>/", desk.region_page, name="maps_desk_region"),
]
ogc_urls: list[URLPattern] = [
    path("", ogc.landing, name="ogc_landing"),
    path("api", ogc.api, name="ogc_api"),
    path("conformance", ogc.conformance, name="ogc_conformance"),
    path("collections", ogc.collections, name="ogc_collections"),
    path("collections/<slug:code>", ogc.collection, name="ogc_collection"),
    path("collections/<slug:code>/items", ogc.items, name="ogc_items"),
    path("collections/<slug:code>/items/<str:key>", ogc.item, name="ogc_item"),
]
