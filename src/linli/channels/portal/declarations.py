"""What the residents' door tells its shell: its links, and the five entries of its menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.foundation.types import Actor, ActorKind
from linli.ui.engine.links import register_links
from linli.ui.engine.menu import register
from linli.ui.types import Door, MenuItem, ShellLinks


def _name(actor: Actor) -> str:
    """How the header calls who is signed in; nobody, and somebody who only follows one case, have no name."""
    return str(_("My account")) if actor.kind in (ActorKind.CITIZEN, ActorKind.STAFF) else ""


register_links(
    ShellLinks(
        door=Door.PORTAL,
        home="portal_home",
        search="catalogue_matters",
        sign_in="accounts_sign_in",
        sign_out="accounts_sign_out",
        account="accounts_account",
        elder="ui_elder",
        language="set_language",
        manifest="ui_manifest",
        service_worker="ui_service_worker",
        offline="ui_offline",
        describe=_name,
    )
)
register(
    MenuItem(door=Door.PORTAL, key="home", label=_("Home"), url_name="portal_home", icon="home", order=10),
    MenuItem(door=Door.PORTAL, key="matters", label=_("Services"), url_name="catalogue_matters", icon="list-details", order=20),
    MenuItem(door=Door.PORTAL, key="my-cases", label=_("My cases"), url_name="casefile_my_cases", icon="clipboard-list", order=30),
    MenuItem(door=Door.PORTAL, key="track", label=_("Track"), url_name="casefile_track", icon="search", order=40),
    MenuItem(door=Door.PORTAL, key="messages", label=_("Messages"), url_name="messages_inbox", icon="bell", order=50),
)
