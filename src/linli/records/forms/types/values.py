"""Small frozen values that pass between the engine and its callers: errors, prefilled answers, claims, files, steps, printed lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from linli.lib.errors import Invalid


@dataclass(frozen=True)
class Problem:
    """One mistake in a form definition: where (`sections.applicant.fields.name`) and what."""

    path: str
    message: str


class FormDefinitionError(Invalid):
    """A form definition is wrong; `problems` lists every mistake found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        report = "; ".join(f"{problem.path}: {problem.message}" for problem in problems)
        super().__init__(
            "FORM_DEFINITION",
            "The form definition has mistakes: %(report)s",
            hint="Correct the definition and load it again.",
            data={"report": report},
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return FormDefinitionError, (list(self.problems),)


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one answer. `message` and `hint` are msgids with `%(name)s` placeholders filled from `params`.

    `path` is the name of the field in the page (`members-0-income`), a section key for its number of rows, or "" for the whole form.
    """

    path: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""

    def text(self, translate: Callable[[str], str]) -> str:
        """The message for a person."""
        return _filled(translate(self.message), self.params)

    def next_step(self, translate: Callable[[str], str]) -> str:
        """What to do about it, or ""."""
        return _filled(translate(self.hint), self.params) if self.hint else ""


def _filled(text: str, params: Mapping[str, Any]) -> str:
    return text % params if params else text


@dataclass(frozen=True)
class Prefilled:
    """An answer that is already known: the value (native or JSON), who says so, since when, and whether this form may dispute it.

    A `private` one belongs to somebody else than the person at the page: it is masked even where her own data stand in full.
    """

    value: Any
    source_label: str
    as_of: date | None = None
    locked: bool = False
    private: bool = False


@dataclass(frozen=True)
class Claim:
    """A known answer that the applicant disputes; goes back to the source with provenance. Values are JSON-safe; `new` None = removed."""

    path: str
    source: str
    label: str
    old: Any
    new: Any
    source_label: str
    as_of: date | None


@dataclass(frozen=True)
class FileInfo:
    """A stored upload as the files app knows it; `size` in bytes, `content_type` as found in the content."""

    id: str
    name: str
    size: int
    content_type: str


CommandKind = Literal["add", "remove", "correct", "keep", "remove_file", "step", "refresh"]


@dataclass(frozen=True)
class Command:
    """A button of the form other than submit: the page is shown again, nothing is judged as final."""

    kind: CommandKind
    target: str = ""


@dataclass(frozen=True)
class Step:
    """One page of a form shown section by section; `index` counts from 1 and the last one is the review page (key "review")."""

    key: str
    title: str
    index: int
    total: int
    state: Literal["done", "current", "errors", "open"]


@dataclass(frozen=True)
class PlainLine:
    """One answer as it is read or printed."""

    section: str
    label: str
    value: str
    path: str
    masked: bool = False


@dataclass(frozen=True)
class Change:
    """One difference between two definitions: `kind` is added, removed, changed or moved."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    old: Any = None
    new: Any = None
