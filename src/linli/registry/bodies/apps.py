from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "linli.registry.bodies"
    label = "bodies"

    def ready(self) -> None:
        from linli.registry.bodies import declarations, policy  # noqa: F401
