"""Style guide, elder mode, the files that make the portal installable. Error pages are in `errors`."""

from __future__ import annotations

from linli.ui.views.guide import style_guide
from linli.ui.views.portal import elder_mode, offline, service_worker, web_manifest

__all__ = ["elder_mode", "offline", "service_worker", "style_guide", "web_manifest"]
