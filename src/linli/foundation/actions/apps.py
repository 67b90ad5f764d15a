from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "linli.foundation.actions"
    label = "actions"
