from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "linli.cases.supervision"
    label = "supervision"

    def ready(self) -> None:
        from linli.cases.supervision import declarations, policy  # noqa: F401
