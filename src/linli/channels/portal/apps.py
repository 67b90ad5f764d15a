from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "linli.channels.portal"
    label = "portal"

    def ready(self) -> None:
        from linli.channels.portal import declarations  # noqa: F401
