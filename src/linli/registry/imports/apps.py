from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "linli.registry.imports"
    label = "imports"

    def ready(self) -> None:
        from linli.registry.imports import declarations, policy  # noqa: F401
