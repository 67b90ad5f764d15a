from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "linli.registry.sources"
    label = "sources"

    def ready(self) -> None:
        from linli.registry.sources import declarations, policy  # noqa: F401
