"""Units by rule: one of a kind for each street, community or village (packs: units.yaml), and the posts units get (posts.yaml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from linli.lib.divisions import significant


@dataclass(frozen=True)
class UnitRow:
    """One unit of a pack; ``where`` is file line or rule, for errors."""

    code: str
    name: str
    short: str
    level: str
    line: str
    region_code: str
    parent_code: str
    where: int = 0


@dataclass(frozen=True)
class Place:
    """What a rule needs to know of a region."""

    code: str
    name: str
    level: str
    kind: str


@dataclass(frozen=True)
class PostRule:
    """Posts with one role in every unit that matches: of a level, and of the named codes or lines when given."""

    role: str
    titles: tuple[str, ...]
    level: str = ""
    units: frozenset[str] = frozenset()
    lines: frozenset[str] = field(default_factory=frozenset)
    everything: bool = False

    def matches(self, code: str, level: str, line: str) -> bool:
        return (not self.level or level == self.level) and (not self.units or code in self.units) and (not self.lines or line in self.lines)


def units_by_rule(generators: list[Mapping[str, Any]], places: list[Place]) -> Iterator[UnitRow]:
    """Every rule over every place it is for."""
    for number, rule in enumerate(generators, start=1):
        wanted = rule["for"]
        for place in places:
            if place.level != wanted["level"] or ("kind" in wanted and place.kind not in wanted["kind"]):
                continue
            names = {
                "code12": place.code,
                "code": significant(place.code),
                "name": place.name,
                "county": place.code[:6],
                "street": place.code[:9],
            }
            texts = {key: str(rule.get(key, "")).format(**names) for key in ("code", "name", "short", "line", "parent")}
            yield UnitRow(texts["code"], texts["name"], texts["short"], rule["level"], texts["line"], place.code, texts["parent"], number)


def post_rules(declared: list[Mapping[str, Any]]) -> list[PostRule]:
    """KeyError or TypeError when a rule lacks role or titles."""
    return [
        PostRule(
            rule["role"],
            tuple(rule["titles"]),
            rule.get("level", ""),
            frozenset(rule.get("units", ())),
            frozenset(rule.get("lines", ())),
            bool(rule.get("everything", False)),
        )
        for rule in declared
    ]
