"""What an office wrote into the form of a step: from the application, the days of the step and the pack's words (packs: demo/step_forms.yaml)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from linli.cases.casefile.engine.stamp_answers import Applicant, Profile, from_profile, maker_of
from linli.records.forms.engine.conditions import holds
from linli.records.forms.engine.expressions import ExpressionError, evaluate
from linli.records.forms.engine.incoming import path_of, prefilled_rows
from linli.records.forms.types import Field, FieldType, Form, Prefilled, Section


@dataclass(frozen=True)
class StepProfile:
    """What is written into one form: words for every case, and kinds of case (share, outcome they belong to or "", words that go first)."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    cases: Sequence[tuple[float, str, Mapping[str, Any]]] = ()
    pictures: int = 0


@dataclass(frozen=True)
class Situation:
    """What whoever fills in the form knows: the applicant, the day, answers of the application and of earlier steps, and their rows."""

    who: Applicant
    day: date
    outcome: str
    values: Mapping[str, Any]
    rows: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What the application says to the form, by path (JSON values); of it ``on_page`` is what its page knows by itself and nobody writes."""

    values: Mapping[str, Prefilled]
    on_page: Collection[str]


Teller = Callable[[Situation, Random], Any]


class StepWriter:
    """Fills one form for case after case; two cases that follow each other get different sentences."""

    def __init__(self, form: Form, profile: StepProfile) -> None:
        self._form = form
        shared = {key: told(given) for key, given in profile.answers.items()}
        kinds = profile.cases or ((1.0, "", {}),)
        self._kinds = [(share, outcome, {**shared, **{key: told(given) for key, given in own.items()}}) for share, outcome, own in kinds]
        self._plain = {(s.key, f.key): _by_itself(f) for s in form.sections for f in s.fields}

    def fill(self, at: Situation, rng: Random, known: Known, *, sections: int | None = None) -> dict[str, Any]:
        """Answers of a form as JSON, without attachments. ``sections``: only the first of them."""
        tellers = self._chosen(at.outcome, rng)
        answers: dict[str, Any] = {}
        for section in self._form.sections[:sections]:
            if not holds(section.when, answers):
                continue
            if section.repeat is None:
                answers |= self._row(section, None, at, rng, known, tellers)
                continue
            numbers = prefilled_rows(section, known.values)
            while len(numbers) < section.repeat.min:
                numbers.append(max(numbers, default=-1) + 1)
            answers[section.key] = [{"_row": number, **self._row(section, number, at, rng, known, tellers)} for number in numbers]
        return answers

    def _chosen(self, outcome: str, rng: Random) -> Mapping[str, Teller]:
        fitting = [kind for kind in self._kinds if kind[1] in ("", outcome)] or self._kinds
        return rng.choices([tellers for _, _, tellers in fitting], [share for share, _, _ in fitting])[0]

    def _row(
        self,
        section: Section,
        number: int | None,
        at: Situation,
        rng: Random,
        known: Known,
        tellers: Mapping[str, Teller],
    ) -> dict[str, Any]:
        """Answers of one section, or of one row of it, each in sight of those before it."""
        written: dict[str, Any] = {}
        seen = dict(at.values)
        for item in section.fields:
            if item.type in (FieldType.FILE, FieldType.COMPUTED) or not holds(item.when, seen):
                continue
            path = path_of(section, number, item.key)
            if path in known.values:
                seen[item.key] = known.values[path].value
                if path not in known.on_page:
                    written[item.key] = seen[item.key]
                continue
            teller = tellers.get(item.key) or self._plain[section.key, item.key]
            value = teller(replace(at, values=seen), rng)
            if value not in (None, ""):
                seen[item.key] = written[item.key] = value
        return written


def _by_itself(item: Field) -> Teller:
    """A field the pack has no words for, as applications are filled."""
    make = maker_of(item, Profile("", 0.0))
    return lambda at, rng: make(at.who, rng, at.day)


def told(given: Any) -> Teller:
    """The pack's way of saying how a field is answered; demo/step_forms.yaml explains it."""
    if isinstance(given, Mapping) and "said" in given:
        return _computed(str(given["said"]), given.get("plus"))
    if isinstance(given, Mapping) and "by" in given:
        return _by_answer(str(given["by"]), {str(key): told(one) for key, one in given["cases"].items()})
    if isinstance(given, Mapping) and "text" in given:
        return _joined([_Deck([str(one) for one in part]) for part in given["text"]])
    if isinstance(given, str):
        return _joined([_Deck([given])])
    if isinstance(given, list) and all(isinstance(one, str) for one in given):
        return _joined([_Deck(given)])
    make = from_profile(given)
    return lambda at, rng: make(at.who, rng, at.day)


class _Deck:
    """Sentences to choose from, never the same twice running where there are two. (One choice of codes is a deck as well.)"""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._sentences, self._before = sentences, -1
        self._words = len(set(sentences)) == len(sentences) > 1  # what is listed several times is a code, by how often it is

    def draw(self, rng: Random) -> str:
        place = int(rng.random() * len(self._sentences))
        if self._words and place == self._before:
            place = (place + 1 + int(rng.random() * (len(self._sentences) - 1))) % len(self._sentences)
        self._before = place
        return self._sentences[place]


def _joined(decks: Sequence[_Deck]) -> Teller:
    return lambda at, rng: "".join([deck.draw(rng) for deck in decks]).format_map(
        _InWords({"day": at.day, "outcome": at.outcome, **at.values})
    )


class _InWords(dict[str, Any]):
    """Values of the case in a sentence; what nobody said leaves no trace."""

    def __getitem__(self, key: str) -> str:
        return in_words(self.get(key))


def in_words(value: Any) -> str:
    """An answer in a sentence: amounts without empty decimals."""
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return "" if value is None else str(value)


def _computed(expr: str, plus: Sequence[int] | None) -> Teller:
    """An expression of the forms over what is known; ``plus`` adds a round number of [first, last, step]. Nothing where something is missing."""
    more = from_profile({"number": plus}) if plus else None

    def tell(at: Situation, rng: Random) -> Any:
        try:
            value = evaluate(expr, {"day": at.day, "outcome": at.outcome, **at.values}, today=at.day, rows=at.rows)
        except ExpressionError:
            return None
        if more is not None and value is not None:
            value = Decimal(value) + Decimal(more(at.who, rng, at.day))
        return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value

    return tell


def _by_answer(name: str, branches: Mapping[str, Teller]) -> Teller:
    """Goes by an earlier answer: one that is exactly this, else the first that holds it."""

    def tell(at: Situation, rng: Random) -> Any:
        said = at.outcome if name == "outcome" else in_words(at.values.get(name))
        branch = branches.get(said) or next((one for key, one in branches.items() if key in said), None)
        return branch(at, rng) if branch else None

    return tell
