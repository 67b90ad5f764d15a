"""From what registers and earlier answers say to the questions of one form: which answers are known, in plain sections and in rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from linli.foundation.types import Actor
from linli.records.forms.types import Form, Prefilled
from linli.registry.households.queries import member_prefill

Values: TypeAlias = Mapping[str, Prefilled]
"""By source: `person.name`, `member.name`."""
Entries: TypeAlias = Sequence[tuple[int, Values]]
"""Rows of a repeating section, each with the number it keeps."""
HOUSEHOLD = "household.members"
_NUMBERS = 9_900


def known_answers(form: Form, values: Values, rows: Mapping[str, Callable[[], Entries]] | None = None) -> dict[str, Prefilled]:
    """Known answers by path. `rows` go by `repeat.source` and are read only when a section asks for them."""
    found: dict[str, Prefilled] = {}
    for section in form.sections:
        if section.repeat is None:
            found |= {item.key: values[item.source] for item in section.fields if item.source in values}
        elif rows and section.repeat.source in rows:
            for number, entry in rows[section.repeat.source]():
                own = [item for item in section.fields if item.source in entry]
                found |= {f"{section.key}-{number}-{item.key}": entry[item.source] for item in own}
    return found


def household_rows(actor: Actor, person_id: UUID | None) -> dict[str, Callable[[], Entries]]:
    """The rows a person's household fills; none for somebody the register does not know.

    A row's number comes from the person: what was typed beside one member never slips to another when the household changes meanwhile.
    The identity numbers of others stay masked: whoever applies confirms who belongs to the household and need not learn a number.
    """

    if person_id is None:
        return {}

    def read() -> Entries:
        """The members, who applies first."""
        found: dict[int, Values] = {}
        for member_id, entry in member_prefill(actor, person_id).items():
            number = member_id.int % _NUMBERS
            while number in found:
                number += 1
            found[number] = {
                name: Prefilled(one.value, one.label, one.as_of, private=member_id != person_id and name == "member.id_number")
                for name, one in entry.items()
            }
        return list(found.items())

    return {HOUSEHOLD: read}
