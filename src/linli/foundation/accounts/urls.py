"""Addresses that the channels mount: the portal's at its root, the desk's below /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.accounts.views import counter, desk, portal

portal_urls: list[URLPattern] = [
    path("accounts/sign-in/", portal.sign_in, name="accounts_sign_in"),
    path("accounts/sign-in/code/", portal.code, name="accounts_sign_in_code"),
    path("accounts/sign-in/holder/", portal.id_tail, name="accounts_id_tail"),
    path("accounts/sign-out/", portal.sign_out, name="accounts_sign_out"),
    path("accounts/", portal.account, name="accounts_account"),
    path("accounts/verify/", portal.verify, name="accounts_verify"),
    path("accounts/phone/", portal.change_phone, name="accounts_phone"),
    path("accounts/mandates/", portal.mandates, name="accounts_mandates"),
    path("accounts/mandates/<uuid:pk>/revoke/", portal.revoke, name="accounts_mandate_revoke"),
]
desk_urls: list[URLPattern] = [
    path("sign-in/", desk.sign_in, name="accounts_desk_sign_in"),
    path("sign-in/second-factor/", desk.second_factor, name="accounts_desk_second_factor"),
    path("mandates/new/", counter.mandate, name="accounts_desk_mandate_new"),
    path("account/confirm/", counter.seen, name="accounts_desk_seen"),
    path("sign-out/", desk.sign_out, name="accounts_desk_sign_out"),
    path("account/", desk.account, name="accounts_desk_account"),
    path("account/password/", desk.password, name="accounts_desk_password"),
    path("account/second-factor/", desk.set_up_factor, name="accounts_desk_set_up_factor"),
]
