"""Addresses that the channels mount: the protocol at the portal's root, the list of systems below /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.signon.views import desk, provider

portal_urls: list[URLPattern] = [
    path(".well-known/openid-configuration", provider.discovery, name="signon_discovery"),
    path("sign-on/keys/", provider.jwks, name="signon_jwks"),
    path("sign-on/authorize/", provider.authorize, name="signon_authorize"),
    path("sign-on/token/", provider.token, name="signon_token"),
    path("sign-on/userinfo/", provider.userinfo, name="signon_userinfo"),
]
desk_urls: list[URLPattern] = [
    path("admin/systems/", desk.systems, name="signon_desk_systems"),
    path("admin/systems/new/", desk.new_system, name="signon_desk_new_system"),
    path("admin/systems/<uuid:pk>/secret/", desk.renew_secret, name="signon_desk_renew_secret"),
    path("admin/systems/<uuid:pk>/disable/", desk.disable, name="signon_desk_disable"),
]
