"""From pairs to people: the surest pairs first, and never two different valid ID numbers in one person, however many pairs lead there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from linli.registry.matching.types import Band, Objection, Pair

APART = frozenset({Objection.TWO_NUMBERS, Objection.SHARED_NUMBER})
"""What keeps two records in two clusters also where a third would bring them together."""


@dataclass(frozen=True)
class Clusters:
    """``of`` gives every linked record the key of its person (the least of the cluster's keys); ``review`` is what a person must decide."""

    of: Mapping[str, str]
    review: tuple[Pair, ...]

    def person(self, key: str) -> str:
        return self.of.get(key, key)


class _Forest:
    """Union by size with halved paths; knows the ID number a tree has, and the records that are somebody else for sure."""

    def __init__(self, numbers: Mapping[str, str], strangers: Iterable[Pair]) -> None:
        self._above: dict[str, str] = {}
        self._size: dict[str, int] = {}
        self._numbers = numbers
        self._number: dict[str, str] = {}
        self._strangers: dict[str, set[str]] = {}
        for pair in strangers:
            self._strangers.setdefault(pair.left, set()).add(pair.right)
            self._strangers.setdefault(pair.right, set()).add(pair.left)

    def root(self, key: str) -> str:
        above = self._above
        while (up := above.get(key, key)) != key:
            above[key] = key = above.get(up, up)
        return key

    def number(self, root: str) -> str:
        return self._number.get(root) or self._numbers.get(root, "")

    def apart(self, one: str, other: str) -> Objection:
        """Why two trees stay two: different numbers, or records in them of which it was said that they are not silently one."""
        a, b = self.number(one), self.number(other)
        if a and b and a != b:
            return Objection.TWO_NUMBERS
        strangers = any(self.root(key) == other for key in self._strangers.get(one, ()))
        return Objection.SHARED_NUMBER if strangers else Objection.NONE

    def join(self, one: str, other: str) -> None:
        number = self.number(one) or self.number(other)
        if self._size.get(one, 1) < self._size.get(other, 1):
            one, other = other, one
        self._above[other] = one
        self._above.setdefault(one, one)
        if other in self._strangers:
            self._strangers.setdefault(one, set()).update(self._strangers.pop(other))
        self._size[one] = self._size.get(one, 1) + self._size.get(other, 1)
        if number:
            self._number[one] = number

    def members(self) -> Iterable[str]:
        return self._above


def cluster(pairs: Iterable[Pair], valid_numbers: Mapping[str, str]) -> Clusters:
    """``valid_numbers``: record key -> ID number, where it is a valid one.

    An AUTO pair that would bring two numbers together becomes one to review; a REVIEW pair between records that other pairs have
    linked already, or that now stand for two people with a number each, needs no review.
    """
    ordered = sorted(pairs, key=lambda pair: (-pair.weight, pair.left, pair.right))
    forest = _Forest(valid_numbers, (pair for pair in ordered if pair.objection in APART))
    refused: list[Pair] = []
    for pair in ordered:
        if pair.band is not Band.AUTO:
            continue
        one, other = forest.root(pair.left), forest.root(pair.right)
        if one == other:
            continue
        if against := forest.apart(one, other):
            refused.append(pair._replace(band=Band.REVIEW, objection=against))
        else:
            forest.join(one, other)
    review = (pair for pair in ordered if pair.band is Band.REVIEW and _open(forest, pair))
    return Clusters(_named(forest), tuple(_once(forest, [*refused, *review])))


def _open(forest: _Forest, pair: Pair) -> bool:
    one, other = forest.root(pair.left), forest.root(pair.right)
    return one != other and (pair.objection in APART or not forest.apart(one, other))


def _once(forest: _Forest, review: Iterable[Pair]) -> Iterator[Pair]:
    """The heaviest pair of each two clusters: it is one decision."""
    seen: set[tuple[str, ...]] = set()
    for pair in review:
        between = tuple(sorted((forest.root(pair.left), forest.root(pair.right))))
        if between not in seen:
            seen.add(between)
            yield pair


def _named(forest: _Forest) -> dict[str, str]:
    least: dict[str, str] = {}
    for key in forest.members():
        root = forest.root(key)
        least[root] = min(key, least.get(root, root))
    return {key: least[forest.root(key)] for key in forest.members()}
