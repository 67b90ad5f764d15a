from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "linli.cases.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from linli.cases.catalogue import declarations  # noqa: F401
