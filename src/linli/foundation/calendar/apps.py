from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "linli.foundation.calendar"
    label = "calendar"

    def ready(self) -> None:
        from linli.foundation.calendar import declarations  # noqa: F401
