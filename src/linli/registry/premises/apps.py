from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "linli.registry.premises"
    label = "premises"

    def ready(self) -> None:
        from linli.registry.premises import declarations, policy  # noqa: F401
