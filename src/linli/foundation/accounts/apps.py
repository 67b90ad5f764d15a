from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "linli.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        from linli.foundation.accounts import declarations, policy  # noqa: F401
