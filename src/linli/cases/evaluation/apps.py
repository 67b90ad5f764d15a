from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "linli.cases.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        from linli.cases.evaluation import declarations, policy  # noqa: F401
