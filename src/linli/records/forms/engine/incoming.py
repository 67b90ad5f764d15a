"""What came in - a posted page, a JSON document or a stored draft - brought into one shape before anything is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, runtime_checkable

from django.utils.translation import gettext_noop

from linli.records.forms.types import Command, Field, FieldError, Form, Prefilled, Section
from linli.records.forms.types.values import CommandKind

from .kinds import kind_of

ROW: Final = re.compile(r"([a-z][a-z0-9_]*)-(\d{1,4})(?:-|$)")
_COMMANDS: Final[tuple[CommandKind, ...]] = ("add", "remove", "correct", "keep", "remove_file", "step", "refresh")
_OWN_KEYS: Final = frozenset({"_row", "_correcting", "_seen"})


@runtime_checkable
class PostedPage(Protocol):
    """The part of Django's QueryDict that is used."""

    def getlist(self, key: str) -> list[Any]:
        """All values sent under one name."""

    def __iter__(self) -> Iterator[str]:
        """The names sent."""


@dataclass
class Answers:
    """Raw answers by path, rows by section (their numbers are names, not positions: they survive removals), and what is being corrected."""

    raw: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    correcting: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    problems: list[FieldError] = field(default_factory=list)
    at: str = ""
    """The step the page showed, "" when it showed the whole form."""
    judged: bool = False
    """Whether the page already showed what was wrong."""


def path_of(section: Section, row: int | None, key: str) -> str:
    """The name of an answer in a page."""
    return key if row is None else f"{section.key}-{row}-{key}"


def prefilled_rows(section: Section, prefill: Mapping[str, Prefilled]) -> list[int]:
    """Numbers of the rows of a repeating section that are already known, in the order in which the source gave them."""
    found = (ROW.match(path) for path in prefill)
    return list(dict.fromkeys(int(match[2]) for match in found if match and match[1] == section.key))


def command_of(data: object) -> Command | None:
    """The button that was pressed, unless it was plain submit."""
    if not isinstance(data, PostedPage):
        return None
    for kind in _COMMANDS:
        values = data.getlist(f"_{kind}")
        if values:
            return Command(kind, str(values[-1])[:200])
    return None


def read_json(form: Form, data: Mapping[str, Any]) -> Answers:
    """Answers of a nested document (an API request or a stored draft); unknown keys are reported, not ignored."""
    answers = Answers()
    answers.correcting = {str(path) for path in _sequence(data.get("_correcting"))}
    answers.seen = {str(key) for key in _sequence(data.get("_seen"))}
    known = {item.key for section in form.sections if section.repeat is None for item in section.fields}
    for section in form.sections:
        if section.repeat is None:
            for item in section.fields:
                if item.key in data:
                    answers.raw[item.key] = data[item.key]
        elif section.key in data:
            known.add(section.key)
            _read_rows(section, data[section.key], answers)
        else:
            known.add(section.key)
    answers.problems.extend(_unknown("", key) for key in data if key not in known and key not in _OWN_KEYS)
    return answers


def _read_rows(section: Section, rows: Any, answers: Answers) -> None:
    if rows is None:
        rows = []
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not all(isinstance(row, Mapping) for row in rows):
        answers.problems.append(FieldError(section.key, "NOT_A_LIST", gettext_noop("This must be a list of entries.")))
        return
    most = section.repeat.max if section.repeat else 0
    keys = {item.key for item in section.fields}
    numbers: list[int] = []
    for position, row in enumerate(rows[: most + 1]):
        number = row.get("_row", position)
        number = number if isinstance(number, int) and 0 <= number <= 9999 and number not in numbers else max(numbers, default=-1) + 1
        numbers.append(number)
        for key, value in row.items():
            if key in keys:
                answers.raw[path_of(section, number, key)] = value
            elif key not in _OWN_KEYS:
                answers.problems.append(_unknown(f"{section.key}-{number}-", key))
    answers.rows[section.key] = numbers


def _unknown(prefix: str, key: object) -> FieldError:
    name = str(key)[:60]
    return FieldError(f"{prefix}{name}", "UNKNOWN_FIELD", gettext_noop("The form has no field “%(name)s”."), {"name": name})


def _sequence(value: Any) -> Sequence[Any]:
    return value[:1000] if isinstance(value, (list, tuple)) else ()


