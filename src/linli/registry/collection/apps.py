from django.apps import AppConfig


class CollectionConfig(AppConfig):
    name = "linli.registry.collection"
    label = "collection"

    def ready(self) -> None:
        from linli.registry.collection import declarations, policy  # noqa: F401
