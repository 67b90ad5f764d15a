"""What the packs say about matching: the model this city links with, and what a synthetic population is drawn from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from linli.lib.divisions import CommunityKind, community_kind
from linli.lib.errors import Invalid
from linli.registry.households.actions.city import population_data
from linli.registry.matching.engine.model import Model
from linli.registry.matching.engine.sample import CommunityNames, Land

FILE = "matching.json"
URBAN = (CommunityKind.RESIDENTS, CommunityKind.SIMILAR_RESIDENTS)


@cache
def current_model() -> Model:
    """Of the last pack that brings one, so that a city may train its own; read once a process. `Invalid` MODEL_MISSING."""
    for pack in reversed(settings.PACKS):
        path = Path(settings.PACKS_DIR) / pack / FILE
        if path.is_file():
            return Model.from_json(path.read_text(encoding="utf-8"))
    raise Invalid(
        "MODEL_MISSING",
        "No pack says how records are matched.",
        hint="Train a model: ./linli registry train --out packs/national/matching.json",
    )


def land(as_of: date) -> Land:
    """Names, places and communities of the packs. `Invalid` when a pack for a synthetic city is missing."""
    names, places = population_data()
    return Land(names, places, tuple(_communities()), as_of)


def _communities() -> Iterator[tuple[str, bool, CommunityNames]]:
    for pack in settings.PACKS:
        path = Path(settings.PACKS_DIR) / pack / "regions.csv"
        if not path.is_file():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = {row["code"]: row for row in csv.DictReader(file)}
        for code, row in rows.items():
            if row["level"] == "community":
                chain = [row["name"]]
                while (row := rows.get(row["parent_code"], {})) and len(chain) < 4:
                    chain.insert(0, row["name"])
                yield code, community_kind(code) in URBAN, (chain[0], chain[1], chain[2], chain[3])
