"""What offices of a synthetic city filled in at their steps (a household survey, an opinion), as the builder `step_forms`.

A form is bound to its definition like one that came from the page, and one that the page would refuse is not written. Equal arguments give
equal forms, whatever the keys of their cases.
"""

from __future__ import annotations

import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from linli.cases.casefile.engine.stamp_answers import Applicant
from linli.cases.casefile.engine.stamp_calendar import office_second
from linli.cases.casefile.engine.stamp_steps import Known, Situation, StepProfile, StepWriter
from linli.cases.casefile.engine.visits import VARIANTS, visit_picture
from linli.cases.casefile.models import Case, StepForm, Task
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.casefile.queries.demo_step_forms import step_profiles, steps_with_forms, without_form
from linli.cases.casefile.queries.stamp_city import Offices
from linli.cases.casefile.queries.step_forms import from_application
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.calendar.queries import current
from linli.foundation.calendar.types import day_start, local_day
from linli.foundation.files.actions import Share, share, store
from linli.foundation.files.models import StoredFile
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, Level, system_actor
from linli.records.forms.engine import BoundForm, bind
from linli.records.forms.types import FieldType, FileInfo, Form

BUILDER = system_actor("city.step_forms", permissions=["files.upload"])
MOST = 1_500
"""Cases whose forms are written: all of a demo's, the newest ones of a large city's, whose build must not wait for them (some 2 ms a form)."""
BEGUN = 0.5  # share of open steps whose form somebody has begun
FINISHING = (3, 18)  # minutes from the finished form to the completed step: signatures, and the button
AROUND = 0.02  # degrees around the middle of the place where a visit was located; some two kilometres
PERSON = {"sex": "sex", "birth_date": "birth_date", "address": "live_address"}


@dataclass
class _Filled:
    """A form as it will be written; ``pictures`` are places in the list of files to be shared, by field."""

    row: StepForm
    values: dict[str, Any]
    draft: dict[str, Any]
    pictures: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class _When:
    """Who filled in a form, on which day it was begun and when it was saved."""

    day: date
    at: datetime
    by: UUID | None
    name: str


def fill_city(city: CityContext) -> None:
    """Write the forms that completed steps of stamped cases lack, and begin some of those that wait. Repeating it finds nothing to do."""
    with scoped(BUILDER), override(settings.LANGUAGE_CODE):
        written = _fill(BUILDER, as_of=city.as_of)
    city.say("  " + (", ".join(f"{count:,} {word}" for word, count in written.items()) or "none added"))


@action("files.upload", audit="cases.demo_step_forms_filled")
def _fill(actor: Actor, *, as_of: date) -> dict[str, int]:
    steps = steps_with_forms()
    if not steps:
        return {}
    visits = _Visits(as_of)
    tasks = without_form(steps, most=MOST)
    visits.learn(tasks)
    filled = [
        *visits.write([task for task in tasks if task.state == "done"]),
        *visits.begin([task for task in tasks if task.state == "open"]),
    ]
    files = share(actor, wanted=visits.pictures(actor, filled))
    for one in filled:
        for key, places in one.pictures.items():
            one.values[key] = one.draft[key] = [str(files[place].id) for place in places]
        one.row.data = json.dumps({"answers": one.values, "draft": one.draft}, ensure_ascii=False)
    StepForm.objects.bulk_create([one.row for one in filled], batch_size=1000)
    return {word: count for word, count in visits.counted.items() if count}


