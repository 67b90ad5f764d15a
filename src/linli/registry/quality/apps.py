from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "linli.registry.quality"
    label = "quality"

    def ready(self) -> None:
        from linli.registry.quality import declarations, policy  # noqa: F401
