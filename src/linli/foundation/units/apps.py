from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "linli.foundation.units"
    label = "units"

    def ready(self) -> None:
        from linli.foundation.units import declarations  # noqa: F401