class _Visits:
    """Everything that is read once for all forms."""

    def __init__(self, as_of: date) -> None:
        self._now, self._as_of = day_start(as_of), as_of
        self._profiles, self._writers = step_profiles(), dict[tuple[UUID, str], StepWriter]()
        self._centres = {
            path: (longitude, latitude)
            for path, longitude, latitude in Region.objects.values_list("path", "longitude", "latitude")
            if longitude is not None and latitude is not None
        }
        self._did: dict[UUID, dict[str, str]] = defaultdict(dict)
        self._wanted: list[tuple[Case, int, str, int]] = []  # case, picture, name of the file, level
        self.counted = Counter[str]()

    def learn(self, tasks: Sequence[Task]) -> None:
        """Who did the steps of these cases."""
        rows = Task.objects.filter(case_id__in={task.case_id for task in tasks}, state="done").order_by("opened_at", "id")
        for case_id, step, name in rows.values_list("case_id", "step_id", "done_by_name"):
            self._did[case_id][f"{step}_by"] = name

    def write(self, tasks: Sequence[Task]) -> Iterator[_Filled]:
        """Completed steps, case by case: a later form knows what stands in an earlier one."""
        for _, own in groupby(tasks, key=lambda task: task.case_id):
            known: _Story | None = None
            for task in own:
                rng = _dice(task)
                known = known or self._known(task.case)
                bound, filled = self._form(task, known, rng, _of_done(task, rng))
                if not bound.ok:
                    self.counted["refused by their form"] += 1
                    continue
                known.take(bound)
                self.counted["filled in"] += 1
                yield filled

    def begin(self, tasks: Sequence[Task]) -> Iterator[_Filled]:
        """Open steps somebody has begun with."""
        offices = Offices(self._as_of) if tasks else None
        for task in tasks:
            rng = _dice(task)
            able = offices.able(str(task.unit_id), "cases.review") if offices else []
            days = _workdays(local_day(task.opened_at) + timedelta(days=1), self._as_of - timedelta(days=1))
            if not able or not days or rng.random() >= BEGUN or len(_form_of(task)[1].sections) < 2:
                continue
            day = days[int(rng.random() * len(days))]
            by, name = able[int(rng.random() * len(able))]
            when = _When(day, day_start(day) + timedelta(seconds=office_second(rng)), UUID(by), name)
            _, filled = self._form(task, self._known(task.case), rng, when, begun=True)
            self.counted["begun"] += 1
            yield filled

    def pictures(self, actor: Actor, filled: Sequence[_Filled]) -> list[Share]:
        """Pictures of the forms that are written; each is drawn once and shared."""
        masters: dict[int, StoredFile] = {}
        for number in sorted({number for _, number, _, _ in self._wanted}):
            masters[number] = store(actor, upload=io.BytesIO(visit_picture(number)), name="visit.jpg", level=Level.PERSONAL)
        return [
            Share(masters[number], name, case.id, None, case.region_path, case.line, level) for case, number, name, level in self._wanted
        ]

    # -- one form ---------------------------------------------------------------------------------------------------------------

    def _known(self, case: Case) -> _Story:
        return _Story(case, self._centres, self._did[case.pk])

    def _form(self, task: Task, known: _Story, rng: Random, when: _When, *, begun: bool = False) -> tuple[BoundForm, _Filled]:
        name, form = _form_of(task)
        profile = self._profiles.get((task.matter_code, name), StepProfile())
        writer = self._writers.get((task.case.version_id, name))
        if writer is None:
            writer = self._writers[task.case.version_id, name] = StepWriter(form, profile)
        prefill = from_application(task.case, form, known.application)
        told = Known(from_application(task.case, form, known.computed), prefill.keys())
        sections = 1 + int(rng.random() * (len(form.sections) - 1)) if begun else None
        answers = writer.fill(known.situation(when.day, task.outcome), rng, told, sections=sections)
        infos = {} if begun else _infos(form, profile, rng)
        shown = {info.id: info for _, found in infos.items() for info in found}
        answers |= {key: [info.id for info in found] for key, found in infos.items()}
        bound = bind(form, answers, prefill, files=shown, today=local_day(when.at))
        row = StepForm(
            task=task, case=task.case, name=name, complete=not begun, saved_at=when.at, saved_by=when.by, saved_by_name=when.name[:60]
        )
        return bound, _Filled(row, bound.values(), bound.draft(), self._share(task, form, infos) if bound.ok else {})

    def _share(self, task: Task, form: Form, infos: Mapping[str, Sequence[FileInfo]]) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for key, found in infos.items():
            item = form.field(key)
            level = max(task.case.level, item.sensitivity if item else int(Level.PERSONAL), 4)  # as `save_step_form` attaches them
            for place, info in enumerate(found, start=1):
                places.setdefault(key, []).append(len(self._wanted))
                self._wanted.append((task.case, int(info.id), f"{item.label if item else key}{place}.jpg", level))
        return places


