from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "linli.channels.api"
    label = "api"
