"""Schemas of form definitions and the small values that travel between the engine and those who call it."""

from __future__ import annotations

from .definition import Condition, Field, FieldType, Form, Option, Repeat, Rule, Section
from .values import Change, Claim, Command, FieldError, FileInfo, FormDefinitionError, PlainLine, Prefilled, Problem, Step

__all__ = [
    "Change",
    "Claim",
    "Command",
    "Condition",
    "Field",
    "FieldError",
    "FieldType",
    "FileInfo",
    "Form",
    "FormDefinitionError",
    "Option",
    "PlainLine",
    "Prefilled",
    "Problem",
    "Repeat",
    "Rule",
    "Section",
    "Step",
]
