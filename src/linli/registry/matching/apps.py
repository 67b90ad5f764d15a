from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "linli.registry.matching"
    label = "matching"
