"""What the catalogue registers: how a pack's matters are loaded, and the topic page caches drop on."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue.actions import load_matters
from linli.cases.catalogue.views.api import router
from linli.foundation.access.engine.partners import API_ROUTERS
from linli.foundation.actions.engine import LoadReport, pack_loader
from linli.foundation.topics.engine import declare
from linli.foundation.types import Actor
from linli.ui.engine.menu import register
from linli.ui.types import MenuItem


def _load(folder: Path, actor: Actor) -> LoadReport:
    changed, unchanged = load_matters(folder, actor)
    return LoadReport(added=changed, unchanged=unchanged)


pack_loader("matters", _load, order=70)
declare("catalogue.published", public=True, live=True)
register(
    MenuItem(
        key="matter-editor",
        label=_("Matter editor"),
        url_name="catalogue_editor",
        icon="edit",
        permission="catalogue.edit",
        order=61,
        section=_("Look up"),
    )
)
API_ROUTERS.register("matters", router)
