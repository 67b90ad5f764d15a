from django.apps import AppConfig


class SignonConfig(AppConfig):
    name = "linli.foundation.signon"
    label = "signon"

    def ready(self) -> None:
        from linli.foundation.signon import declarations, policy  # noqa: F401
