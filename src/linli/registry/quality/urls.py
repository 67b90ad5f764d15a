"""Addresses that the desk mounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.registry.quality.views import comparing, desk

desk_urls: list[URLPattern] = [
    path("quality/", desk.dashboard, name="quality_desk_board"),
    path("quality/examine/", desk.order, name="quality_desk_order"),
    path("quality/issues/", desk.issue_list, name="quality_desk_issues"),
    path("quality/issues/<uuid:pk>/", desk.issue_page, name="quality_desk_issue"),
    path("quality/comparisons/", comparing.comparison_list, name="quality_desk_comparisons"),
    path("quality/comparisons/<uuid:pk>/", comparing.comparison_page, name="quality_desk_comparison"),
    path("quality/comparisons/<uuid:pk>/file/", comparing.report_file, name="quality_desk_comparison_file"),
]
