from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "linli.channels.portal"
    label = "portal"