def read_page(form: Form, data: PostedPage) -> Answers:
    """Answers of a posted page.

    `_section` says which sections the page held (not said: all; the review page holds none and says "review"), `_rows` which rows of
    repeating sections, `_correcting` which known fields were open for correction.
    """
    answers = Answers()
    held = {str(key) for key in data.getlist("_section")}
    sections = [section for section in form.sections if not held or section.key in held]
    answers.correcting = {str(path) for path in data.getlist("_correcting")}
    answers.at = str((data.getlist("_at") or [""])[-1])
    answers.judged = bool(data.getlist("_judged"))
    answers.seen = {section.key for section in sections}
    names = set(data)
    for section in sections:
        if section.repeat is None:
            for item in section.fields:
                _read_field(item, item.key, data, names, answers)
            continue
        answers.rows[section.key] = _posted_rows(section, data, names)
        for number in answers.rows[section.key]:
            for item in section.fields:
                _read_field(item, path_of(section, number, item.key), data, names, answers)
    return answers


def _posted_rows(section: Section, data: PostedPage, names: set[str]) -> list[int]:
    listed = [ROW.match(str(value)) for value in data.getlist("_rows")]
    found = sorted((match for match in (ROW.match(name) for name in names) if match), key=lambda match: int(match[2]))
    numbers = [int(match[2]) for match in [*listed, *found] if match and match[1] == section.key]
    most = section.repeat.max if section.repeat else 0
    return list(dict.fromkeys(numbers))[: most + 1]


def _read_field(item: Field, path: str, data: PostedPage, names: set[str], answers: Answers) -> None:
    kind = kind_of(item.type)
    if kind.parts:
        parts = {part: data.getlist(f"{path}__{part}")[-1] for part in kind.parts if f"{path}__{part}" in names}
        if parts:
            answers.raw[path] = parts
            return
    elif path in names:
        values = data.getlist(path)
        answers.raw[path] = values if kind.many else values[-1] if values else ""
        return
    if path in answers.correcting:
        # The page held the input and the browser sent nothing for it: unticked boxes, no radio chosen.
        answers.raw[path] = [] if kind.many else ""


def merge(form: Form, page: Answers, draft: Answers) -> Answers:
    """The page over the draft: sections the page held are the page's alone."""
    kept = Answers(problems=draft.problems + page.problems, seen=draft.seen | page.seen, at=page.at, judged=page.judged)
    for section in form.sections:
        source = page if section.key in page.seen else draft
        if section.key in source.rows:
            kept.rows[section.key] = source.rows[section.key]
        prefix = f"{section.key}-"
        keys = {item.key for item in section.fields} if section.repeat is None else set()

        def belongs(path: str, prefix: str = prefix, keys: set[str] = keys) -> bool:
            return path in keys if keys else path.startswith(prefix)

        kept.raw.update({path: raw for path, raw in source.raw.items() if belongs(path)})
        kept.correcting.update(path for path in source.correcting if belongs(path))
    return kept


def apply(form: Form, answers: Answers, command: Command | None, prefill: Mapping[str, Prefilled]) -> None:
    """Carry out a button of the form on the answers."""
    if command is None:
        return
    if command.kind == "add":
        _add_row(form, answers, command.target, prefill)
    elif command.kind == "remove":
        match = ROW.fullmatch(command.target)
        if match and int(match[2]) in answers.rows.get(match[1], []):
            answers.rows[match[1]].remove(int(match[2]))
            for path in [path for path in answers.raw if path.startswith(f"{command.target}-")]:
                del answers.raw[path]
    elif command.kind == "correct":
        answers.correcting.add(command.target)
    elif command.kind == "keep":
        answers.correcting.discard(command.target)
        answers.raw.pop(command.target, None)
    elif command.kind == "remove_file":
        path, _, file_id = command.target.partition(":")
        raw = answers.raw.get(path)
        if isinstance(raw, list):
            answers.raw[path] = [item for item in raw if item != file_id]


def _add_row(form: Form, answers: Answers, key: str, prefill: Mapping[str, Prefilled]) -> None:
    section = form.section(key)
    if section is None or section.repeat is None:
        return
    numbers = answers.rows.setdefault(key, [])
    if len(numbers) < section.repeat.max:
        # A number that a removed known row had must not come back, or the new row would show the removed one's values.
        numbers.append(max([*numbers, *prefilled_rows(section, prefill)], default=-1) + 1)


def draft_of(form: Form, answers: Answers) -> dict[str, Any]:
    """The raw answers as JSON, to be stored and bound again as `draft`."""
    draft: dict[str, Any] = {"_correcting": sorted(answers.correcting), "_seen": sorted(answers.seen)}
    for section in form.sections:
        if section.repeat is None:
            draft.update({item.key: answers.raw[item.key] for item in section.fields if item.key in answers.raw})
        elif section.key in answers.rows:
            draft[section.key] = [
                {"_row": number} | {f.key: answers.raw[p] for f in section.fields if (p := path_of(section, number, f.key)) in answers.raw}
                for number in answers.rows[section.key]
            ]
    return draft
