from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "linli.foundation.calendar"
    label = "calendar"
