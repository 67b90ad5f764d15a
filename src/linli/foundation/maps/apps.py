from django.apps import AppConfig


class MapsConfig(AppConfig):
    name = "linli.foundation.maps"
    label = "maps"

    def ready(self) -> None:
        from linli.foundation.maps import declarations  # noqa: F401
