"""Identity numbers, phones and cards that pass every check and belong to nobody."""

from __future__ import annotations

from random import Random

from linli.lib import luhn
from linli.lib.idcard import check_digit
from linli.registry.people.engine.dice import dice

PREFIX = "360599"
"""The unassigned county of our synthetic people."""
SLOTS = 500
"""Serial numbers a day and sex has (odd ones are men's)."""
PHONES = ("154", "160", "161", "163", "164")
"""Mobile ranges no operator hands out."""
CARD = "629999"
"""A card prefix no bank has."""


def deal_slots(seed: int, weights: dict[str, float]) -> dict[str, list[list[int]]]:
    """Share the serial numbers among communities in proportion to their weight: community -> for each phase of days, its slots.

    Each (day, slot) belongs to one community, so that worker processes never give a number twice without talking to each other. Days take
    turns (their ordinal modulo the number of phases); a small community has slots on some days only.
    """
    phases = max(4, -(-2 * len(weights) // SLOTS))
    tickets = phases * SLOTS
    spare = tickets - len(weights)
    total = sum(weights.values())
    owners = [code for code, weight in weights.items() for _ in range(1 + int(spare * weight / total))]
    dice("slots", seed).shuffle(owners)
    dealt: dict[str, list[list[int]]] = {code: [[] for _ in range(phases)] for code in weights}
    for ticket, code in enumerate(owners):
        dealt[code][ticket % phases].append(ticket // phases)
    return dealt


class Serials:
    """The numbers one community may give."""

    def __init__(self, slots: list[list[int]]) -> None:
        self._slots = slots
        self._used: dict[int, int] = {}

    def take(self, day: int, sex: str, last: int) -> tuple[int, int]:
        """(ordinal day of birth, serial) near the wished ``day``, never after ``last``: the day gives way when it has no free serial."""
        phases = len(self._slots)
        step = 1
        while True:
            if day <= last:
                slots = self._slots[day % phases]
                key = day * 2 + (sex == "1")
                used = self._used.get(key, 0)
                if used < len(slots):
                    self._used[key] = used + 1
                    return day, slots[used] * 2 + (1 if sex == "1" else 0)
            day += step
            step = -step - 1 if step > 0 else -step + 1


def id_number(born: str, serial: int) -> str:
    """From ``born`` (YYYYMMDD) and a serial below 1000."""
    body = f"{PREFIX}{born}{serial:03d}"
    return body + check_digit(body)


def mobile(rng: Random) -> str:
    number = int(rng.random() * 500_000_000)
    return PHONES[number // 100_000_000] + f"{number % 100_000_000:08d}"


def bank_card(rng: Random) -> str:
    """19 digits with a Luhn digit."""
    body = CARD + f"{int(rng.random() * 10**12):012d}"
    return body + luhn.check_digit(body)
