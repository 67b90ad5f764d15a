"""Django's entry to the forms app: it only makes the templates and the translations known."""

from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Declarative forms (`linli.records.forms`)."""

    name = "linli.records.forms"
    label = "forms"
    verbose_name = "Forms"
