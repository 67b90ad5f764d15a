from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "linli.foundation.topics"
    label = "topics"

    def ready(self) -> None:
        from linli.foundation.topics import policy  # noqa: F401
