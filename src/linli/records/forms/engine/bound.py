"""A form together with the answers given so far: what is shown, what is known, what is wrong, and what can be made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.records.forms.types import Claim, Command, Field, FieldError, FileInfo, Form, Prefilled, Section

from .incoming import Answers, draft_of
from .kinds import kind_of

State = Literal["asked", "known", "locked", "correcting", "computed"]


class FormErrors(Invalid):
    """The answers break rules; `errors` lists them field by field."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        self.errors = errors
        super().__init__(
            "FORM_ERRORS",
            gettext_noop("Some answers need correcting."),
            field=errors[0].path if errors else None,
            hint=gettext_noop("Read the note beside each field, correct it and send the form again."),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return FormErrors, (self.errors,)


@dataclass(frozen=True)
class BoundField:
    """One question as asked of this person.

    `raw` is what an input shows, `value` the native value (None when blank or wrong), `state` how the page treats it: asked; known (shown
    with its source, may be corrected); locked (known, not to be disputed here); correcting (known, being disputed); computed.
    """

    path: str
    spec: Field
    section: Section
    row: int | None
    raw: Any
    value: Any
    state: State
    prefilled: Prefilled | None = None
    known_value: Any = None
    errors: tuple[FieldError, ...] = ()

    @property
    def json(self) -> Any:
        """The value as JSON, None when there is none."""
        return None if self.value is None else kind_of(self.spec.type).dump(self.value)

    @property
    def display(self) -> str:
        """The value for a person, "" when there is none."""
        return "" if self.value is None else kind_of(self.spec.type).show(self.spec, self.value)


@dataclass(frozen=True)
class BoundRow:
    """One entry of a repeating section, or the only one (`number` None) of an ordinary section."""

    number: int | None
    fields: tuple[BoundField, ...]


@dataclass(frozen=True)
class BoundSection:
    """A section that is shown to this person."""

    spec: Section
    rows: tuple[BoundRow, ...]
    errors: tuple[FieldError, ...] = ()

    @property
    def fields(self) -> Iterator[BoundField]:
        """All fields of all rows."""
        return (item for row in self.rows for item in row.fields)


@dataclass(frozen=True)
class BoundForm:
    """The result of `bind`. Sections and fields whose condition does not hold are not in it."""

    form: Form
    sections: tuple[BoundSection, ...]
    form_errors: tuple[FieldError, ...]
    answers: Answers
    submitted: bool
    command: Command | None
    today: date
    files: dict[str, FileInfo] = field(default_factory=dict)
    removed: tuple[Claim, ...] = ()

    @property
    def fields(self) -> Iterator[BoundField]:
        """All fields shown."""
        return (item for section in self.sections for item in section.fields)

    def field(self, path: str) -> BoundField | None:
        """The field of this path, or None when it does not exist or is not shown."""
        return next((item for item in self.fields if item.path == path), None)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """Everything that is wrong, in the order of the page."""
        found = list(self.form_errors)
        for section in self.sections:
            found.extend(section.errors)
            for item in section.fields:
                found.extend(item.errors)
        return tuple(found)

    def errors_in(self, section: str) -> tuple[FieldError, ...]:
        """What is wrong in one section (one step of the portal)."""
        return tuple(
            error
            for found in self.sections
            if found.spec.key == section
            for error in (*found.errors, *(e for f in found.fields for e in f.errors))
        )

    @property
    def ok(self) -> bool:
        """Whether the form was sent (not merely refreshed or a row added) and nothing is wrong."""
        return self.submitted and self.command is None and not self.errors

    def clean(self) -> dict[str, Any]:
        """JSON-safe values: days as ISO text, decimals as text, rows as lists. Raises FormErrors.

        A question that was shown and left open is None; one that was not shown is absent.
        """
        if self.errors:
            raise FormErrors(self.errors)
        return self.values()

    def values(self) -> dict[str, Any]:
        """Like `clean`, but as far as it goes: wrong answers are None."""
        found: dict[str, Any] = {}
        for section in self.sections:
            if section.spec.repeat is None:
                found.update({item.spec.key: item.json for item in section.fields})
            else:
                found[section.spec.key] = [{item.spec.key: item.json for item in row.fields} for row in section.rows]
        return found

    def draft(self) -> dict[str, Any]:
        """What was typed, right or wrong, as JSON: store it and hand it to `bind` as `draft` to go on later."""
        return draft_of(self.form, self.answers)

    def known(self) -> list[BoundField]:
        """What need not be asked: known answers that are not being corrected."""
        return [item for item in self.fields if item.state in ("known", "locked")]

    def missing(self) -> list[BoundField]:
        """What must still be asked: questions whose answer nobody knew, answered by now or not."""
        return [item for item in self.fields if item.state == "asked"]

    def claims(self) -> list[Claim]:
        """Known answers that were changed, cleared or removed; they go back to their source as claims."""
        changed = [
            Claim(
                path=item.path,
                source=item.spec.source,
                label=item.spec.label,
                old=kind_of(item.spec.type).dump(item.known_value),
                new=item.json,
                source_label=item.prefilled.source_label,
                as_of=item.prefilled.as_of,
            )
            for item in self.fields
            if item.state == "correcting" and item.prefilled is not None and not item.errors and item.value != item.known_value
        ]
        return [*changed, *self.removed]
