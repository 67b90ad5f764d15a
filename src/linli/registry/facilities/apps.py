from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "linli.registry.facilities"
    label = "facilities"

    def ready(self) -> None:
        from linli.registry.facilities import declarations, policy  # noqa: F401
