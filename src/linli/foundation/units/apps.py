from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "linli.foundation.units"
    label = "units"
