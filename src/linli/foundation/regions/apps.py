from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "linli.foundation.regions"
    label = "regions"

