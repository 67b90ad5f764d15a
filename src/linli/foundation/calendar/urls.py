"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.foundation.calendar.views import desk

desk_urls: list[URLPattern] = [
    path("admin/calendar/", desk.year_page, name="calendar_desk_year"),
    path("admin/calendar/day/", desk.set_day, name="calendar_desk_set_day"),
    path("admin/calendar/<int:year>/", desk.year_page, name="calendar_desk_of_year"),
    path("admin/calendar/<int:year>/publish/", desk.publish, name="calendar_desk_publish"),
]
