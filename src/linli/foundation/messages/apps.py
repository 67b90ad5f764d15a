from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "linli.foundation.messages"
    label = "notices"

    def ready(self) -> None:
        from linli.foundation.messages import policy  # noqa: F401
