from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "linli.foundation.access"
    label = "access"

    def ready(self) -> None:
        from linli.foundation.access import declarations  # noqa: F401
