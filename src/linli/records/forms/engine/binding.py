"""Binding: answers, known values and a form definition become a `BoundForm`. The same path serves a page, a draft and an API request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from linli.lib.errors import LinliError
from linli.records.forms.types import Claim, Field, FieldError, FieldType, FileInfo, Form, Prefilled, Section

from . import incoming
from .bound import BoundField, BoundForm, BoundRow, BoundSection, State
from .conditions import holds
from .expressions import ExpressionError, evaluate
from .fitting import fit
from .incoming import Answers, PostedPage, path_of
from .kinds import Reading, kind_of
from .rules import judge

CITY_TIME: Final = ZoneInfo("Asia/Shanghai")


def bind(
    form: Form,
    data: PostedPage | Mapping[str, Any] | None,
    prefill: Mapping[str, Prefilled] | None = None,
    *,
    draft: Mapping[str, Any] | None = None,
    files: Mapping[str, FileInfo] | None = None,
    uploaded: Mapping[str, list[FileInfo]] | None = None,
    today: date | None = None,
) -> BoundForm:
    """Read and judge the answers.

    `data` is a posted page (anything with `getlist`), a nested JSON document, or None when nothing was sent yet. `prefill` and `uploaded`
    go by path. `draft` is an earlier `BoundForm.draft()`; it fills the sections a posted page does not hold. `files` are the stored
    uploads that this person may attach, by id; `uploaded` are fresh ones, added to what the page says. `today` is the business day
    (default: today in China).
    """
    prefill = prefill or {}
    command = incoming.command_of(data)
    answers = _gather(form, data, draft)
    incoming.apply(form, answers, command, prefill)
    known_files = dict(files or {})
    for path, infos in (uploaded or {}).items():
        known_files.update({info.id: info for info in infos})
        before = answers.raw.get(path) or []
        answers.raw[path] = [*(before if isinstance(before, list) else [before]), *(info.id for info in infos)]
    walk = _Walk(answers, prefill, known_files, today or datetime.now(CITY_TIME).date())
    sections = tuple(bound for section in form.sections if (bound := walk.section(section)) is not None)
    form_errors, by_path = judge(form, walk.values, walk.rows, walk.wrong, walk.reading.today)
    return BoundForm(
        form=form,
        sections=tuple(_with_errors(section, by_path) for section in sections),
        form_errors=(*answers.problems, *form_errors),
        answers=answers,
        submitted=data is not None,
        command=command,
        today=walk.reading.today,
        files=known_files,
        removed=tuple(walk.removed),
    )


def _gather(form: Form, data: PostedPage | Mapping[str, Any] | None, draft: Mapping[str, Any] | None) -> Answers:
    kept = incoming.read_json(form, draft) if draft else Answers()
    # A draft outlives changes of the form; what it still holds of a dropped field is no mistake of the applicant's.
    kept.problems.clear()
    if data is None:
        return kept
    if isinstance(data, PostedPage):
        return incoming.merge(form, incoming.read_page(form, data), kept)
    return incoming.read_json(form, data)


def _with_errors(section: BoundSection, by_path: Mapping[str, list[FieldError]]) -> BoundSection:
    if not by_path:
        return section
    rows = tuple(
        replace(row, fields=tuple(replace(item, errors=(*item.errors, *by_path.get(item.path, ()))) for item in row.fields))
        for row in section.rows
    )
    return replace(section, rows=rows)


@dataclass
class _Walk:
    """One pass over the form in page order; a condition or expression sees the values before it."""

    answers: Answers
    prefill: Mapping[str, Prefilled]
    files: dict[str, FileInfo]
    today: date
    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    removed: list[Claim] = field(default_factory=list)

    @property
    def reading(self) -> Reading:
        """What reading an answer of the form itself depends on."""
        return Reading(self.today, self.files, self.values)

    def section(self, section: Section) -> BoundSection | None:
        """The section with its answers, or None when its condition does not hold."""
        if not holds(section.when, self.values):
            return None
        if section.repeat is None:
            fields = self._fields(section, None, self.values)
            return BoundSection(section, (BoundRow(None, fields),))
        numbers = self._numbers(section)
        self.rows[section.key] = []
        rows = []
        for number in numbers:
            own: dict[str, Any] = {}
            rows.append(BoundRow(number, self._fields(section, number, own)))
            self.rows[section.key].append((number, own))
        return BoundSection(section, tuple(rows), self._count_errors(section, len(numbers)))

    def _numbers(self, section: Section) -> list[int]:
        known = incoming.prefilled_rows(section, self.prefill)
        if section.key in self.answers.rows:
            numbers = self.answers.rows[section.key]
            for number in known:
                if number not in numbers:
                    self.removed.append(self._removal(section, number))
            return numbers
        least = section.repeat.min if section.repeat else 0
        numbers = list(known)
        while len(numbers) < least:
            numbers.append(max(numbers, default=-1) + 1)
        # Written down so that a button pressed next counts from the rows the person saw.
        self.answers.rows[section.key] = numbers
        return numbers

    def _removal(self, section: Section, number: int) -> Claim:
        paths = {item.key: path_of(section, number, item.key) for item in section.fields}
        known = {key: self.prefill[path] for key, path in paths.items() if path in self.prefill}
        first = next(iter(known.values()))
        old = {key: value.value.isoformat() if isinstance(value.value, date) else value.value for key, value in known.items()}
        source = next((item.source for item in section.fields if item.key in known), "")
        label = (section.repeat.label if section.repeat else "") or section.title
        return Claim(f"{section.key}-{number}", source, label, old, None, first.source_label, first.as_of)

    def _count_errors(self, section: Section, count: int) -> tuple[FieldError, ...]:
        repeat = section.repeat
        if repeat is not None and count < repeat.min:
            hint = gettext_noop("Add an entry with the button below the list.")
            return (
                FieldError(section.key, "TOO_FEW_ROWS", gettext_noop("At least %(min)s entries are needed."), {"min": repeat.min}, hint),
            )
        if repeat is not None and count > repeat.max:
            return (FieldError(section.key, "TOO_MANY_ROWS", gettext_noop("At most %(max)s entries are possible."), {"max": repeat.max}),)
        return ()

    def _fields(self, section: Section, number: int | None, own: dict[str, Any]) -> tuple[BoundField, ...]:
        found = []
        for spec in section.fields:
            scope = self.values if number is None else self.values | dict.fromkeys(f.key for f in section.fields) | own
            if not holds(spec.when, scope):
                continue
            bound = (
                self._computed(spec, section, number, scope)
                if spec.type is FieldType.COMPUTED
                else self._read(spec, section, number, scope)
            )
            own[spec.key] = bound.value
            if bound.errors:
                self.wrong.add(bound.path)
            found.append(bound)
        return tuple(found)

    def _computed(self, spec: Field, section: Section, number: int | None, scope: Mapping[str, Any]) -> BoundField:
        rows = {key: [row for _, row in found] for key, found in self.rows.items()}
        value = None
        try:
            result = evaluate(spec.expr, scope, today=self.today, rows=rows)
            value = None if result is None else kind_of(FieldType.COMPUTED).read(spec, result, self.reading)
        except (ExpressionError, LinliError):
            # Not computable yet: some value it needs is missing. That value's own field says so where it matters.
            value = None
        return BoundField(path_of(section, number, spec.key), spec, section, number, "", value, "computed")

    def _read(self, spec: Field, section: Section, number: int | None, scope: Mapping[str, Any]) -> BoundField:
        path = path_of(section, number, spec.key)
        kind = kind_of(spec.type)
        reading = Reading(self.today, self.files, scope)
        prefilled = self._prefilled(spec, path)
        sent = path in self.answers.raw
        raw = self.answers.raw.get(path)
        known, known_value = self._known(spec, prefilled, reading)
        if prefilled is not None and not known and not sent:
            # The source holds something that would not pass: ask, but start from it.
            raw = prefilled.value if isinstance(prefilled.value, (str, list)) else None
        blank = kind.blank(raw)
        value, errors = (None, ()) if blank else _try(spec, path, raw, reading)
        state: State = "asked"
        if known:
            assert prefilled is not None  # noqa: S101 - for the type checker; known implies it
            locked = prefilled.locked or not spec.editable
            differs = sent and not (not errors and value == known_value)
            if locked:
                errors = (_locked(path, prefilled),) if differs and not blank else ()
                return BoundField(
                    path, spec, section, number, kind.dump(known_value), known_value, "locked", prefilled, known_value, errors
                )
            if path not in self.answers.correcting and not differs:
                return BoundField(path, spec, section, number, kind.dump(known_value), known_value, "known", prefilled, known_value)
            state = "correcting"
            if not sent:
                raw, value, errors, blank = kind.dump(known_value), known_value, (), False
        if blank and spec.required:
            errors = (_required(spec, path),)
        return BoundField(path, spec, section, number, raw, value, state, prefilled, known_value if known else None, errors)

    def _prefilled(self, spec: Field, path: str) -> Prefilled | None:
        """What the source says, as coarse as the form asks."""
        found = self.prefill.get(path)
        return None if found is None else replace(found, value=fit(spec, found.value))

    def _known(self, spec: Field, prefilled: Prefilled | None, reading: Reading) -> tuple[bool, Any]:
        """Whether a usable value is known, and which. A value the source has but the form would refuse is not known."""
        kind = kind_of(spec.type)
        if prefilled is None or kind.blank(prefilled.value):
            return False, None
        try:
            return True, kind.read(spec, prefilled.value, reading)
        except LinliError:
            return False, None


def _try(spec: Field, path: str, raw: Any, reading: Reading) -> tuple[Any, tuple[FieldError, ...]]:
    try:
        return kind_of(spec.type).read(spec, raw, reading), ()
    except LinliError as error:
        return None, (FieldError(path, error.code, error.message, error.data, error.hint),)


def _required(spec: Field, path: str) -> FieldError:
    if spec.type is FieldType.STATEMENT:
        return FieldError(path, "REQUIRED", gettext_noop("Tick the box to agree; without it the form cannot be sent."))
    if spec.type is FieldType.FILE:
        return FieldError(path, "REQUIRED", gettext_noop("Attach “%(label)s”."), {"label": spec.label})
    return FieldError(path, "REQUIRED", gettext_noop("Fill in “%(label)s”."), {"label": spec.label})


def _locked(path: str, prefilled: Prefilled) -> FieldError:
    return FieldError(
        path,
        "LOCKED",
        gettext_noop("This value comes from %(source)s and cannot be changed in this form."),
        {"source": prefilled.source_label},
        gettext_noop("If it is wrong, ask the office that keeps it to correct it."),
    )
