from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "linli.foundation.access"
    label = "access"
