"""Two sets of people compared by their identity numbers (domain/community.md §15.6): 256 buckets by the first byte of SHA-256 of the number, then bisection.

Of each person a side keeps 24 bytes: the beginning of the hash of her number and of the hash of what is said of her. Buckets whose count and digest
agree are not looked into; of those that differ, halves are compared until few are left.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

BUCKETS: Final = 256
KEY, SIZE = 16, 24
FEW: Final = 8
"""So many entries are compared one by one instead of halved."""
ALARM_ABOVE: Final = 0.1
"""Per cent; a higher difference rate is an alarm."""
BITS: Final = 8 * KEY


def key_of(number: str) -> bytes:
    """The beginning of SHA-256 of a number; its first byte is the bucket. The last digit may be an X, so the number's own ending is no bucket."""
    return hashlib.sha256(number.encode()).digest()[:KEY]


def entry_of(number: str, said: Iterable[str]) -> bytes:
    """24 bytes for one person."""
    return key_of(number) + hashlib.sha256("\x1f".join(said).encode()).digest()[: SIZE - KEY]


class Side:
    """One database: its people in buckets, and how many of them each community has."""

    def __init__(self) -> None:
        self._buckets: list[bytearray | list[bytes]] = [bytearray() for _ in range(BUCKETS)]
        self.communities: dict[str, int] = {}
        self.count = 0

    def add(self, number: str, said: Iterable[str], community: str = "") -> None:
        entry = entry_of(number, said)
        bucket = self._buckets[entry[0]]
        assert isinstance(bucket, bytearray)  # noqa: S101 - narrows a type: nothing is added after sorting
        bucket += entry
        self.communities[community] = self.communities.get(community, 0) + 1

    def sort(self) -> None:
        """After the last one was added: in each bucket by key; of entries with the same key one counts."""
        for at, packed in enumerate(self._buckets):
            found = {bytes(packed[i : i + KEY]): bytes(packed[i : i + SIZE]) for i in range(0, len(packed), SIZE)}  # type: ignore[arg-type]
            self._buckets[at] = bytearray(b"".join(found[key] for key in sorted(found)))
        self.count = sum(len(bucket) // SIZE for bucket in self._buckets)

    def bucket(self, number: int) -> list[bytes]:
        packed = self._buckets[number]
        return [bytes(packed[i : i + SIZE]) for i in range(0, len(packed), SIZE)]  # type: ignore[arg-type]

    def digest(self, number: int) -> tuple[int, bytes]:
        packed = self._buckets[number]
        return len(packed) // SIZE, hashlib.sha256(bytes(packed)).digest()  # type: ignore[arg-type]


@dataclass(slots=True)
class Difference:
    """Keys that only one side has, and keys of which both say different things; ``looked``: buckets that had to be looked into."""

    ours: set[bytes] = field(default_factory=set)
    theirs: set[bytes] = field(default_factory=set)
    differ: set[bytes] = field(default_factory=set)
    looked: int = 0


def compare(ours: Side, theirs: Side) -> Difference:
    """Both sides sorted."""
    found = Difference()
    for number in range(BUCKETS):
        if ours.digest(number) != theirs.digest(number):
            found.looked += 1
            _bisect(ours.bucket(number), theirs.bucket(number), 8, found)
    return found


def _bisect(mine: list[bytes], others: list[bytes], bit: int, found: Difference) -> None:
    """Halve by the next bit of the hash; both lists are in order."""
    if mine == others:
        return
    if bit >= BITS or len(mine) + len(others) <= FEW:
        _one_by_one(mine, others, found)
        return
    for half in (0, 1):
        _bisect(_half(mine, bit, half), _half(others, bit, half), bit + 1, found)


def _half(entries: list[bytes], bit: int, half: int) -> list[bytes]:
    if not entries:
        return entries
    place, mask = bit // 8, 0x80 >> bit % 8
    first = bisect_left(entries, 1, key=lambda entry: int(bool(entry[place] & mask)))
    return entries[first:] if half else entries[:first]


def _one_by_one(mine: list[bytes], others: list[bytes], found: Difference) -> None:
    here = {entry[:KEY]: entry for entry in mine}
    there = {entry[:KEY]: entry for entry in others}
    found.ours |= here.keys() - there.keys()
    found.theirs |= there.keys() - here.keys()
    found.differ |= {key for key in here.keys() & there.keys() if here[key] != there[key]}


@dataclass(frozen=True, slots=True)
class Tally:
    """How two databases agree. ``common``: in both; ``differ``: of these, those of whom they say different things."""

    ours: int
    theirs: int
    common: int
    differ: int = 0

    @property
    def only_ours(self) -> int:
        return self.ours - self.common

    @property
    def only_theirs(self) -> int:
        return self.theirs - self.common

    @property
    def union(self) -> int:
        return self.ours + self.theirs - self.common

    @property
    def agreement(self) -> float:
        """Per cent: intersection by union; two empty databases agree."""
        return 100 * self.common / self.union if self.union else 100.0

    @property
    def difference_rate(self) -> float:
        """Per cent of all people of either side who are missing on the other, or of whom they say different things."""
        return 100 * (self.only_ours + self.only_theirs + self.differ) / self.union if self.union else 0.0

    @property
    def alarm(self) -> bool:
        return self.difference_rate > ALARM_ABOVE
