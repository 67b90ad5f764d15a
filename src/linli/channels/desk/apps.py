from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "linli.channels.desk"
    label = "desk"

    def ready(self) -> None:
        from linli.channels.desk import declarations  # noqa: F401
