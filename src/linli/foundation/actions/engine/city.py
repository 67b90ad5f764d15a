"""The synthetic city: builders that `manage.py city` runs in order, and exports its checksum is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from linli.lib.registry import Registry


@dataclass
class CityContext:
    """What one build is asked for. Equal ``people, cases, seed, as_of`` give an equal logical city whatever the ``workers``.

    ``as_of`` is the day the city is seen from. Builders leave what later ones need in ``notes`` and say how far they are through ``say``.
    """

    people: int
    cases: int
    seed: int
    as_of: date
    workers: int = 2
    say: Callable[[str], None] = lambda text: None
    notes: dict[str, Any] = field(default_factory=dict)


def figures_file(state: Path, database: str) -> Path:
    """Where a build leaves how long it took: JSON of people and cases written, and seconds by builder."""
    return state / "figures" / f"city-{database}.json"


Builder = Callable[[CityContext], None]
Export = Callable[[], Iterator[str]]

# order and builder: regions' outlines 10, people 20, staff 30, residents' accounts 40, cases 50
CITY_BUILDERS: Registry[tuple[int, Builder]] = Registry("city builder")

# lines of decrypted logical values (no keys, no ciphertext, no times of writing); sorted and hashed by `city --checksum`
CITY_EXPORTS: Registry[Export] = Registry("city export")


def builders_in_order() -> list[tuple[str, Builder]]:
    return [(name, builder) for name, (_, builder) in sorted(CITY_BUILDERS.items(), key=lambda item: item[1][0])]
