"""What the catalogue registers: how a pack's matters are loaded, and the topic page caches drop on."""
from __future__ import annotations

from pathlib import Path

from linli.cases.catalogue.actions import load_matters
from linli.cases.catalogue.views.api import router
from linli.foundation.access.engine.partners import API_ROUTERS
from linli.foundation.actions.engine import LoadReport, pack_loader
from linli.foundation.topics.engine import declare
from linli.foundation.types import Actor


def _load(folder: Path, actor: Actor) -> LoadReport:
    changed, unchanged = load_matters(folder, actor)
    return LoadReport(added=changed, unchanged=unchanged)


pack_loader("matters", _load, order=70)
declare("catalogue.published", public=True, live=True)
API_ROUTERS.register("matters", router)
