from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "linli.foundation.regions"
    label = "regions"

    def ready(self) -> None:
        from linli.foundation.regions import declarations  # noqa: F401
