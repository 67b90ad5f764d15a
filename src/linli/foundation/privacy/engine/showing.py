"""Requests in words: for the resident and for whoever answers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from linli.foundation.privacy.engine.declared import CORRECTABLE

KINDS: dict[str, Any] = {
    "copy": gettext_lazy("A copy of my data"),
    "correct": gettext_lazy("Have something corrected"),
    "erase": gettext_lazy("Have something erased, take back my consent"),
}
LEADS: dict[str, Any] = {
    "copy": gettext_lazy("A table and a file for programs, with every value and whose word it is."),
    "correct": gettext_lazy(
        "Say what is right. Name and identity number of the household register, sex and date of birth are corrected at the police station."
    ),
    "erase": gettext_lazy("Choose what is to go. What has to stay by law is named below, with the reason."),
}
STATES: dict[str, tuple[Any, str, str]] = {
    "open": (gettext_lazy("waits for an answer"), "info", "clock"),
    "done": (gettext_lazy("done as asked"), "success", "check"),
    "partly": (gettext_lazy("done in part"), "warning", "info-circle"),
    "refused": (gettext_lazy("declined"), "danger", "x"),
    "withdrawn": (gettext_lazy("taken back"), "neutral", "arrow-back-up"),
}
"""State -> words, tone, icon."""


def title_of(attribute: str) -> str:
    """What a correction is about."""
    return str(CORRECTABLE.get(attribute).title) if attribute in CORRECTABLE else attribute
