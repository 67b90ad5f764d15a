"""Writes on cases: handing in, intake, steps, holding, routing, papers. Each file is one of these."""

from linli.cases.casefile.actions.charging import record_fee
from linli.cases.casefile.actions.counter import TakenIn, take_in
from linli.cases.casefile.actions.drafts import discard_draft, save_draft
from linli.cases.casefile.actions.extending import extend_case
from linli.cases.casefile.actions.holding import resume_case, suspend_case, urge_case, withdraw_case
from linli.cases.casefile.actions.intake import accept_case, answer_correction, correct_case, refuse_case
from linli.cases.casefile.actions.lapsing import lapse_correction, lapse_promise, receive_paper, terminate_case
from linli.cases.casefile.actions.opening import Applicant, Submitted, submit_at_counter, submit_case
from linli.cases.casefile.actions.papers import file_paper
from linli.cases.casefile.actions.routing import add_signer, claim_task, release_task, return_task, sign_task, transfer_task
from linli.cases.casefile.actions.step_forms import save_step_form
from linli.cases.casefile.actions.steps import complete_task

__all__ = [
    "Applicant",
    "Submitted",
    "TakenIn",
    "accept_case",
    "add_signer",
    "answer_correction",
    "claim_task",
    "complete_task",
    "correct_case",
    "discard_draft",
    "extend_case",
    "file_paper",
    "lapse_correction",
    "lapse_promise",
    "receive_paper",
    "record_fee",
    "refuse_case",
    "release_task",
    "resume_case",
    "return_task",
    "save_draft",
    "save_step_form",
    "sign_task",
    "submit_at_counter",
    "submit_case",
    "suspend_case",
    "take_in",
    "terminate_case",
    "transfer_task",
    "urge_case",
    "withdraw_case",
]
