from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "linli.foundation.files"
    label = "files"

    def ready(self) -> None:
        from linli.foundation.files import declarations, policy  # noqa: F401
