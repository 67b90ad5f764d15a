"""Django app of the design system."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "linli.ui"
    label = "ui"
    verbose_name = "Design system"