def _form_of(task: Task) -> tuple[str, Form]:
    asked = definition_for(task.case).form_of_step(task.step_id)
    if asked is None:
        raise LookupError(f"the step {task.step_id} of {task.number} asks for no form in its edition")
    return asked


class _Story:
    """What whoever fills in a form knows of the case by then."""

    def __init__(self, case: Case, centres: Mapping[str, tuple[float, float]], did: Mapping[str, str]) -> None:
        said: dict[str, Any] = json.loads(case.form.data)
        bound = bind(definition_for(case).form, said, today=local_day(case.submitted_at))
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._values: dict[str, Any] = {**did, "position": _position(case, centres)}
        self.application = said
        self.computed = said | {key: value for key, value in bound.values().items() if value not in (None, "")}
        self.take(bound)
        birth = self._values.get("birth_date")
        self._who = _applicant(case, self._values, birth if isinstance(birth, date) else date(1970, 1, 1))

    def take(self, bound: BoundForm) -> None:
        """What stands in a form is known from now on."""
        for section in bound.sections:
            rows = [{item.spec.key: item.value for item in row.fields} for row in section.rows]
            if section.spec.repeat is None:
                self._values |= rows[0]
            else:
                self._rows[section.spec.key] = rows

    def situation(self, day: date, outcome: str) -> Situation:
        return Situation(self._who, day, outcome, dict(self._values), dict(self._rows))


def _applicant(case: Case, said: Mapping[str, Any], birth: date) -> Applicant:
    """Who applied, as far as the application says."""
    told = {name: str(said.get(key) or "") for name, key in PERSON.items()}
    sealed = (None, None, None)
    rest = dict.fromkeys(("id", "id_index", "education", "marital", "status", "employment", "disability", "assistance", "account"), "")
    return Applicant(
        name=case.applicant, sex=told["sex"], birth=birth, unseal=lambda text: "", sealed=sealed, address=told["address"], **rest
    )


def _infos(form: Form, profile: StepProfile, rng: Random) -> dict[str, list[FileInfo]]:
    """Pictures for every field that takes them: a door, then rooms. Their ids are numbers until they are shared."""
    found: dict[str, list[FileInfo]] = {}
    for section in form.sections:
        for item in section.fields:
            if item.type is FieldType.FILE and section.repeat is None and profile.pictures:
                first = int(rng.random() * (VARIANTS // 2)) * 2
                numbers = [first, *((first + 1 + 2 * n) % VARIANTS for n in range(profile.pictures - 1))]
                found[item.key] = [FileInfo(str(number), f"{number}.jpg", 60_000, "image/jpeg") for number in numbers]
    return found


def _position(case: Case, centres: Mapping[str, tuple[float, float]]) -> str:
    """Longitude and latitude somewhere around the middle of the smallest region whose middle is known; "" without one."""
    path = next((case.region_path[:end] for end in range(len(case.region_path), 0, -5) if case.region_path[:end] in centres), "")
    if not path:
        return ""
    rng = Random(f"position:{case.number}")  # noqa: S311 - a place of nobody
    longitude, latitude = (middle + (rng.random() - 0.5) * 2 * AROUND for middle in centres[path])
    return f"{longitude:.4f},{latitude:.4f}"


# -- when -----------------------------------------------------------------------------------------------------------------------


def _dice(task: Task) -> Random:
    return Random(f"{task.number}:{task.step_id}:{task.opened_at.isoformat()}")  # noqa: S311 - repeatable on purpose, nothing secret


def _of_done(task: Task, rng: Random) -> _When:
    """By whoever did the step, minutes before it was completed; begun on a working day since it was opened."""
    assert task.done_at is not None  # noqa: S101 - narrows a type
    at = task.done_at - timedelta(minutes=rng.randint(*FINISHING), seconds=rng.randrange(60))
    days = _workdays(local_day(task.opened_at), local_day(task.done_at))
    day = days[int(rng.random() * len(days))] if days else local_day(task.done_at)
    return _When(day, max(at, min(task.opened_at, task.done_at)), task.done_by, task.done_by_name)


def _workdays(first: date, last: date) -> list[date]:
    calendar = current()
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if calendar.is_workday(day)]
