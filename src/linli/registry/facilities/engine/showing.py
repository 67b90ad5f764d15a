"""Statuses and duties in words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy

STATUS_WORDS: Final[dict[str, tuple[Any, str]]] = {
    "planned": (gettext_lazy("facility planned"), "info"),
    "in_use": (gettext_lazy("facility in use"), "success"),
    "damaged": (gettext_lazy("damaged"), "danger"),
    "repaired": (gettext_lazy("repaired"), "info"),
    "removed": (gettext_lazy("struck off"), "neutral"),
}
"""Words and tone."""
DUTY_WORDS: Final[dict[str, Any]] = {
    "owner": gettext_lazy("Owning unit"),
    "upkeep": gettext_lazy("Upkeep"),
    "competent": gettext_lazy("Competent authority"),
}
