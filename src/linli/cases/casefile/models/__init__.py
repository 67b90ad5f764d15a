"""One aggregate a file: the case, its tasks, its papers."""

from linli.cases.casefile.models.case import Case, CaseForm, CaseParticipant, CaseProcess, CaseSerial, Draft, TimelineEntry
from linli.cases.casefile.models.paper import Material, Paper
from linli.cases.casefile.models.step_form import StepForm
from linli.cases.casefile.models.task import Task
from linli.cases.casefile.models.tracking import TrackAttempt

__all__ = [
    "Case",
    "CaseForm",
    "CaseParticipant",
    "CaseProcess",
    "CaseSerial",
    "Draft",
    "Material",
    "Paper",
    "StepForm",
    "Task",
    "TimelineEntry",
    "TrackAttempt",
]
