"""Addresses that the doors mount."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.privacy.views import desk, keys, portal, requests, retention

desk_urls: list[URLPattern] = [
    path("exports/", desk.export_list, name="privacy_desk_exports"),
    path("exports/new/<slug:code>/", desk.ask, name="privacy_desk_ask"),
    path("exports/approve/", desk.queue, name="privacy_desk_queue"),
    path("exports/approve/<uuid:pk>/", desk.decide, name="privacy_desk_decide"),
    path("exports/<uuid:pk>/", desk.export_page, name="privacy_desk_export"),
    path("exports/<uuid:pk>/password/", desk.password, name="privacy_desk_password"),
    path("exports/<uuid:pk>/file/", desk.fetch, name="privacy_desk_file"),
    path("requests/", requests.queue, name="privacy_desk_requests"),
    path("requests/new/<uuid:person>/", requests.take_down, name="privacy_desk_take_down"),
    path("requests/<uuid:pk>/", requests.request_page, name="privacy_desk_request"),
    path("requests/<uuid:pk>/file/", requests.hand_over, name="privacy_desk_copy"),
    path("retention/", retention.retention, name="privacy_desk_retention"),
    path("admin/keys/", keys.key_page, name="privacy_desk_keys"),
]
portal_urls: list[URLPattern] = [
    path("my/data/", portal.my_data, name="privacy_my_data"),
    path("my/data/new/<slug:kind>/", portal.ask, name="privacy_my_ask"),
    path("my/data/requests/<uuid:pk>/", portal.request_page, name="privacy_my_request"),
    path("my/data/requests/<uuid:pk>/file/", portal.copy, name="privacy_my_copy"),
    path("my/data/requests/<uuid:pk>/withdraw/", portal.take_back, name="privacy_my_withdraw"),
]
