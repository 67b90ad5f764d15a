"""Addresses of access: the ticket of a page's event stream, and the roles page of the security administrator."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.access.views import desk, staffing
from linli.foundation.access.views.live import live_ticket

live_urls: list[URLPattern] = [path("live/ticket/", live_ticket, name="live_ticket")]
desk_urls: list[URLPattern] = [
    path("admin/roles/", desk.roles, name="access_desk_roles"),
    path("admin/roles/<str:code>/", desk.role, name="access_desk_role"),
    path("admin/accounts/", desk.accounts, name="access_desk_accounts"),
    path("admin/accounts/new/", staffing.new_staff, name="access_desk_new_staff"),
    path("admin/accounts/list/", staffing.staff_list, name="access_desk_staff_list"),
    path("admin/accounts/<uuid:pk>/absence/", staffing.absence, name="access_desk_absence"),
    path("admin/accounts/<uuid:pk>/hand-over/", staffing.hand_over, name="access_desk_hand_over"),
    path("admin/accounts/<uuid:pk>/unlock/", staffing.unlock, name="access_desk_unlock"),
    path("admin/accounts/<uuid:pk>/", desk.account, name="access_desk_account"),
    path("admin/accounts/<uuid:pk>/password/", desk.reset_password, name="access_desk_reset_password"),
    path("admin/accounts/<uuid:pk>/second-factor/", desk.remove_factor, name="access_desk_remove_factor"),
    path("admin/accounts/<uuid:pk>/posts/<uuid:holding>/", desk.end_post, name="access_desk_end_post"),
    path("admin/packs/", desk.packs, name="access_desk_packs"),
]
