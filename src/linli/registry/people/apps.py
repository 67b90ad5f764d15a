from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.registry.people"
    label = "people"

    def ready(self) -> None:
        from linli.registry.people import declarations, policy  # noqa: F401
