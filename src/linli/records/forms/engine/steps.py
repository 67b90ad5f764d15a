"""Showing a form section by section: which steps there are, and which one comes after what the person did."""

from __future__ import annotations

from typing import Final

from linli.records.forms.types import Step

from .bound import BoundForm

REVIEW: Final = "review"


def step_keys(bound: BoundForm) -> list[str]:
    """Keys of the steps in order: the sections shown to this person, then the review."""
    return [section.spec.key for section in bound.sections] + [REVIEW]


def steps(bound: BoundForm, current: str, *, review_title: str) -> list[Step]:
    """The steps with their state, for "Step 2 of 4". A step with errors is marked only once it has been visited."""
    keys = step_keys(bound)
    titles = {section.spec.key: section.spec.title for section in bound.sections} | {REVIEW: review_title}
    found = []
    for index, key in enumerate(keys, start=1):
        visited = key in bound.answers.seen
        if key == current:
            found.append(Step(key, titles[key], index, len(keys), "current"))
        elif visited and bound.errors_in(key):
            found.append(Step(key, titles[key], index, len(keys), "errors"))
        else:
            found.append(Step(key, titles[key], index, len(keys), "done" if visited else "open"))
    return found


def turn(bound: BoundForm) -> str:
    """The step to show now: forward only when the step just answered is right, back and to a named step always."""
    keys = step_keys(bound)
    at = bound.answers.at if bound.answers.at in keys else keys[0]
    command = bound.command
    if command is not None and command.kind == "step":
        direction, _, target = command.target.partition(":")
        position = keys.index(at)
        if direction == "prev":
            return keys[max(0, position - 1)]
        if direction == "go" and target in keys:
            return target
        return at if bound.errors_in(at) else keys[min(len(keys) - 1, position + 1)]
    if command is None and bound.submitted and bound.errors:
        wrong = next((section.spec.key for section in bound.sections if bound.errors_in(section.spec.key)), REVIEW)
        return wrong if at != REVIEW else REVIEW
    return at
