from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "linli.registry.households"
    label = "households"

    def ready(self) -> None:
        from linli.registry.households import declarations, policy  # noqa: F401
