from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "linli.registry.exchange"
    label = "exchange"

    def ready(self) -> None:
        from linli.registry.exchange import declarations, policy  # noqa: F401
