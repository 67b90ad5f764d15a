"""Addresses of access: the ticket of a page's event stream, roles and appointments, staff accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.access.views import appointments, desk, roles, staffing
from linli.foundation.access.views.live import live_ticket

live_urls: list[URLPattern] = [path("live/ticket/", live_ticket, name="live_ticket")]
desk_urls: list[URLPattern] = [
    path("admin/roles/", roles.role_list, name="access_desk_roles"),
    path("admin/roles/new/", roles.new_role, name="access_desk_new_role"),
    path("admin/roles/<str:code>/", roles.role_page, name="access_desk_role"),
    path("admin/roles/<str:code>/change/", roles.change_role, name="access_desk_change_role"),
    path("admin/roles/<str:code>/posts/<uuid:holding>/", roles.end_post, name="access_desk_revoke"),
    path("admin/role-drafts/<uuid:pk>/withdraw/", roles.withdraw, name="access_desk_withdraw_role"),
    path("admin/role-drafts/", roles.requests, name="access_desk_role_requests"),
    path("admin/role-drafts/<uuid:pk>/", roles.decide, name="access_desk_decide_role"),
    path("admin/appointments/", appointments.appointments, name="access_desk_appointments"),
    path("admin/appointments/<uuid:pk>/", appointments.decide, name="access_desk_decide_appointment"),
    path("admin/appointments/<uuid:pk>/withdraw/", appointments.withdraw, name="access_desk_withdraw_appointment"),
    path("admin/posts/<uuid:post>/appoint/", appointments.appoint, name="access_desk_appoint"),
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
