"""Which steps of a synthetic city lack the form an office filled in there, what packs say about it, and what the checksum reads of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Q

from linli.cases.casefile.engine.stamp_steps import StepProfile
from linli.cases.casefile.models import Case, StepForm, Task
from linli.cases.casefile.queries.cases import definition_for, locked_definition
from linli.cases.catalogue.models import MatterVersion

PROFILES = Path("demo") / "step_forms.yaml"
_KEY = re.compile(r'"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"')


def step_profiles() -> dict[tuple[str, str], StepProfile]:
    """By matter and form; empty without a pack that has them."""
    found: dict[tuple[str, str], StepProfile] = {}
    for pack in settings.PACKS:
        file = Path(settings.PACKS_DIR) / pack / PROFILES
        body = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
        for code, forms in body.items():
            found |= {(code, name): _profile(given) for name, given in forms.items()}
    return found


def _profile(given: Mapping[str, Any]) -> StepProfile:
    kinds = [(float(one.get("share", 1)), str(one.get("outcome", "")), one.get("answers", {})) for one in given.get("cases", [])]
    return StepProfile(given.get("answers", {}), kinds, int(given.get("pictures", 0)))


def steps_with_forms() -> dict[str, set[str]]:
    """Steps that ask for a form, by matter, of every version."""
    found: dict[str, set[str]] = {}
    for version_id in MatterVersion.objects.exclude(published_at=None).values_list("pk", flat=True):
        chosen = locked_definition(version_id)
        asked = {step for step in chosen.process.steps if chosen.form_of_step(step) is not None}
        if asked:
            found.setdefault(chosen.matter_code, set()).update(asked)
    return found


def without_form(steps: Mapping[str, set[str]], *, most: int) -> list[Task]:
    """Tasks, done or open, whose form nobody filled in, of the ``most`` newest cases of these matters; those of a case in their order."""
    newest = Case.objects.filter(matter_code__in=steps).order_by("-submitted_at", "number").values_list("pk", flat=True)[:most]
    place = {case_id: number for number, case_id in enumerate(newest)}
    asked = Q(pk__in=[])
    for code, names in steps.items():
        asked |= Q(matter_code=code, step_id__in=names)
    rows = Task.objects.filter(asked, case_id__in=place, state__in=("done", "open"), filled_form=None).select_related("case__form")
    own = [task for task in rows if definition_for(task.case).form_of_step(task.step_id) is not None]  # in the edition of its case
    return sorted(own, key=lambda task: (place[task.case_id], task.opened_at, task.step_id))


def filled_lines() -> Iterator[str]:
    """One line a form of what stands in it, for the checksum of a synthetic city: no keys, no ciphertext."""
    rows = StepForm.objects.values_list("task__number", "task__step_id", "name", "complete", "saved_at", "saved_by_name", "data")
    for *told, data in rows.iterator(chunk_size=2000):
        yield "\t".join([*map(str, told), _KEY.sub('"file"', str(data))])
