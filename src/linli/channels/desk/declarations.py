"""What the staff's door tells its shell, and the entries of its menu. An entry shows only to those whose posts carry its permission."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.channels.desk.queries import cases_panel, household_panel
from linli.foundation.types import Actor, ActorKind
from linli.registry.people.engine.panels import PANELS
from linli.ui.engine.links import register_links
from linli.ui.engine.menu import register
from linli.ui.types import Door, MenuItem, ShellLinks

_WORK, _BOOKS, _CONTROL, _ADMIN = _("Work"), _("Look up"), _("Supervision"), _("Administration")


def _name(actor: Actor) -> str:
    return actor.label if actor.kind == ActorKind.STAFF else ""


def _scope(actor: Actor) -> str:
    return str(actor.user_id or "")


register_links(
    ShellLinks(
        door=Door.DESK,
        home="desk_home",
        search="casefile_desk_search",
        sign_in="accounts_desk_sign_in",
        sign_out="accounts_desk_sign_out",
        account="accounts_desk_account",
        live_ticket="live_ticket",
        describe=_name,
        live_scope=_scope,
    )
)


def _entry(key: str, label: object, url_name: str, icon: str, order: int, permission: str, section: object) -> MenuItem:
    return MenuItem(key=key, label=label, url_name=url_name, icon=icon, order=order, permission=permission, section=section, door=Door.DESK)  # type: ignore[arg-type]


register(
    _entry("home", _("Home"), "desk_home", "home", 10, "", ""),
    _entry("inbox", _("Inbox"), "casefile_desk_inbox", "inbox", 20, "cases.view", _WORK),
    _entry("counter", _("Counter"), "casefile_desk_counter", "building-community", 30, "cases.submit_counter", _WORK),
    _entry("visits", _("Visits of the day"), "collection_field_today", "clipboard-list", 25, "collection.visit", _WORK),
    _entry("collection", _("Progress of visits"), "collection_desk_progress", "checklist", 28, "collection.oversee", _WORK),
    _entry("mandates", _("Mandates"), "accounts_desk_mandate_new", "writing", 32, "mandates.register", _WORK),
    _entry("guardians", _("Guardians and representatives"), "accounts_desk_mandates", "writing", 33, "mandates.register", _WORK),
    _entry("confirm", _("Confirm an account"), "accounts_desk_seen", "shield-check", 34, "accounts.raise", _WORK),
    _entry("search", _("Search"), "casefile_desk_search", "search", 40, "cases.view", _BOOKS),
    _entry("people", _("People"), "people_desk_search", "users", 50, "people.view", _BOOKS),
    _entry("bodies", _("Organisations"), "bodies_desk_search", "building-store", 52, "bodies.view", _BOOKS),
    _entry("map", _("Map"), "maps_desk_map", "map-2", 52, "maps.view", _BOOKS),
    _entry("facilities", _("Facilities"), "facilities_desk_list", "lamp", 53, "facilities.view", _BOOKS),
    _entry("who", _("Who is who"), "matching_desk_pairs", "user-check", 56, "people.merge", _BOOKS),
    _entry("imports", _("Files of other offices"), "imports_desk_files", "upload", 55, "imports.load", _BOOKS),
    _entry("quality", _("Data quality"), "quality_desk_board", "chart-bar", 54, "quality.view", _BOOKS),
    _entry("exchange", _("Shared data"), "exchange_desk_subscriptions", "arrows-exchange", 57, "exchange.view", _BOOKS),
    _entry("exports", _("Exports"), "privacy_desk_exports", "download", 58, "export.request", _BOOKS),
    _entry("export-orders", _("Exports to approve"), "privacy_desk_queue", "checklist", 59, "export.approve", _BOOKS),
    _entry("data-requests", _("Requests about personal data"), "privacy_desk_requests", "shield-check", 59, "privacy.file", _BOOKS),
    _entry("retention", _("How long what is kept"), "privacy_desk_retention", "clock", 59, "privacy.decide", _BOOKS),
    _entry("matters", _("Matters"), "catalogue_desk_matters", "list-details", 60, "cases.view", _BOOKS),
    _entry("board", _("Board"), "casefile_desk_board", "gauge", 70, "supervision.view", _CONTROL),
    _entry("cards", _("Cards"), "supervision_desk_cards", "cards", 80, "supervision.view", _CONTROL),
    _entry("performance", _("Performance"), "casefile_desk_performance", "chart-bar", 90, "supervision.view", _CONTROL),
    _entry("regions", _("Regions and zones"), "regions_desk_list", "map-pin", 105, "admin.units", _ADMIN),
    _entry("units", _("Units and posts"), "units_desk_list", "sitemap", 110, "admin.units", _ADMIN),
    _entry("calendar", _("Work calendar"), "calendar_desk_year", "calendar", 120, "admin.calendar", _ADMIN),
    _entry("accounts", _("Staff accounts"), "access_desk_accounts", "users", 130, "admin.accounts", _ADMIN),
    _entry("phones", _("Phones of staff"), "sync_desk_phones", "list-details", 132, "admin.accounts", _ADMIN),
    _entry("role-drafts", _("Drafts of roles"), "access_desk_role_requests", "checklist", 135, "admin.accounts", _ADMIN),
    _entry("systems", _("Single sign-on"), "signon_desk_systems", "key", 135, "admin.accounts", _ADMIN),
    _entry("outside-layers", _("Layers of other offices"), "maps_desk_outside", "map-2", 107, "admin.packs", _ADMIN),
    _entry("packs", _("Packs"), "access_desk_packs", "packages", 140, "admin.packs", _ADMIN),
    _entry("keys", _("Data keys"), "privacy_desk_keys", "key", 142, "admin.packs", _ADMIN),
    _entry("deliveries", _("Delivery log"), "messages_desk_log", "bell", 145, "admin.messages", _ADMIN),
    _entry("roles", _("Roles and holders"), "access_desk_roles", "lock", 150, "admin.roles", _ADMIN),
    _entry("appointments", _("Appointments"), "access_desk_appointments", "user-check", 155, "admin.roles", _ADMIN),
    _entry("audit", _("Audit trail"), "audit_desk_trail", "shield-check", 160, "audit.view", _ADMIN),
)

PANELS.register("household", household_panel)
PANELS.register("cases", cases_panel)
