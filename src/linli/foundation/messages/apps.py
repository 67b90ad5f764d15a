from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "linli.foundation.messages"
    label = "notices"

    def ready(self) -> None:
        from linli.foundation.messages import declarations, policy, tasks  # noqa: F401
