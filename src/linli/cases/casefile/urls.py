"""Addresses that the channels mount."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.cases.casefile.views.desk import board, case, counter, counter_form, ends, files, inbox, receipt, search, step_form, steps
from linli.cases.casefile.views.portal import apply, cases, numbers, tracking

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
    path("my/cases/<uuid:pk>/papers/<uuid:paper>/", cases.paper, name="casefile_my_paper"),
    path("my/cases/<uuid:pk>/paper/", numbers.follow_up, name="casefile_follow_up"),
    path("my/cases/number/<str:number>/", numbers.case, name="casefile_my_number"),
    path("my/cases/number/<str:number>/correct/", numbers.correct, name="casefile_correct_number"),
    path("my/cases/number/<str:number>/paper/", numbers.paper, name="casefile_follow_up_number"),
    path("track/", tracking.track, name="casefile_track"),
    path("track/case/", tracking.tracked, name="casefile_tracked"),
    path("track/close/", tracking.close, name="casefile_track_close"),
    path("verify/", tracking.verify_form, name="casefile_verify_form"),
    path("verify/<str:code>/", tracking.verify, name="casefile_verify"),
]
desk_urls: list[URLPattern] = [
    path("inbox/", inbox.inbox_page, name="casefile_desk_inbox"),
    path("tasks/<uuid:pk>/claim/", inbox.claim, name="casefile_desk_claim"),
    path("tasks/<uuid:pk>/release/", inbox.release, name="casefile_desk_release"),
    path("cases/<uuid:pk>/", case.case_page, name="case_desk_subject"),
    path("cases/number/<str:number>/", case.by_number, name="casefile_desk_number"),
    path("cases/<uuid:pk>/process/", case.process, name="casefile_desk_process"),
    path("cases/<uuid:pk>/reveal/", case.reveal, name="casefile_desk_reveal"),
    path("cases/<uuid:pk>/files/<uuid:file>/", files.case_file, name="casefile_desk_file"),
    path("cases/<uuid:pk>/papers/<uuid:paper>/", files.paper, name="casefile_desk_paper_file"),
    path("cases/<uuid:pk>/receipt/", receipt.receipt, name="casefile_desk_receipt"),
    path("cases/<uuid:pk>/taken/", receipt.taken, name="casefile_desk_taken"),
    path("cases/<uuid:pk>/accept/", steps.accept, name="casefile_desk_accept"),
    path("cases/<uuid:pk>/refuse/", steps.refuse, name="casefile_desk_refuse"),
    path("cases/<uuid:pk>/correct/", steps.correct, name="casefile_desk_correct"),
    path("cases/<uuid:pk>/suspend/", steps.suspend, name="casefile_desk_suspend"),
    path("cases/<uuid:pk>/resume/", steps.resume, name="casefile_desk_resume"),
    path("cases/<uuid:pk>/urge/", steps.urge, name="casefile_desk_urge"),
    path("cases/<uuid:pk>/withdraw/", steps.withdraw, name="casefile_desk_withdraw"),
    path("cases/<uuid:pk>/extend/", ends.extend, name="casefile_desk_extend"),
    path("cases/<uuid:pk>/terminate/", ends.terminate, name="casefile_desk_terminate"),
    path("cases/<uuid:pk>/fee/", ends.fee, name="casefile_desk_fee"),
    path("cases/<uuid:pk>/paper/", ends.paper, name="casefile_desk_paper"),
    path("cases/<uuid:pk>/tasks/<uuid:task>/complete/", steps.complete, name="casefile_desk_complete"),
    path("cases/<uuid:pk>/tasks/<uuid:task>/return/", steps.send_back, name="casefile_desk_return"),
    path("cases/<uuid:pk>/tasks/<uuid:task>/transfer/", steps.transfer, name="casefile_desk_transfer"),
    path("cases/<uuid:pk>/tasks/<uuid:task>/signers/", steps.add_signer, name="casefile_desk_add-signer"),
    path("cases/<uuid:pk>/tasks/<uuid:task>/form/", step_form.fill_in, name="casefile_desk_step_form"),
    path("cases/<uuid:pk>/tasks/<uuid:task>/sign/", steps.sign, name="casefile_desk_sign"),
    path("counter/", counter.counter, name="casefile_desk_counter"),
    path("counter/visitor/", counter.visitor, name="casefile_desk_visitor"),
    path("counter/visitor/new/", counter.new_visitor, name="casefile_desk_new_visitor"),
    path("counter/next/", counter.next_visitor, name="casefile_desk_next_visitor"),
    path("counter/<str:code>/", counter_form.take_in, name="casefile_desk_take_in"),
    path("search/", search.search, name="casefile_desk_search"),
    path("supervision/", board.board, name="casefile_desk_board"),
    path("supervision/performance/", board.performance, name="casefile_desk_performance"),
]
