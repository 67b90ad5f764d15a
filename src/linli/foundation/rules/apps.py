from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "linli.foundation.rules"
    label = "rules"
