"""Addresses that the channels mount."""
from __future__ import annotations

from django.urls import URLPattern, path

from linli.cases.casefile.views.portal import apply, cases, tracking

portal_urls: list[URLPattern] = [
    path("matters/<str:code>/apply/", apply.apply, name="casefile_apply"),
    path("matters/<str:code>/apply/place/", apply.place, name="casefile_apply_place"),
    path("matters/<str:code>/eligibility/", apply.eligibility, name="casefile_eligibility"),
    path("my/drafts/<uuid:pk>/discard/", apply.discard, name="casefile_discard"),
    path("my/cases/", cases.my_cases, name="casefile_my_cases"),
    path("my/cases/<uuid:pk>/", cases.case, name="casefile_my_case"),
    path("my/cases/<uuid:pk>/receipt/", cases.receipt, name="casefile_receipt"),
    path("my/cases/<uuid:pk>/correct/", cases.correct, name="casefile_correct"),
    path("my/cases/<uuid:pk>/withdraw/", cases.withdraw, name="casefile_withdraw"),
    path("track/", tracking.track, name="casefile_track"),
    path("track/case/", tracking.tracked, name="casefile_tracked"),
    path("track/close/", tracking.close, name="casefile_track_close"),
    path("verify/", tracking.verify_form, name="casefile_verify_form"),
    path("verify/<str:code>/", tracking.verify, name="casefile_verify"),
]
desk_urls: list[URLPattern] = []
