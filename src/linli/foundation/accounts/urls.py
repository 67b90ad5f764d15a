"""Addresses that the channels mount: the portal's at its root, the desk's below /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.accounts.views import counter, desk, mandates, passkeys, portal

portal_urls: list[URLPattern] = [
    path("accounts/sign-in/", portal.sign_in, name="accounts_sign_in"),
    path("accounts/sign-in/code/", portal.code, name="accounts_sign_in_code"),
    path("accounts/sign-in/holder/", portal.id_tail, name="accounts_id_tail"),
    path("accounts/sign-in/passkey/", passkeys.sign_in, name="accounts_passkey_sign_in"),
    path("accounts/sign-in/passkey/ask/", passkeys.ask, name="accounts_passkey_ask"),
    path("accounts/passkeys/", passkeys.portal_list, name="accounts_passkeys"),
    path("accounts/passkeys/invite/", passkeys.portal_invite, name="accounts_passkey_invite"),
    path("accounts/passkeys/<uuid:pk>/remove/", passkeys.portal_remove, name="accounts_passkey_remove"),
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
    path("sign-in/second-factor/passkey/", passkeys.second_factor, name="accounts_desk_passkey_factor"),
    path("sign-in/second-factor/passkey/ask/", passkeys.ask_factor, name="accounts_desk_passkey_ask"),
    path("account/passkeys/", passkeys.desk_list, name="accounts_desk_passkeys"),
    path("account/passkeys/invite/", passkeys.desk_invite, name="accounts_desk_passkey_invite"),
    path("account/passkeys/<uuid:pk>/remove/", passkeys.desk_remove, name="accounts_desk_passkey_remove"),
    path("mandates/new/", counter.mandate, name="accounts_desk_mandate_new"),
    path("mandates/", mandates.mandate_list, name="accounts_desk_mandates"),
    path("mandates/guardian/", mandates.guardian, name="accounts_desk_guardian_new"),
    path("mandates/representative/", mandates.representative, name="accounts_desk_representative_new"),
    path("mandates/<uuid:pk>/end/", mandates.end, name="accounts_desk_mandate_end"),
    path("account/confirm/", counter.seen, name="accounts_desk_seen"),
    path("sign-out/", desk.sign_out, name="accounts_desk_sign_out"),
    path("account/", desk.account, name="accounts_desk_account"),
    path("account/password/", desk.password, name="accounts_desk_password"),
    path("account/second-factor/", desk.set_up_factor, name="accounts_desk_set_up_factor"),
]
