"""A layout made from a file: what stands in its columns, what they seem to be, and the layout that follows from what somebody says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from linli.lib import codes
from linli.lib.errors import Invalid
from linli.lib.names import split_surname
from linli.registry.imports.engine.cells import clean, says_nothing
from linli.registry.imports.engine.reading import Table
from linli.registry.imports.engine.values import Reader, reader_of
from linli.registry.imports.types import Choice, Column, Kind, heading_key, kind_of
from linli.registry.imports.types import Mapping as Layout
from linli.registry.people.types import CODES

LOOKED_AT = 20_000
"""Rows whose values are counted."""
DIFFERENT = 2_000
"""Different values of a column that are counted; a column with more holds no codes."""
SHOWN = 80
"""Values of a column that are offered to be translated, the most frequent first."""
SURE = 0.9
"""The share of a column's cells that must read as an attribute for it to be proposed."""
NAMES = frozenset({2, 3, 4})
"""Characters of nearly all Chinese names."""
TELLING = ("id_number", "phone", "sex", "ethnicity", "bank_account")
"""What a column is known by from its cells alone, the surest first; names come after them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A column of the file: cells that say something, and its values with how often they stand there."""

    heading: str
    filled: int
    values: tuple[tuple[str, int], ...]
    different: int

    @property
    def many(self) -> bool:
        return self.different >= DIFFERENT


@dataclass(frozen=True, slots=True)
class Sight:
    """What was looked at of a file: ``rows`` at most `LOOKED_AT`, ``first`` some of them as they stand."""

    rows: int
    columns: tuple[Seen, ...]
    first: tuple[tuple[int, list[str]], ...]


def look(table: Table, *, rows: int = LOOKED_AT, first: int = 10) -> Sight:
    """Read the beginning of a file and count its values."""
    counts: list[Counter[str]] = [Counter() for _ in table.headings]
    kept: list[tuple[int, list[str]]] = []
    total = 0
    for number, cells in islice(table.rows(), rows):
        total += 1
        if len(kept) < first:
            kept.append((number, cells))
        for counter, cell in zip(counts, cells, strict=False):
            text = clean(cell)
            if text and (len(counter) < DIFFERENT or text in counter):
                counter[text] += 1
    columns = zip(table.headings, counts, strict=True)
    return Sight(total, tuple(Seen(h, c.total(), tuple(c.most_common(SHOWN)), len(c)) for h, c in columns if h), tuple(kept))


@dataclass(frozen=True)
class Known:
    """What the layouts there are know, those first asked first: columns by heading and by attribute."""

    layouts: tuple[Layout, ...]
    _by_heading: dict[str, Column] = field(default_factory=dict)
    _by_attribute: dict[str, Column] = field(default_factory=dict)

    @classmethod
    def of(cls, layouts: Iterable[Layout], *, first: str = "", source: str = "") -> Known:
        """``first``: the code of the layout that is being changed; then those of the same source."""
        found = cls(tuple(sorted(layouts, key=lambda one: (one.code != first, one.source != source))))
        for column in (column for one in found.layouts for column in one.columns):
            for heading in column.headings:
                found._by_heading.setdefault(heading_key(heading), column)
            found._by_attribute.setdefault(column.attribute, column)
        return found

    def column(self, heading: str) -> Column | None:
        return self._by_heading.get(heading_key(heading))

    def like(self, attribute: str) -> Column | None:
        return self._by_attribute.get(attribute) if attribute else None

    def table_of(self, attribute: str) -> str:
        """The code table of an attribute; empty for one whose codes are only listed."""
        like = self.like(attribute)
        return CODES.get(attribute) or (like.table if like else "")

    def targets(self, attribute: str) -> list[tuple[str, str]]:
        """Codes an office's value may be translated into, with words."""
        table = self.table_of(attribute)
        if table:
            return codes.table(table).choices()
        found: dict[str, str] = {}
        for column in (column for one in self.layouts for column in one.columns if column.attribute == attribute):
            for said, code in column.codes.items():
                if code and (not said.isdecimal() or code not in found):
                    found.setdefault(code, said)
        return list(found.items())


def proposed(sight: Sight, known: Known, *, today: date) -> list[Choice]:
    """What each column seems to be: by its heading, as other layouts call it, else by what stands in it."""
    found = [_by_heading(seen, known) for seen in sight.columns]
    used = {choice.attribute for choice in found}
    for place, seen in enumerate(sight.columns):
        if not found[place].attribute and known.column(seen.heading) is None and (name := _by_content(seen, known, used, today)):
            used.add(name)
            found[place] = chosen(seen.heading, name, known)
    return found


def _by_heading(seen: Seen, known: Known) -> Choice:
    column = known.column(seen.heading)
    if column is None or not column.attribute:
        return Choice(seen.heading)
    return Choice(seen.heading, column.attribute, column.required, column.formats, dict(column.codes))


