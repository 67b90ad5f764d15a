from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "linli.channels.api"
    label = "api"

    def ready(self) -> None:
        from linli.channels.api import declarations, policy  # noqa: F401
