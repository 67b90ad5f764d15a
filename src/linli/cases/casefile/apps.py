from django.apps import AppConfig


class CasefileConfig(AppConfig):
    name = "linli.cases.casefile"
    label = "casefile"

    def ready(self) -> None:
        from linli.cases.casefile import declarations, policy  # noqa: F401