def chosen(heading: str, attribute: str, known: Known, *, required: bool | None = None) -> Choice:
    """A heading that is to be read as an attribute, with what other layouts know of that."""
    like = known.like(attribute)
    obliged = attribute == "name" if required is None else required
    return Choice(heading, attribute, obliged, (), dict(like.codes) if like and like.kind is Kind.CODE else {})


def _by_content(seen: Seen, known: Known, used: set[str], today: date) -> str:
    if not seen.values:
        return ""
    for attribute in TELLING:
        if attribute not in used and _reads(seen, column_of([chosen(seen.heading, attribute, known)], known), today):
            return attribute
    total = sum(count for _, count in seen.values)
    names = sum(count for text, count in seen.values if len(text) in NAMES and split_surname(text)[0] and not text.isascii())
    return "name" if "name" not in used and seen.different > 5 and names >= SURE * total else ""


def _reads(seen: Seen, column: Column, today: date) -> bool:
    read = reader_of(column, today=today, regions=None)
    total = sum(count for _, count in seen.values)
    return sum(count for text, count in seen.values if _read(read, text)) >= SURE * total


def _read(read: Reader, text: str) -> str | None:
    """None: it cannot be read."""
    try:
        return read(text)
    except Invalid:
        return None


def column_of(choices: Sequence[Choice], known: Known, *, further: Iterable[str] = ()) -> Column:
    """One column of the headings that are read as the same attribute; ``further`` are spellings of other files."""
    first, headings = choices[0], dict.fromkeys([*(choice.heading for choice in choices), *further])
    kind, like = kind_of(first.attribute) if first.attribute else Kind.TEXT, known.like(first.attribute)
    said = {value: code for choice in reversed(choices) for value, code in choice.codes.items()} if kind is Kind.CODE else {}
    return Column(
        headings=tuple(headings),
        attribute=first.attribute,
        kind=kind,
        table=known.table_of(first.attribute) if kind is Kind.CODE else "",
        codes=said,
        endings=like.endings if like and kind is Kind.CODE else (),
        required=any(choice.required for choice in choices) and bool(first.attribute),
        formats=tuple(dict.fromkeys(form for choice in choices for form in choice.formats)),
    )


def layout_of(code: str, name: str, source: str, choices: Sequence[Choice], known: Known, *, key: str = "", as_of: str = "") -> Layout:
    """The layout that follows from the choices. Of the layout of the same code, spellings and columns this file does not have are kept.

    ValueError (pydantic's) when it is none.
    """
    before = next((one for one in known.layouts if one.code == code), None)
    taken = {heading_key(choice.heading) for choice in choices}
    groups: dict[str, list[Choice]] = {}
    for choice in choices:
        groups.setdefault(choice.attribute or f"\n{choice.heading}", []).append(choice)
    columns: list[Column] = []
    kept = set(taken)
    for group in groups.values():
        old = [column for column in before.columns if _same(column, group)] if before else []
        spellings = [heading for column in old for heading in column.headings if heading_key(heading) not in kept]
        kept |= set(map(heading_key, spellings))
        columns.append(column_of(group, known, further=spellings))
    for column in before.columns if before else ():
        left = tuple(heading for heading in column.headings if heading_key(heading) not in kept)
        kept |= set(map(heading_key, left))
        if left:
            columns.append(column.model_copy(update={"headings": left}))
    return Layout(code=code, name=name, source=source, columns=tuple(columns), key=key, as_of=as_of)


def _same(column: Column, group: Sequence[Choice]) -> bool:
    """Whether a column of the earlier layout is what these headings are said to be now."""
    if column.attribute:
        return column.attribute == group[0].attribute
    return not group[0].attribute and bool({heading_key(h) for h in column.headings} & {heading_key(c.heading) for c in group})


@dataclass(frozen=True, slots=True)
class Word:
    """A value of the file, how often it stands there, the code it was given by hand (None: none), and what is read without that (None: nothing)."""

    value: str
    count: int
    given: str | None
    read: str | None


def words(seen: Seen, choice: Choice, known: Known, *, today: date) -> list[Word]:
    """The values of a column of codes, those nobody can read first."""
    bare = column_of([choice], known).model_copy(update={"codes": _LISTED if not known.table_of(choice.attribute) else {}})
    read = reader_of(bare, today=today, regions=None)
    given = {_folded(value): code for value, code in choice.codes.items()}
    found = [Word(text, count, given.get(_folded(text)), _read(read, text)) for text, count in seen.values if not says_nothing(text)]
    return sorted(found, key=lambda word: (word.given is not None or word.read is not None, -word.count))


_LISTED: Mapping[str, str] = {"\x1f": ""}
"""Of an attribute without a table: nothing is read unless it is listed."""


def _folded(value: str) -> str:
    return "".join(value.split()).casefold()
