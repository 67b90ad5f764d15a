from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "linli.foundation.sync"
    label = "sync"

    def ready(self) -> None:
        from linli.foundation.sync import declarations, policy  # noqa: F401
