"""The people of a synthetic city: homes, people, households, memberships and ties to homes, made by worker processes (`loading`, `crew`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.foundation.actions.engine import CityContext, read_yaml
from linli.foundation.regions.actions import draw_city
from linli.foundation.regions.engine import shape_of
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import names_above
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring
from linli.foundation.types import system_actor
from linli.lib.divisions import CommunityKind, community_kind
from linli.lib.errors import Conflict, Invalid
from linli.registry.households.actions.crew import crew
from linli.registry.households.actions.loading import city_load, lines
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.people.engine.numbers import deal_slots
from linli.registry.people.engine.plan import batches, grids_of, people_of, weights
from linli.registry.people.engine.population import Community, Place, World
from linli.registry.people.engine.rows import TABLES, Writer
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises

BATCH = 10_000
"""People a run; small enough that both workers finish together."""
URBAN = (CommunityKind.RESIDENTS, CommunityKind.SIMILAR_RESIDENTS)


def population_part(name: str) -> dict[str, Any] | None:
    """`population/NAME.yaml` of the last pack that has one: how something of a synthetic city is made."""
    found = None
    for pack in settings.PACKS:
        path = Path(settings.PACKS_DIR) / pack / "population" / f"{name}.yaml"
        found = read_yaml(path) if path.exists() else found
    return found


def population_data() -> tuple[dict[str, Any], dict[str, Any]]:
    """(names, places) of the packs; `Invalid` when no pack has them."""
    names, places = population_part("names"), population_part("places")
    if names is None or places is None:
        raise Invalid(
            "POPULATION_MISSING",
            "No pack says how names and places of a synthetic city are made.",
            hint="Add population/names.yaml and places.yaml.",
        )
    return names, places


def build_people(city: CityContext) -> None:
    """Draw the outlines and fill every community. `Conflict` when the city has people: it is built once."""
    names, places = population_data()
    with scoped(system_actor("city.people")):
        if Person.objects.exists():
            raise Conflict("CITY_BUILT", "This city has people already.", hint="Start from an empty database.")
    plan = _plan(city, places)
    world = World(city.seed, city.as_of, names, places)
    runs = [[plan[i] for i in run] for run in batches([place.people for place in plan], BATCH)]
    done = 0

    def make(run: list[Place]) -> tuple[int, dict[str, bytes]]:
        batch = Writer(keyring()).batch([Community(world, place) for place in run])
        return batch.people, {table: lines(rows) for table, rows in batch.lines.items()}

    with crew(runs, make, city.workers) as made, city_load(system_actor("city.people"), TABLES) as load:
        for count, texts in made:
            load.take(texts)
            done += count
            city.say(f"{done:,} of {city.people:,} people")
    city.notes["people"] = done


def _plan(city: CityContext, places: dict[str, Any]) -> list[Place]:
    communities = list(Region.objects.filter(level="community", valid_to=None).order_by("path"))
    if not communities:
        raise Invalid("REGIONS_MISSING", "There are no communities.", hint="Load the packs first.")
    urban = {c.code: community_kind(c.code) in URBAN for c in communities}
    weight = weights(city.seed, urban)
    people = people_of(city.people, weight)
    draw_city(system_actor("city.draw"), grids=grids_of(people), grid_name=places["grid_name"], seed=city.seed)
    grids: dict[Any, list[tuple[str, str]]] = {}
    outlines: dict[Any, list[bytes]] = {}
    drawn = Region.objects.filter(level="grid", valid_to=None).order_by("path")
    for pk, path, parent, outline in drawn.values_list("id", "path", "parent_id", "outline"):
        grids.setdefault(parent, []).append((pk.hex, path))
        outlines.setdefault(parent, []).append(shape_of(outline).wkb if outline else b"")
    slots = deal_slots(city.seed, weight)
    first = next((c.code for c in communities if urban[c.code]), communities[0].code)
    plan = []
    for number, c in enumerate(communities):
        above = names_above(c.path)
        home = (above[0], above[1], above[2], above[3])
        plan.append(
            Place(
                number,
                c.id.hex,
                c.code,
                home,
                urban[c.code],
                people[c.code],
                tuple(grids.get(c.id, [(c.id.hex, c.path)])),
                slots[c.code],
                c.code == first,
                tuple(outlines.get(c.id, [])),
            )
        )
    return plan


def export_people() -> Iterator[str]:
    """Decrypted logical values of people, homes, households, memberships and ties; neither keys nor ciphertext."""
    person = (
        "name",
        "pinyin",
        "initials",
        "sex",
        "birth_date",
        "id_type",
        "id_number",
        "phone",
        "bank_account",
        "bank_name",
        "ethnicity",
        "marital",
        "education",
        "politics",
        "region__code",
        "hukou_region__code",
        "premises__addr_code",
        "live_address",
        "hukou_address",
        "residence_status",
        "employment",
        "disability",
        "assistance",
        "lives_here_since",
        "died_on",
    )
    yield from _lines("person", Person.objects.values_list(*person))
    yield from _lines(
        "premises", Premises.objects.values_list("addr_code", "region__code", "address", "estate", "building", "unit", "room", "status")
    )
    yield from _lines("household", Household.objects.values_list("number", "region__code", "premises__addr_code", "kind"))
    yield from _lines("membership", Membership.objects.values_list("household__number", "person__id_number", "relation", "since", "until"))
    yield from _lines("occupancy", Occupancy.objects.values_list("premises__addr_code", "person__id_number", "role", "since", "until"))


def export_positions() -> Iterator[str]:
    """Where homes stand; a part of its own, because earlier versions did not sum it up."""
    yield from _lines("position", Premises.objects.values_list("addr_code", "longitude", "latitude"))


def _lines(kind: str, rows: Any) -> Iterator[str]:
    for row in rows.iterator(chunk_size=5000):
        yield kind + "\t" + "\t".join("" if value is None else str(value) for value in row)
