"""How the model of the packs is made: five offices write down a synthetic population, each with its own mistakes."""

from __future__ import annotations

from linli.registry.matching.engine.errors import Rates
from linli.registry.matching.engine.features import features
from linli.registry.matching.engine.model import Model
from linli.registry.matching.engine.sample import Land, offices, residents
from linli.registry.matching.engine.training import train
from linli.registry.matching.types import Rules

OFFICES = (
    (0.95, Rates(homophone=0.006, look_alike=0.004, no_number=0.005, no_phone=0.5, moved=0.25, number_digit=0.001, no_birth=0.005)),
    (0.55, Rates(homophone=0.03, look_alike=0.012, no_number=0.12, old_number=0.06)),
    (0.3, Rates(homophone=0.02, no_number=0.06, no_address=0.2)),
    (0.5, Rates(homophone=0.015, no_number=0.04, no_address=0.5, moved=0.3)),
    (0.7, Rates(homophone=0.05, look_alike=0.02, no_number=0.35, no_birth=0.1, birth_lunar=0.03, no_phone=0.12, moved=0.06)),
)
"""Police, family planning, civil affairs, social security, the community's own list: (share of the people known, mistakes)."""
CITY = 1_200_000
"""People of the register the file's prior stands for; who knows better says so with `Model.for_size`."""
RULES = Rules(auto=5.0, review=1.0)
"""In bits: 97 % and 67 % that it is one person."""


def trained(land: Land, *, seed: int, people: int, u_pairs: float = 4e6) -> Model:
    """Without ever looking at whose records they are. ``u_pairs``: pairs taken blindly."""
    truth = offices(land, seed, list(residents(land, seed, people)), OFFICES)
    made = {
        "by": "./linli registry train",
        "from": "synthetic population, five offices (registry/matching/engine/recipe.py)",
        "seed": seed,
        "people": people,
        "as_of": land.as_of.isoformat(),
    }
    return train(map(features, truth.records), rules=RULES, made=made, u_pairs=u_pairs).for_size(CITY)
