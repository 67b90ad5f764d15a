"""Addresses that the channels mount."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.cases.catalogue.views import desk, portal
from linli.cases.catalogue.views.editor import decision, matters, papers, process, questions, sections, tryout

portal_urls: list[URLPattern] = [
    path("matters/", portal.matter_list, name="catalogue_matters"),
    path("matters/suggest/", portal.suggest, name="catalogue_suggest"),
    path("matters/<str:code>/", portal.guide, name="catalogue_matter"),
]
editor_urls: list[URLPattern] = [
    path("matters/editor/", matters.matter_list, name="catalogue_editor"),
    path("matters/new/", matters.new, name="catalogue_new"),
    path("matters/import/", matters.import_, name="catalogue_import"),
    path("matters/<str:code>/editions/", matters.matter, name="catalogue_editions"),
    path("matters/<str:code>/editions/<int:number>.zip", matters.export, name="catalogue_export"),
    path("matters/<str:code>/state/", matters.change_state, name="catalogue_change_state"),
    path("matters/<str:code>/open/", matters.open_draft, name="catalogue_open_draft"),
    path("matters/<str:code>/discard/", matters.discard, name="catalogue_discard"),
    path("matters/<str:code>/publish/", matters.publish, name="catalogue_publish"),
    path("matters/<str:code>/edit/", matters.edit, name="catalogue_edit"),
    path("matters/<str:code>/edit/changes/", matters.diff, name="catalogue_diff"),
    path("matters/<str:code>/edit/form/", questions.overview, name="catalogue_edit_form"),
    path("matters/<str:code>/edit/form/change/", questions.change, name="catalogue_change_form"),
    path("matters/<str:code>/edit/form/text/", questions.as_text, name="catalogue_edit_form_text"),
    path("matters/<str:code>/edit/form/s/<str:section>/", questions.form_section, name="catalogue_edit_form_section"),
    path("matters/<str:code>/edit/form/s/<str:section>/<str:field>/", questions.question, name="catalogue_edit_question"),
    path("matters/<str:code>/edit/process/", process.process, name="catalogue_edit_process"),
    path("matters/<str:code>/edit/decision/", decision.decision, name="catalogue_edit_decision"),
    path("matters/<str:code>/edit/decision/text/", decision.as_json, name="catalogue_edit_decision_text"),
    path("matters/<str:code>/edit/papers/", papers.papers, name="catalogue_edit_papers"),
    path("matters/<str:code>/edit/papers/<str:name>/", papers.paper, name="catalogue_edit_paper"),
    path("matters/<str:code>/edit/papers/<str:name>/preview/", papers.preview, name="catalogue_preview_paper"),
    path("matters/<str:code>/edit/<slug:section>/", sections.section, name="catalogue_edit_section"),
    path("matters/<str:code>/try/form/", tryout.try_form, name="catalogue_try_form"),
    path("matters/<str:code>/try/decision/", decision.try_table, name="catalogue_try_decision"),
    path("matters/<str:code>/try/process/", tryout.try_process, name="catalogue_try_process"),
]
desk_urls: list[URLPattern] = [
    *editor_urls,
    path("matters/", desk.matter_list, name="catalogue_desk_matters"),
    path("matters/<str:code>/", desk.matter_page, name="catalogue_desk_matter"),
]
