"""Addresses that the channels mount."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.gate import citizen
from linli.foundation.gate import desk as staff
from linli.foundation.messages.views import desk, gateway, portal

portal_urls: list[URLPattern] = [
    path("messages/", citizen()(portal.inbox), name="messages_inbox"),
    path("messages/<uuid:pk>/", citizen()(portal.open_message), name="messages_open"),
    path("local-gateway/", gateway.viewer, name="messages_gateway"),
    path("local-gateway/messages/", gateway.receive, name="messages_gateway_receive"),
]
desk_urls: list[URLPattern] = [
    path("messages/", staff()(portal.inbox), name="messages_desk_inbox"),
    path("messages/log/", desk.delivery_log, name="messages_desk_log"),
    path("messages/<uuid:pk>/", staff()(portal.open_message), name="messages_desk_open"),
]
