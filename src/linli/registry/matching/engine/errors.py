"""How an office's statement about a person goes wrong: the error model of training and of the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from linli.lib.idcard import check_digit, to_15
from linli.lib.likeness import look_alikes, readings
from linli.lib.names import split_surname
from linli.registry.matching.types import Record
from linli.registry.people.engine import numbers

LUNAR = range(18, 60)
"""Days by which a date of the lunar calendar lies before the same day of the solar one."""


@dataclass(frozen=True)
class Rates:
    """Shares of records, each mistake by itself."""

    homophone: float = 0.03
    look_alike: float = 0.012
    other_character: float = 0.002
    reordered: float = 0.002
    shortened: float = 0.002
    no_birth: float = 0.04
    birth_digit: float = 0.008
    birth_transposed: float = 0.004
    birth_lunar: float = 0.01
    no_number: float = 0.15
    old_number: float = 0.03
    number_digit: float = 0.008
    number_swap: float = 0.004
    no_phone: float = 0.25
    other_phone: float = 0.2
    no_address: float = 0.08
    moved: float = 0.15
    variant_address: float = 0.4
    no_sex: float = 0.03
    wrong_sex: float = 0.002


class Clerk:
    """Writes records down with mistakes. ``characters`` are those of names here, ``addresses`` where people move to,
    ``variants`` words of an address and how they get written, ``drop`` the beginnings that get left out.
    """

    def __init__(
        self,
        rng: Random,
        rates: Rates,
        *,
        characters: Iterable[str],
        addresses: Sequence[str],
        variants: Sequence[Mapping[str, str]] = (),
        drop: Sequence[str] = (),
    ) -> None:
        self._rng, self._rates = rng, rates
        self._addresses, self._variants, self._drop = addresses, variants, drop
        self._by_sound: dict[str, list[str]] = {}
        self._characters = sorted(set(characters))
        for char in self._characters:
            self._by_sound.setdefault(readings(char)[0], []).append(char)

    def write(self, person: Record, key: str) -> Record:
        return replace(
            person,
            key=key,
            name=self._name(person.name),
            sex=self._sex(person.sex),
            birth_date=self._birth(person.birth_date),
            id_number=self._number(person.id_number),
            phone=self._phone(person.phone),
            address=self._address(person.address),
        )

    def _happens(self, share: float) -> bool:
        return self._rng.random() < share

    def _name(self, name: str) -> str:
        rates, (surname, given) = self._rates, split_surname(name)
        if self._happens(rates.homophone):
            name = self._changed(name, [self._by_sound.get(readings(char)[0], []) for char in name])
        if self._happens(rates.look_alike):
            name = self._changed(name, [look_alikes(char) for char in name])
        if self._happens(rates.other_character):
            name = self._changed(name, [self._characters if place >= len(surname) else "" for place in range(len(name))])
        if self._happens(rates.reordered):
            return given + surname
        if self._happens(rates.shortened) and len(given) > 1:
            return surname + self._rng.choice(given)
        return name

    def _changed(self, name: str, choices: Sequence[Sequence[str]]) -> str:
        """One character put in the place of another, where there is one to put."""
        places = [place for place, others in enumerate(choices) if set(others) - {name[place]}]
        if not places:
            return name
        place = self._rng.choice(places)
        other = self._rng.choice([char for char in choices[place] if char != name[place]])
        return name[:place] + other + name[place + 1 :]

    def _sex(self, sex: str) -> str:
        if self._happens(self._rates.no_sex):
            return ""
        return {"1": "2", "2": "1"}.get(sex, sex) if self._happens(self._rates.wrong_sex) else sex

    def _birth(self, birth: date | None) -> date | None:
        rates = self._rates
        if birth is None or self._happens(rates.no_birth):
            return None
        if self._happens(rates.birth_lunar):
            return birth - timedelta(days=self._rng.choice(LUNAR))
        if self._happens(rates.birth_transposed) and birth.day <= 12:
            return birth.replace(month=birth.day, day=birth.month)
        if self._happens(rates.birth_digit):
            return self._one_digit(birth)
        return birth

    def _one_digit(self, birth: date) -> date:
        text = birth.strftime("%Y%m%d")
        for _ in range(20):
            place = self._rng.randrange(2, 8)
            typed = text[:place] + str(self._rng.randrange(10)) + text[place + 1 :]
            try:
                return date(int(typed[:4]), int(typed[4:6]), int(typed[6:]))
            except ValueError:
                continue
        return birth

    def _number(self, number: str) -> str:
        rates = self._rates
        if not number or self._happens(rates.no_number):
            return ""
        if self._happens(rates.old_number) and (old := to_15(number)):
            return old
        if self._happens(rates.number_digit):
            place = self._rng.randrange(6, 17)
            return number[:place] + str((int(number[place]) + self._rng.randrange(1, 10)) % 10) + number[place + 1 :]
        if self._happens(rates.number_swap):
            place = self._rng.randrange(6, 16)
            return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        return number

    def _phone(self, phone: str) -> str:
        if not phone or self._happens(self._rates.no_phone):
            return ""
        return numbers.mobile(self._rng) if self._happens(self._rates.other_phone) else phone

    def _address(self, address: str) -> str:
        rates = self._rates
        if not address or self._happens(rates.no_address):
            return ""
        if self._happens(rates.moved) and self._addresses:
            address = self._rng.choice(self._addresses)
        if self._happens(rates.variant_address):
            for beginning in self._drop:
                address = address.removeprefix(beginning)
            if self._variants:
                for standard, typed in self._rng.choice(self._variants).items():
                    address = address.replace(standard, typed)
        return address


def twin_of(rng: Random, person: Record, key: str, characters: Sequence[str], taken: set[str]) -> Record | None:
    """A twin at the same address: another given character, the next free ID number; None when there is nothing to tell them by."""
    if not person.id_number or len(person.name) < 2:
        return None
    sex = person.sex if rng.random() < 0.6 else "2" if person.sex == "1" else "1"
    body = person.id_number[:14]
    for serial in range(int(person.id_number[14:17]) + 1, 1000):
        number = f"{body}{serial:03d}"
        number += check_digit(number)
        if number not in taken and serial % 2 == (sex == "1"):
            taken.add(number)
            return replace(person, key=key, name=person.name[:-1] + rng.choice(characters), sex=sex, id_number=number)
    return None
