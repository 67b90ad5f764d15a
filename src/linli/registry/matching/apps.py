from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "linli.registry.matching"
    label = "matching"

    def ready(self) -> None:
        from linli.registry.matching import declarations, policy  # noqa: F401
